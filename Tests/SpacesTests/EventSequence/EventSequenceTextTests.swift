import Foundation
import Records
import Spaces
import Testing

@Suite struct EventSequenceTextTests {
  static let example = "stem:k5+dropout/time:on/encoder:att4+gru,conv/decoder:self2+cross8/head:max+spatial"

  @Test func readsTheExample() throws {
    let architecture = try Architecture(canonicalText: Self.example)
    #expect(architecture.stem == .init(kernel: .five, dropout: true))
    #expect(architecture.timeEncoding)
    #expect(architecture.encoder.map(\.operations) == [.attentionGRU, .convolution])
    #expect(architecture.encoder.map(\.attentionHeads) == [4, nil])
    #expect(architecture.decoder.map(\.selfHeads) == [2])
    #expect(architecture.decoder.map(\.crossHeads) == [8])
    #expect(architecture.head == .init(spatialDropout: true, pooling: .maximum))
    #expect(architecture.canonicalText == Self.example)
    #expect("\(architecture)" == Self.example)
    #expect(try Architecture(canonicalText: "\t \(Self.example.uppercased()) \r\n") == architecture)
  }

  @Test func travelsInJSONAsItsText() throws {
    let architecture = try Architecture(canonicalText: Self.example)
    let bytes = try CanonicalJSON.encode([architecture])
    #expect(String(decoding: bytes, as: UTF8.self) == "[\"\(Self.example)\"]")
    #expect(try CanonicalJSON.decode([Architecture].self, from: bytes) == [architecture])
    #expect(throws: SpacesError.self) { try JSONDecoder().decode(Architecture.self, from: Data("\"off\"".utf8)) }
  }

  struct Misspelling: Sendable, CustomTestStringConvertible {
    let text: String, section: String, column: Int, found: String, allowed: String, suggestion: String?
    var testDescription: String { text }
    init(_ text: String, _ section: String, _ column: Int, _ found: String, _ allowed: String, _ suggestion: String?) {
      self.text = text
      self.section = section
      self.column = column
      self.found = found
      self.allowed = allowed
      self.suggestion = suggestion
    }
  }

  @Test(arguments: [
    Misspelling("", "stem", 1, "", "stem:", nil),
    Misspelling("stem:k1", "time", 8, "", "/time:", nil),
    Misspelling("  stem:k1/tiem:on", "time", 11, "tiem:on", "time:", "time:"),
    Misspelling("stem", "stem", 1, "stem", "stem:", "stem:"),
    Misspelling("stem:k7/time:on", "stem", 6, "k7", "kwide+dropout", nil),
    Misspelling("stem:dropout+k5/time:on", "stem", 6, "dropout+k5", "k5+dropout", "k5+dropout"),
    Misspelling("stem:k1/time:onn", "time", 14, "onn", "off", "on"),
    Misspelling("stem:k1/time:on/encoder:gru+att4", "encoder layer 1", 25, "gru+att4", "off", "att4+gru"),
    Misspelling("stem:k1/time:on/encoder:gru,att/decoder:off", "encoder layer 2", 29, "att", "att8", nil),
    Misspelling("stem:k1/time:on/encoder:gru,off/decoder:off", "encoder layer 2", 29, "off", "gru", nil),
    Misspelling("stem:k1/time:on/encoder:gru,gru,gru/decoder:off", "encoder", 25, "3 layers", "4 layers", nil),
    Misspelling("stem:k1/time:on/encoder:/decoder:off", "encoder layer 1", 25, "", "off", nil),
    Misspelling("stem:k1/time:on/encoder:off/decoder:self1/head", "decoder layer 1", 37, "self1", "self1+cross1", nil),
    Misspelling(
      "stem:k1/time:on/encoder:off/decoder:cross2+self1/head", "decoder layer 1", 37, "cross2+self1", "off",
      "self1+cross2"),
    Misspelling("stem:k1/time:on/encoder:off/decoder:off/head:maxx", "head", 46, "maxx", "mixed+spatial", "max"),
    Misspelling("stem:k1/time:on/encoder:off/decoder:off/head:max/x:y", "end", 49, "/x:y", "nothing", nil),
    Misspelling("stem:k1 /time:on", "stem", 6, "k1 ", "k1", "k1"),
    // The sign of degrees Kelvin, which Unicode lowers to k.
    Misspelling("stem:\u{212A}1/time:on", "architecture", 6, "\u{212A}1/time:on", "digits", nil),
  ])
  func namesSectionColumnAndWhatIsAllowed(_ misspelling: Misspelling) throws {
    let error = try #require(throws: SpacesError.self) { try Architecture(canonicalText: misspelling.text) }
    guard case .text(let section, let column, let found, let allowed, let suggestion) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(section == misspelling.section)
    #expect(column == misspelling.column)
    #expect(found == misspelling.found)
    #expect(allowed.contains(misspelling.allowed), "\(allowed)")
    #expect(suggestion == misspelling.suggestion)
  }

  @Test func refusesLongTexts() throws {
    #expect(throws: SpacesError.textLength(found: 257, maximum: 256)) {
      try Architecture(canonicalText: String(repeating: " ", count: 257))
    }
    let layer = "att1+gru+conv"
    let longest =
      "stem:kwide+dropout/time:off/encoder:\(layer),\(layer),\(layer),\(layer)"
      + "/decoder:self1+cross1,self1+cross1/head:mixed+spatial"
    #expect(longest.utf8.count == 144)
    #expect(try Architecture(canonicalText: longest).canonicalText == longest)
  }

  /// Whatever bytes come, the parser answers: any single byte put anywhere gives an error or the spelling itself.
  @Test func damagedTextsAreRefusedOrCanonical() {
    let bytes = Array(Self.example.utf8)
    for position in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var damaged = bytes
        damaged[position] = byte
        let text = String(decoding: damaged, as: UTF8.self)
        if let architecture = try? Architecture(canonicalText: text) {
          #expect(architecture.canonicalText == text.lowercased())
        }
      }
    }
  }

  @Test func messagesAreComplete() throws {
    let error = try #require(throws: SpacesError.self) {
      try Architecture(canonicalText: "stem:k1/time:onn/encoder:off/decoder:off/head:avg")
    }
    #expect(error.code == "spaces.text")
    #expect(
      error.description == """
        time, column 14: found "onn"; allowed: off, on
          next: did you mean on?
        """)
  }
}
