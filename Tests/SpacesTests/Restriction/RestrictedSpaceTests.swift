import Records
import Spaces
import TestSupport
import Testing

@Suite struct RestrictedSpaceTests {
  private static let seqnas = EventSequenceByText(hasNumericFeatures: true)

  @Test(arguments: [
    (["gru"], 174_335_616), (["conv"], 174_335_616), (["attention"], 2_463_552), ([], 3_425_438_016),
    (["decoder"], 12_547_392), (["encoder_depth"], 26_208), (["encoder_4_operations"], 9_985_248),
    (["stem_dropout=on", "gru", "conv"], 3_629_808),
  ])
  func exactCountsOfSeqNAS(_ words: [String], _ count: Int) throws {
    let space = try RestrictedSpace(Self.seqnas, SpaceRestriction(without: words))
    #expect(space.architectureCount == UInt64(count))
    var generator = SeededGenerator(seed: 2)
    let samples = try (0..<100).map { _ in try space.sample(using: &generator) }
    #expect(configurationViolations(space, samples: samples, draws: 100, seed: 2) == [])
    for (first, second) in zip(samples, samples.dropFirst()).prefix(20) {
      let mutant = try space.mutate(first, using: &generator)
      #expect(try space.contains(mutant) && mutant != first)
      #expect(try space.contains(space.crossOver(first, second, using: &generator)))
    }
    for centre in samples.prefix(2) {
      let neighbors = try space.neighbors(of: centre)
      #expect(!neighbors.isEmpty && Set(neighbors).count == neighbors.count && !neighbors.contains(centre))
      for neighbor in neighbors.prefix(10) { #expect(try space.neighbors(of: neighbor).contains(centre)) }
    }
  }

  /// Closing an operation leaves no architecture that has it, and every other one.
  @Test func membersOfSeqNAS() throws {
    let space = try RestrictedSpace(Self.seqnas, SpaceRestriction(without: ["gru"]))
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<300 {
      let text = try Self.seqnas.sample(using: &generator)
      #expect(try space.contains(text) == !text.contains("gru"))
    }
    let text = "stem:k1/time:on/encoder:att2,gru/decoder:off/head:avg"
    #expect(throws: SpacesError.self) { try space.canonicalText(of: "encoder") }
    let other = "stem:k1/time:on/encoder:gru/decoder:off/head:avg"
    #expect(try spaceRefusal { _ = try space.canonicalText(of: text) } != nil)
    let error = #expect(throws: RestrictionError.self) { try space.mutate(other, using: &generator) }
    #expect(error?.code == "spaces.closed")
    #expect(
      error?.message
        == "\"\(other)\" is outside the restricted space seqnas: encoder_1_operations is \"gru\"; "
        + "allowed: att, conv, att+conv")
  }

  private static func grid() throws -> any TextualSpace {
    try SpaceDefinition.grid(
      GridDefinition(
        name: "small",
        parameters: [
          .init(name: "depth", kind: .ordinal, values: [1, 2, 3, 4, 5].map { .integer($0) }),
          .init(name: "width", kind: .ordinal, values: [8, 16, 32].map { .integer($0) }),
          .init(name: "act", kind: .categorical, values: ["tanh", "relu", "gelu"].map { .string($0) }),
        ])
    ).makeSpace()
  }

  /// Every architecture of a small space.
  private static func everything(_ space: any TextualSpace) throws -> [String] {
    let choices = try #require(space.choices)
    var configurations = [Configuration()]
    for choice in choices.choices {
      configurations = configurations.flatMap { partial in
        choice.values.map { value in
          var longer = partial
          longer[choice.name] = value
          return longer
        }
      }
    }
    return try configurations.map { try space.canonicalText(of: $0) }
  }

