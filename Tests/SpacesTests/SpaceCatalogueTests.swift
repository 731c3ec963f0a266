import Foundation
import Records
import Spaces
import TestSupport
import Testing

@Suite struct SpaceCatalogueTests {
  static let grid = """
    {"name": "fcnet", "kind": "grid", "title": "FCNet", "citation": "…", "parameters": [
      {"name": "lr", "kind": "ordinal", "values": [0.0005, 0.001]},
      {"name": "act", "kind": "categorical", "values": ["tanh", "relu"]}]}
    """
  static let opaque = #"{"name": "nas-bench-nlp", "kind": "opaque", "title": "NAS-Bench-NLP"}"#

  static func definition(_ json: String) throws -> SpaceDefinition {
    try CanonicalJSON.decode(SpaceDefinition.self, from: Data(json.utf8))
  }

  @Test func builtInSpacesWorkByText() throws {
    let catalogue = SpaceCatalogue()
    #expect(Set(catalogue.names).isSuperset(of: ["nasbench101", "nas-bench-graph", "seqnas"]))
    #expect(catalogue.names == catalogue.names.sorted())
    for name in catalogue.names {
      let space = try catalogue.space(name)
      #expect(space.name == name)
      #expect(["cell", "grid", "opaque", "sequence", "size"].contains(space.kind))
      var generator = SeededGenerator(seed: 5)
      let first = try space.sample(using: &generator)
      let second = try space.sample(using: &generator)
      #expect(first != second)
      #expect(try space.canonicalText(of: " \(first.uppercased()) ") == first)
      let mutant = try space.mutate(first, using: &generator)
      #expect(try space.neighbors(of: first).contains(mutant))
      #expect(try space.crossOver(first, first, using: &generator) == first)
      let child = try space.crossOver(first, second, using: &generator)
      #expect(try space.canonicalText(of: child) == child)
      #expect(!space.encodings.isEmpty)
      for encoding in space.encodings { #expect(try !space.encode(first, as: encoding).isEmpty) }
      if space.kind == "cell" {
        #expect(["live-path-counts", "live-path-summary"].allSatisfy(space.encodings.contains))
      }
      for (name, value) in try space.identifiers(of: first) { #expect(!name.isEmpty && !value.isEmpty) }
      let error = #expect(throws: SpacesError.self) { try space.encode(first, as: "no such") }
      #expect(error?.code == "spaces.unknown_encoding")
      #expect(throws: SpacesError.self) { try space.canonicalText(of: "no architecture") }
    }
  }

  @Test func definedSpaces() throws {
    var catalogue = SpaceCatalogue()
    try catalogue.define(Self.definition(Self.grid))
    try catalogue.define(Self.definition(Self.grid))
    try catalogue.define(Self.definition(Self.opaque))
    let grid = try catalogue.space("fcnet")
    #expect(grid.kind == "grid" && grid.architectureCount == 4 && grid.encodings == ["one-hot", "scaled", "ordinal"])
    #expect(try grid.neighbors(of: "act=tanh,lr=0.001") == ["lr=0.0005,act=tanh", "lr=0.001,act=relu"])
    #expect(try grid.encode("lr=0.001,act=tanh", as: "scaled") == [1, 1, 0])
    #expect(try catalogue.space("nas-bench-nlp").kind == "opaque")
    #expect(catalogue.names.contains("nas-bench-nlp"))
  }

  @Test func conflictsAndUnknownNames() throws {
    var catalogue = SpaceCatalogue()
    try catalogue.define(Self.definition(Self.grid))
    for json in [
      Self.grid.replacingOccurrences(of: "0.001", with: "0.002"), #"{"name": "fcnet", "kind": "opaque"}"#,
      #"{"name": "seqnas", "kind": "opaque"}"#,
    ] {
      let error = #expect(throws: SpacesError.self) { try catalogue.define(Self.definition(json)) }
      #expect(error?.code == "spaces.definition_conflict")
    }
    let error = #expect(throws: SpacesError.self) { try catalogue.space("fcnett") }
    #expect(error?.code == "spaces.unknown_space")
    #expect(error?.message.contains("fcnet, nas-bench-graph, nasbench101") == true)
  }

  @Test(arguments: [grid, opaque])
  func definitionsAreReadBack(json: String) throws {
    let definition = try Self.definition(json)
    let bytes = try CanonicalJSON.encode(definition)
    #expect(try CanonicalJSON.decode(SpaceDefinition.self, from: bytes) == definition)
    #expect(
      try CanonicalJSON.decode(JSONValue.self, from: bytes)
        == CanonicalJSON.decode(JSONValue.self, from: Data(json.utf8)))
  }

  @Test(arguments: [
    #"{"name": "x", "kind": "cell"}"#, #"{"name": "x", "kind": "opaque", "parameters": []}"#,
  ])
  func definitionsOfOtherKinds(json: String) {
    let error = #expect(throws: SpacesError.self) { try Self.definition(json) }
    #expect(error?.code == "spaces.definition")
  }

  @Test func hashesAreReadWhereThereIsATable() throws {
    let cell = try NASBench101Cell(text: "v3:1.2/2:maxpool")
    let table = NASBench101HashTable(maximumVertices: 3)
    let space = try SpaceCatalogue(nasBench101Hashes: table).space("nasbench101")
    #expect(try space.canonicalText(of: "hash:\(cell.graphHash)") == "v3:1.2/2:maxpool")
    let identifiers = try space.identifiers(of: "v3:1.2/2:maxpool")
    #expect(identifiers.map(\.name) == ["hash", "matrix", "operations"])
    #expect(identifiers.map(\.value) == [cell.graphHash, "011001000", "input,maxpool3x3,output"])
    #expect(try space.canonicalText(of: "matrix:011001000:input,maxpool3x3,output") == "v3:1.2/2:maxpool")
    let error = #expect(throws: SpacesError.self) {
      try SpaceCatalogue().space("nasbench101").canonicalText(of: "hash:\(cell.graphHash)")
    }
    #expect(error?.code == "spaces.hash_needs_table")
  }

