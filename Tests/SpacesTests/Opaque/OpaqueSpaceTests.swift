import Records
import Spaces
import Testing

@Suite struct OpaqueSpaceTests {
  static func space() throws -> OpaqueSpace { try OpaqueSpace(OpaqueDefinition(name: "nas-bench-nlp")) }

  @Test(arguments: [
    (#"{"b": [1, 2.5, null], "a": {"z": true, "y": "é/"}}"#, #"{"a":{"y":"é/","z":true},"b":[1,2.5,null]}"#),
    (#" {"a":1.0e0} "#, #"{"a":1}"#), (#""word""#, #""word""#), ("[]", "[]"), ("\n3\t", "3"),
  ])
  func textsAreCanonical(form: String, text: String) throws {
    #expect(try Self.space().canonicalText(of: form) == text)
    #expect(try Self.space().canonicalText(of: text) == text)
  }

  @Test func textsThatAreNotJSON() throws {
    let space = try Self.space()
    let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    #expect(try space.canonicalText(of: String(deep.dropFirst().dropLast())) == String(deep.dropFirst().dropLast()))
    for (text, code) in [
      ("", "spaces.text"), ("{", "spaces.text"), ("{\"a\":}", "spaces.text"), ("tanh", "spaces.text"),
      ("[1]]", "spaces.text"), (deep, "spaces.text"), ("\"[[", "spaces.text"),
      (String(repeating: " ", count: 1 << 20) + "1", "spaces.text_length"),
    ] {
      let error = #expect(throws: SpacesError.self) { try space.canonicalText(of: text) }
      #expect(error?.code == code, "\(text.prefix(20))")
    }
    // Brackets within strings are no depth.
    let word = "\"\\\"" + String(repeating: "[", count: 100) + "\""
    #expect(try space.canonicalText(of: word) == word)
  }

  @Test func thereAreNoRules() throws {
    let space = try Self.space()
    var generator = SeededGenerator(seed: 1)
    #expect(space.architectureCount == nil && space.encodings.isEmpty && space.kind == "opaque")
    #expect(try space.identifiers(of: "{}").isEmpty)
    let errors = [
      #expect(throws: SpacesError.self) { try space.neighbors(of: "{}") },
      #expect(throws: SpacesError.self) { try space.sample(using: &generator) },
      #expect(throws: SpacesError.self) { try space.mutate("{}", using: &generator) },
      #expect(throws: SpacesError.self) { try space.crossOver("{}", "[]", using: &generator) },
      #expect(throws: SpacesError.self) { try space.encode("{}", as: "one-hot") },
    ]
    for error in errors { #expect(error?.code == "spaces.no_rules") }
    #expect(throws: SpacesError.self) { try OpaqueSpace(OpaqueDefinition(name: "A")) }
  }
}
