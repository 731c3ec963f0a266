// MARK: Encodings of trees

extension NASBenchGraphSpace {
  private static let traits: [(name: String, has: @Sendable (NASBenchGraphOperation) -> Bool)] = [
    ("messages", { $0.passesMessages }), ("sums", { $0.sums }), ("root-weights", { $0.hasRootWeights }),
    ("fully-connected", { $0 == .fc }), ("skips", { $0 == .skip }),
  ]
  private static let computing = NASBenchGraphOperation.allCases.filter { $0 != .skip }

  // MARK: Path features

  /// What the numbers of ``pathFeatures(of:)`` are: `count:gat`, `leaves`, `longest`, `maximum:gat`, …
  public var pathFeatureNames: [String] {
    let names = NASBenchGraphOperation.allCases.map(\.publishedName)
    return names.map { "count:\($0)" }
      + ["leaves", "longest", "shortest", "longest-without-fc", "shortest-without-fc"]
      + ["maximum", "minimum", "first", "last"].flatMap { kind in names.map { "\(kind):\($0)" } }
  }

  /// 50 numbers: how often each operation stands in the cell; leaves; the lengths of the longest and the shortest path
  /// without skips, and without skips and fully connected layers; for each operation its largest and its smallest count on
  /// a path, whether it comes first on a path, and whether it comes last.
  public func pathFeatures(of architecture: NASBenchGraphCell) -> [Double] {
    let paths = NASBenchGraphPaths(architecture)
    let all = NASBenchGraphOperation.allCases
    let lengths = paths.counts { $0 != .skip }
    let withoutFC = paths.counts(\.passesMessages)
    let own = architecture.operations
    var values = all.map { operation in Double(own.count { $0 == operation }) }
    values += [
      Double(paths.paths.count), lengths.largest, lengths.smallest, withoutFC.largest, withoutFC.smallest,
    ]
    values += all.map { operation in paths.counts { $0 == operation }.largest }
    values += all.map { operation in paths.counts { $0 == operation }.smallest }
    values += all.map { operation in paths.paths.contains { $0.first == operation } ? 1 : 0 }
    values += all.map { operation in paths.paths.contains { $0.last == operation } ? 1 : 0 }
    return values
  }

  /// 90 numbers: how often each operation stands below each other one (`gat` below `gat`, `gcn` below `gat`, …), then
  /// below the input.
  public func pairCounts(of architecture: NASBenchGraphCell) -> [Double] {
    let operations = architecture.operations
    var counts = [Double](repeating: 0, count: 90)
    for (parent, operation) in zip(architecture.link, operations) {
      counts[(parent == 0 ? 9 : operations[parent - 1].rawValue) * 9 + operation.rawValue] += 1
    }
    return counts
  }

  // MARK: Path traits

  /// What the numbers of ``pathTraits(of:)`` are.
  public var pathTraitNames: [String] {
    let traits = Self.traits.map(\.name)
    let names = Self.computing.map(\.publishedName)
    return ["maximum", "minimum", "mean", "count"].flatMap { kind in traits.map { "\(kind):\($0)" } }
      + ["leaves", "bare-share", "longest-summing-run", "distinct", "messages-deviation"]
      + ["mean", "first-share", "last-share"].flatMap { kind in names.map { "\(kind):\($0)" } }
  }

  /// 49 numbers. For five traits of operations (passes messages, sums messages, has weights for the vertex itself, is fully
  /// connected, is a skip): the largest, the smallest and the mean number of such on a path, and that in the cell. Leaves;
  /// the share of paths of skips alone; the longest run of summing operations; how many paths differ without skips; the
  /// standard deviation of message-passing operations over paths. For each operation but skip: its mean count on a path,
  /// and the shares of paths that begin and that end with it, skips aside.
  public func pathTraits(of architecture: NASBenchGraphCell) -> [Double] {
    let paths = NASBenchGraphPaths(architecture)
    let leaves = Double(paths.paths.count)
    let traits = Self.traits.map { paths.counts($0.has) }
    var values = traits.map(\.largest) + traits.map(\.smallest) + traits.map(\.mean)
    values += Self.traits.map { Double(architecture.operations.count(where: $0.has)) }
    values += [
      leaves, Double(paths.computing.count(where: \.isEmpty)) / leaves, Double(paths.longestSummingRun),
      Double(Set(paths.computing).count), traits[0].deviation,
    ]
    values += Self.computing.map { operation in paths.counts { $0 == operation }.mean }
    values += Self.computing.map { operation in Double(paths.computing.count { $0.first == operation }) / leaves }
    values += Self.computing.map { operation in Double(paths.computing.count { $0.last == operation }) / leaves }
    return values
  }

  // MARK: Sequence

  /// Eight tokens below 14, 0 being left for the start: node by node 1 + its link, then 5 + its operation.
  public func sequenceEncoding(of architecture: NASBenchGraphCell) -> [UInt8] {
    zip(architecture.link, architecture.operations).flatMap { [UInt8(1 + $0), UInt8(5 + $1.rawValue)] }
  }
}
