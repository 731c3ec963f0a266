// MARK: Encodings beside the one-hot adjacency

extension FourNodeSpace {
  /// The six operations as their raw values, in the order of the edges.
  public func categoricalEncoding(of architecture: Architecture) -> [UInt8] {
    architecture.digits.map(UInt8.init)
  }

  /// Which paths there are (White et al., BANANAS, AAAI 2021): 5 + 25 + 125 slots, 1 where some way from input to output
  /// holds that sequence of operations, none and skip included.
  ///
  /// Sequences stand by length, then as numbers of base 5 whose first digit is the first operation.
  public func pathEncoding(of architecture: Architecture) -> [UInt8] {
    pathSlots(FourNodeGraph.paths.map { path in path.map { architecture.digits[$0] }.reversed() })
  }

  /// Operations on the longest way: 0→1→2→3.
  public static var longestPath: Int { 3 }

  /// The 40 numbers of ``livePathCounts(of:longestPath:)`` for ways of up to three operations.
  public func livePathCounts(of architecture: Architecture) -> [Double] {
    livePathCounts(of: architecture, longestPath: Self.longestPath)
  }
}

/// The slots of `paths` of one to three digits, each with its least significant digit first.
func pathSlots(_ paths: [[Int]]) -> [UInt8] {
  let base = FourNodeGraph.operationCount
  var slots = [UInt8](repeating: 0, count: base + base * base + base * base * base)
  for path in paths {
    // 5 + 25 + … of the shorter ones, plus the number: each is the one before times 5, plus 5 or a digit.
    var offset = 0
    for _ in path.dropFirst() { offset = offset * base + base }
    slots[offset + path.reversed().reduce(0) { $0 * base + $1 }] = 1
  }
  return slots
}
