import Foundation
import Records
import Spaces
import Testing

/// The rules of spaces that Python has a second time: `tools/python/tests/golden/rules.json` has what both say.
///
/// With `NASATLAS_WRITE_GOLDEN=1` the test writes the file anew from the inputs that it has; the tests in Python then
/// tell whether their rules follow.
@Suite struct PythonRulesTests {
  @Test func theRulesSayWhatTheFileSays() throws {
    let golden = try JSONDecoder().decode([PythonRules].self, from: try Data(contentsOf: PythonRules.file))
    #expect(golden.count == 12)
    let found = try golden.map { try $0.made() }
    if ProcessInfo.processInfo.environment["NASATLAS_WRITE_GOLDEN"] == "1" {
      try PythonRules.text(of: found).write(to: PythonRules.file, atomically: true, encoding: .utf8)
    } else {
      for (one, other) in zip(golden, found) {
        #expect(one.summary == other.summary)
        for (architecture, made) in zip(one.architectures, other.architectures) {
          #expect(architecture == made, "\(one.name): \(architecture.of)")
        }
      }
    }
  }
}

/// A space of the file: inputs, and what the rules make of them.
struct PythonRules: Codable, Hashable {
  struct Architecture: Codable, Hashable {
    /// Inputs: an architecture, and another parent.
    var of: String
    var with: String
    var isomorphismClass: String?
    var identifiers: [String: String]?
    /// The canonical one, and the canonical text that it gives.
    var configuration: Configuration?
    var configured: String?
    /// The number of neighbors, and the SHA-256 of their texts in order, one a line.
    var neighbors: Int?
    var neighborsDigest: String?
    /// By seed, 1, 2, ….
    var mutants: [String]?
    var children: [String]?
    /// By encoding.
    var encoded: [String: Encoded]?
  }

  /// Numbers of which most may be 0.
  struct Encoded: Codable, Hashable {
    var length: Int
    /// The places of the others, and these; null for NaN.
    var at: [Int]
    var values: [Double?]

    init(_ numbers: [Double]) {
      length = numbers.count
      at = numbers.indices.filter { numbers[$0] != 0 }
      values = at.map { numbers[$0].isNaN ? nil : numbers[$0] }
    }
  }

  /// A named choice; `parentValues` are those of `parent` with which it is active.
  struct Choice: Codable, Hashable {
    var name: String
    var values: [JSONValue]
    var isOrdered: Bool
    /// Minimum and maximum of a choice without values.
    var range: [Double]?
    var parent: String?
    var parentValues: [JSONValue]?
  }

  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "tools/python/tests/golden/rules.json")
  private static let seeds: ClosedRange<UInt64> = 1...6

  var name: String
  /// The card of a grid.
  var card: SpaceDefinition?
  /// What is closed.
  var without: [String]?
  var kind: String?
  var size: UInt64?
  var publishedIndex: String?
  var encodings: [String]?
  /// Drawn with the seed 7.
  var draws: [String]?
  var choices: [Choice]?
  var architectures: [Architecture]

  /// All but the architectures.
  var summary: Self {
    var copy = self
    copy.architectures = []
    return copy
  }

  /// The same inputs with what the rules say of them.
  func made() throws -> Self {
    let base = try card?.makeSpace() ?? SpaceCatalogue().space(name)
    let space = try without.map { try RestrictedSpace(base, SpaceRestriction(without: $0)) } ?? base
    var copy = self
    copy.kind = space.kind
    copy.size = space.architectureCount
    copy.publishedIndex = space.publishedIndex
    copy.encodings = space.encodings
    var generator = SeededGenerator(seed: 7).stream("sample")
    copy.draws = try (0..<6).map { _ in try space.sample(using: &generator) }
    copy.choices = space.choices?.choices.map {
      Choice(
        name: $0.name, values: $0.values, isOrdered: $0.isOrdered, range: $0.range.map { [$0.minimum, $0.maximum] },
        parent: $0.condition?.choice,
        parentValues: $0.condition?.values)
    }
    copy.architectures = try architectures.map { try Self.made($0, space) }
    return copy
  }

  private static func made(_ input: Architecture, _ space: any TextualSpace) throws -> Architecture {
    var made = Architecture(of: input.of, with: input.with)
    made.isomorphismClass = try space.isomorphismClass(of: input.of)
    made.identifiers = Dictionary(
      uniqueKeysWithValues: try space.identifiers(of: input.of).map { ($0.name, $0.value) })
    let configuration = try space.configuration(of: input.of)
    made.configuration = configuration
    made.configured = try space.canonicalText(of: configuration)
    let neighbors = try space.neighbors(of: input.of)
    made.neighbors = neighbors.count
    made.neighborsDigest = Digest256(of: neighbors.joined(separator: "\n")).hex
    made.mutants = try seeds.map { seed in
      var generator = SeededGenerator(seed: seed).stream("mutate")
      return try space.mutate(input.of, using: &generator)
    }
    made.children = try seeds.map { seed in
      var generator = SeededGenerator(seed: seed).stream("cross-over")
      return try space.crossOver(input.of, input.with, using: &generator)
    }
    made.encoded = Dictionary(
      uniqueKeysWithValues: try space.encodings.map { ($0, Encoded(try space.encode(input.of, as: $0))) })
    return made
  }

  /// JSON with a line per space and per architecture.
  static func text(of spaces: [Self]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    let blocks = try spaces.map { space in
      let lines = try space.architectures.map { "  " + (try json($0)) }
      return try json(space.summary).replacing(
        "\"architectures\":[]", with: "\"architectures\":[\n" + lines.joined(separator: ",\n") + "\n ]")
    }
    return "[\n " + blocks.joined(separator: ",\n ") + "\n]\n"
  }
}
