import Spaces
import Testing

@Suite struct LivePathTests {
  static let space = NASBench201Space()

  @Test func pathsOfACell() throws {
    // 0→1 skip, 0→2 1×1, 1→2 3×3, 0→3 none, 1→3 pool, 2→3 skip.
    let cell = try Self.space.parse("digits:123041")
    #expect(
      Self.space.livePaths(of: cell) == [
        LivePath(operations: [4], skips: 1), LivePath(operations: [2], skips: 1), LivePath(operations: [3], skips: 2),
      ])
    #expect(Self.space.liveOperations(of: cell) == [1, 2, 3, 4, 1])
  }

  @Test func summaryOfACell() throws {
    typealias Feature = LivePathSummary.Feature
    let names = ["nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
    let features: [Feature] = [
      .paths, .longest, .shortest, .maximum(names[0]), .sum(names[0]), .maximum(names[1]), .sum(names[1]),
      .maximum(names[2]), .minimum(names[2]), .sum(names[2]), .maximumConvolutions, .minimumConvolutions, .barePath,
      .dead, .live("skip_connect"), .live(names[0]), .live(names[1]), .live(names[2]),
    ]
    #expect(features.count == 18)
    #expect(Self.space.livePathSummaryFeatures == features)
    func summary(_ digits: String) throws -> [Double] {
      Self.space.livePathSummary(of: try Self.space.parse("digits:\(digits)"))
    }
    // Paths 4, 2·3·3 and 2·3; 0→2 is none, 0→3 a pool.
    #expect(
      try summary("203433") == [3, 3, 1, 1, 2, 2, 3, 1, 0, 1, 3, 0, 0, 0, 0, 1, 3, 1])
    // Only 0→3 is live, and it computes nothing.
    #expect(try summary("444100") == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0])
    // Nothing is live.
    #expect(try summary("444000") == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  }

  /// The figures of the probe: 40 sequences occur, 4,120 multisets.
  @Test func everyCell() {
    let sequences = Self.space.livePathSequences(longestPath: 3)
    #expect(sequences.count == 40)
    #expect(Self.space.livePathCountLength(longestPath: 3) == 40)
    var met = [Bool](repeating: false, count: 40)
    var multisets: Set<[Double]> = []
    for cell in Self.space.allArchitectures {
      let counts = Self.space.livePathCounts(of: cell, longestPath: 3)
      let named = Dictionary(zip(sequences, counts).filter { $1 > 0 }, uniquingKeysWith: +)
      let expected = Dictionary(Self.space.livePaths(of: cell).map { ($0.operations, 1.0) }, uniquingKeysWith: +)
      guard named == expected else {
        Issue.record("the counts of \(cell) are not its paths")
        return
      }
      for (slot, count) in counts.enumerated() where count > 0 { met[slot] = true }
      multisets.insert(counts)
      let representative = Self.space.isomorphismClass(of: cell)
      guard representative == cell || counts == Self.space.livePathCounts(of: representative, longestPath: 3) else {
        Issue.record("\(cell) has other paths than its class")
        return
      }
    }
    #expect(met.allSatisfy { $0 })
    #expect(multisets.count == 4_120)
  }

  /// Other roles call for other numbers: no none, so nothing can be dead; no convolution, so none together.
  @Test func summariesFollowTheRoles() {
    let summary = LivePathSummary(operations: [
      CellOperation(name: "gcn", role: .other), CellOperation(name: "skip", role: .skip),
    ])
    #expect(
      summary.features == [
        .paths, .longest, .shortest, .maximum("gcn"), .minimum("gcn"), .sum("gcn"), .barePath, .live("gcn"),
        .live("skip"),
      ])
    let paths = [LivePath(operations: [0, 0], skips: 1), LivePath(operations: [0], skips: 0)]
    #expect(summary.values(paths: paths, liveOperations: [0, 0, 0, 1]) == [2, 2, 1, 2, 1, 3, 0, 3, 1])
  }
}
