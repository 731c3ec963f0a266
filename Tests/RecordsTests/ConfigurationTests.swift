import Foundation
import Records
import Testing

@Suite struct ConfigurationTests {
  @Test func isAPlainJSONObject() throws {
    let configuration: Configuration = [
      "width": .integer(8), "rate": .number(0.5), "activation": .string("relu"), "bias": .bool(true),
    ]
    let text = #"{"activation":"relu","bias":true,"rate":0.5,"width":8}"#
    #expect(try CanonicalJSON.text(configuration) == text)
    #expect(try CanonicalJSON.decode(Configuration.self, from: Data(text.utf8)) == configuration)
    #expect(throws: DecodingError.self) { try CanonicalJSON.decode(Configuration.self, from: Data("[1]".utf8)) }
    #expect(configuration.description == "activation=relu, bias=true, rate=0.5, width=8")
    #expect(configuration.names == ["activation", "bias", "rate", "width"])
  }

  @Test func valuesCanBeChanged() {
    var configuration = Configuration()
    configuration["width"] = .integer(8)
    #expect(configuration["width"] == .integer(8) && configuration["height"] == nil)
    configuration["width"] = nil
    #expect(configuration == [:])
  }
}