  @Test func bothFormsOfSeqNAS() throws {
    let space = try SpaceCatalogue().space("seqnas")
    #expect(space.architectureCount == 3_853_617_768)
    var generator = SeededGenerator(seed: 9)
    var samples: [String] = []
    for hasNumericFeatures in [true, false] {
      let form = EventSequenceSpace(hasNumericFeatures: hasNumericFeatures)
      let architecture = form.sample(using: &generator)
      let text = architecture.canonicalText
      samples.append(text)
      let digits = architecture.architectureVector.map { "\($0)" }.joined()
      #expect(try space.canonicalText(of: " \(digits)\n") == text)
      #expect(try space.canonicalText(of: text.uppercased()) == text)
      #expect(try space.identifiers(of: text).map(\.value) == [digits])
      #expect(try space.encode(text, as: "avec").count == form.encodingLength)
      #expect(try space.neighbors(of: text).allSatisfy { $0.hasPrefix("stem:none") != hasNumericFeatures })
      #expect(throws: SpacesError.self) { try space.canonicalText(of: String(digits.dropLast())) }
      #expect(throws: SpacesError.self) { try space.canonicalText(of: digits + "0 1") }
    }
    let error = #expect(throws: EventSequenceError.self) {
      try space.crossOver(samples[0], samples[1], using: &generator)
    }
    #expect(error?.code == "spaces.numeric_features")
  }

  @Test func seqNASFitsTheData() throws {
    for hasNumericFeatures in [true, false] {
      let space = EventSequenceByText(hasNumericFeatures: hasNumericFeatures)
      let typed = EventSequenceSpace(hasNumericFeatures: hasNumericFeatures)
      #expect(space.architectureCount == typed.architectureCount && space.choices == typed.choices)
      let kernel = try #require(space.choices).choices.first { $0.name == "stem_kernel" }
      #expect(kernel?.values.map(\.plainText) == (hasNumericFeatures ? ["k1", "k3", "k5", "kwide"] : nil))
      var generator = SeededGenerator(seed: 4)
      let samples = try (0..<100).map { _ in try space.sample(using: &generator) }
      #expect(samples.allSatisfy { $0.hasPrefix("stem:none") != hasNumericFeatures })
      #expect(configurationViolations(space, samples: samples, draws: 100, seed: 4) == [])
      let other = EventSequenceSpace(hasNumericFeatures: !hasNumericFeatures).sample(using: &generator)
      let error = #expect(throws: EventSequenceError.self) { try space.canonicalText(of: other.canonicalText) }
      #expect(error?.code == "spaces.numeric_features")
    }
    #expect(EventSequenceByText().choices?.choices[0].values.first == .string("none"))
  }
}
