// MARK: Encodings as NASLib makes them

extension NASBench201Space {
  /// The path encoding of NASLib: 155 slots of its operation indexes, the first operation the least significant digit.
  ///
  /// It takes the places of edges in its list (by source) for those in the published text (by target), so its "path"
  /// 0→3 is edge 1→2 and the edge 0→3 enters a longer one: kept, because its published predictors were fitted on it.
  /// ``FourNodeSpace/pathEncoding(of:)`` has the paths that exist.
  public func naslibPathEncoding(of architecture: Architecture) -> [UInt8] {
    let operations = naslibOperations(of: architecture)
    return pathSlots(FourNodeGraph.paths.map { path in path.map { operations[$0] } })
  }

  /// The sequence of SemiNAS (Luo et al., NeurIPS 2020) as NASLib makes it: 35 tokens below 9, 0 being left for the start.
  ///
  /// Nodes are the input, the six edges by source, and the output. For each but the input: 1 or 2 for every earlier node,
  /// 2 where it leads here; then the operation, 3...7 by NASLib's index, 8 for the output.
  public func sequenceEncoding(of architecture: Architecture) -> [UInt8] {
    var tokens: [UInt8] = []
    tokens.reserveCapacity(35)
    let operations = naslibOperations(of: architecture).map { UInt8($0 + 3) } + [8]
    for (column, operation) in zip(1..., operations) {
      tokens += (0..<column).map { Self.successors[$0].contains(column) ? 2 : 1 }
      tokens.append(operation)
    }
    return tokens
  }

  /// By node (input, edges by source), the nodes that it leads to; 7 is the output.
  private static let successors: [Set<Int>] = [[1, 2, 3], [4, 5], [6], [7], [6], [7], [7]]
}