  /// Counts, members, neighbors, mutants and children are those of brute force.
  @Test(arguments: [
    (["depth=2", "depth=4"], 27), (["act"], 0), (["width=16", "act=relu", "depth=1"], 16), (["depth=3"], 36),
    (["depth=1", "depth=2", "depth=3", "depth=4", "width=8", "width=16", "act=tanh"], 2),
  ])
  func gridsAsByBruteForce(_ words: [String], _ count: Int) throws {
    let base = try Self.grid()
    let restriction = SpaceRestriction(without: words)
    guard count > 0 else {
      #expect(throws: RestrictionError.nothingLeft(space: "small", words: words)) {
        try RestrictedSpace(base, restriction)
      }
      return
    }
    let space = try RestrictedSpace(base, restriction)
    #expect(space.architectureCount == UInt64(count))
    let all = try Self.everything(base)
    let members = try all.filter { text in
      try words.allSatisfy { word in
        let parts = word.split(separator: "=")
        return try base.configuration(of: text)[String(parts[0])]?.plainText != String(parts[1])
      }
    }
    let inside = try all.filter { try space.contains($0) }
    #expect(members.count == count && inside == members)
    var generator = SeededGenerator(seed: 1)
    var drawn: Set<String> = []
    for _ in 0..<1_000 { drawn.insert(try space.sample(using: &generator)) }
    #expect(drawn == Set(members))
    // The whole restricted space is connected, over closed values too.
    var reached: Set<String> = [members[0]]
    var border = reached
    while !border.isEmpty {
      var next: Set<String> = []
      for text in border {
        let neighbors = try space.neighbors(of: text)
        #expect(Set(neighbors).count == neighbors.count && !neighbors.contains(text))
        for neighbor in neighbors {
          #expect(try space.neighbors(of: neighbor).contains(text))
          if reached.insert(neighbor).inserted { next.insert(neighbor) }
        }
      }
      border = next
    }
    #expect(reached == Set(members))
    for text in members {
      #expect(try space.neighbors(of: text).contains(space.mutate(text, using: &generator)))
      let child = try space.crossOver(text, generator.pick(members), using: &generator)
      #expect(members.contains(child))
    }
  }

  @Test func cellsAndSizesAsByBruteForce() throws {
    let cells = NASBench201Space()
    let open = cells.allArchitectures.filter { cell in !cell.operations.contains { $0.name == "none" } }
    let space = try RestrictedSpace(cells.byText, SpaceRestriction(without: ["none"]))
    #expect(space.architectureCount == UInt64(open.count) && open.count == 4_096)
    for (place, cell) in cells.allArchitectures.enumerated() where place % 17 == 0 {
      #expect(try space.contains(cells.canonicalText(cell)) == !cell.operations.contains { $0.name == "none" })
    }
    let edge = try RestrictedSpace(
      cells.byText, SpaceRestriction(without: ["edge_0_1=none", "edge_0_1=skip_connect", "nor_conv_1x1"]))
    #expect(edge.architectureCount == 2 * 1_024)

    let sizes = NATSSizeSpace()
    let narrow = try RestrictedSpace(sizes.byText, SpaceRestriction(without: ["channels_1=8", "channels_5=64"]))
    let count = sizes.allArchitectures.count { $0.channels[0] != 8 && $0.channels[4] != 64 }
    #expect(narrow.architectureCount == UInt64(count))
  }

  @Test func whatCannotBeRestricted() throws {
    let unknown = #expect(throws: RestrictionError.self) {
      try RestrictedSpace(Self.seqnas, SpaceRestriction(without: ["atention"]))
    }
    #expect(unknown?.code == "spaces.unknown_closable" && unknown?.remedy == "did you mean attention?")
    #expect(
      unknown?.message.contains("allowed: attention, conv, gru, stem_kernel, stem_dropout, time_encoding") == true)
    #expect(throws: RestrictionError.nothingLeft(space: "seqnas", words: ["pooling"])) {
      try RestrictedSpace(Self.seqnas, SpaceRestriction(without: ["pooling"]))
    }
    for space in [NASBench101Space().byText as any TextualSpace, NASBenchGraphSpace().byText] {
      #expect(throws: RestrictionError.notCountable(space: space.name)) {
        try RestrictedSpace(space, SpaceRestriction(without: ["op_node_1"]))
      }
    }
    let opaque = try SpaceCatalogueTests.definition(SpaceCatalogueTests.opaque).makeSpace()
    #expect(throws: ConfigurationError.noChoices(space: opaque.name)) {
      try RestrictedSpace(opaque, SpaceRestriction(without: ["a"]))
    }
  }

  /// An architecture whose neighbors are all closed has any other as its mutant.
  @Test func mutantsWithoutNeighbors() throws {
    let heads = (1...4).flatMap { layer in [2, 4, 8].map { "encoder_\(layer)_heads=\($0)" } }
    let words = [
      "gru", "conv", "decoder", "stem_kernel=k3", "stem_kernel=k5", "stem_kernel=kwide", "stem_dropout",
      "time_encoding", "spatial_dropout", "pooling=max", "pooling=mixed", "encoder_depth=1", "encoder_depth=2",
    ]
    let space = try RestrictedSpace(Self.seqnas, SpaceRestriction(without: words + heads))
    #expect(space.architectureCount == 2)
    let texts = ["off", "att1,att1,att1,att1"].map { "stem:k1/time:off/encoder:\($0)/decoder:off/head:avg" }
    var generator = SeededGenerator(seed: 1)
    #expect(try space.neighbors(of: texts[0]).isEmpty)
    #expect(try space.mutate(texts[0], using: &generator) == texts[1])
    #expect(try space.crossOver(texts[0], texts[1], using: &generator).hasPrefix("stem:k1"))
  }
}
