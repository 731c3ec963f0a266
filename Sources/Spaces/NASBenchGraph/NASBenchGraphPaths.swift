/// The ways from the input of a NAS-Bench-Graph cell to its leaves, and what encodings count along them.
struct NASBenchGraphPaths {
  /// From the input to each leaf, skips included.
  let paths: [[NASBenchGraphOperation]]
  /// The same without skips.
  let computing: [[NASBenchGraphOperation]]

  init(_ cell: NASBenchGraphCell) {
    let link = cell.link
    let operations = cell.operations
    paths = (1...4).filter { !link.contains($0) }.map { leaf in
      var way: [NASBenchGraphOperation] = []
      var node = leaf
      while node > 0 {
        way.append(operations[node - 1])
        node = link[node - 1]
      }
      return way.reversed()
    }
    computing = paths.map { $0.filter { $0 != .skip } }
  }

  /// The largest, the smallest and the mean number on a path of operations that `isCounted`.
  func counts(
    _ isCounted: (NASBenchGraphOperation) -> Bool
  ) -> (largest: Double, smallest: Double, mean: Double, deviation: Double) {
    let counts = paths.map { path in Double(path.count(where: isCounted)) }
    let mean = counts.reduce(0, +) / Double(counts.count)
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(counts.count)
    return (counts.max() ?? 0, counts.min() ?? 0, mean, variance.squareRoot())
  }

  /// The largest number of operations that sum over neighbors in a row on a path; fully connected layers between them do
  /// not end the row.
  var longestSummingRun: Int {
    computing.map { path in
      var (longest, run) = (0, 0)
      for operation in path where operation != .fc {
        run = operation.sums ? run + 1 : 0
        longest = max(longest, run)
      }
      return longest
    }.max() ?? 0
  }
}

extension NASBenchGraphOperation {
  /// Passes messages along edges.
  var passesMessages: Bool { self != .fc && self != .skip }
  /// Adds up messages without dividing by their number: the scale grows with the degree.
  var sums: Bool { self == .gin || self == .graph }
  /// Has weights of its own for the vertex itself.
  var hasRootWeights: Bool { [.arma, .cheb, .gin, .graph, .sage].contains(self) }
}
