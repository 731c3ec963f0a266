/// Live-path encodings of cells: which computation survives between a cell's input and its output.
///
/// A live path has no `none`; skips add nothing to it; what remains is its sequence of computing operations. Cells with
/// the same multiset of sequences compute nearly the same.
extension CellSpace {
  /// How often each sequence of computing operations is a live path of `architecture`: Σ rˡ numbers for r computing
  /// operations and l in 0...`longestPath`.
  ///
  /// Sequences stand by length, then as numbers of base r whose first digit is the first operation. `longestPath` must
  /// be at least the number of computing operations on any path of the space.
  public func livePathCounts(of architecture: Architecture, longestPath: Int) -> [Double] {
    let digits = computingDigits
    let radix = computingOperations.count
    var counts = [Double](repeating: 0, count: livePathCountLength(longestPath: longestPath))
    for path in livePaths(of: architecture) {
      precondition(path.operations.count <= longestPath, "a live path is longer than the longest of the space")
      // 1 + r + r² + … of the shorter ones, plus the number: each is the one before times r, plus 1 or a digit.
      var offset = 0
      var number = 0
      for operation in path.operations {
        offset = offset * radix + 1
        number = number * radix + digits[operation]
      }
      counts[offset + number] += 1
    }
    return counts
  }

  /// Numbers of ``livePathCounts(of:longestPath:)``.
  public func livePathCountLength(longestPath: Int) -> Int {
    (0..<longestPath).reduce(1) { sum, _ in sum * computingOperations.count + 1 }
  }

  /// The sequences that ``livePathCounts(of:longestPath:)`` counts, as indexes into ``CellSpace/operations``.
  public func livePathSequences(longestPath: Int) -> [[Int]] {
    var all: [[Int]] = [[]]
    var last = all
    for _ in 0..<longestPath {
      last = last.flatMap { sequence in computingOperations.map { sequence + [$0] } }
      all += last
    }
    return all
  }

  /// Indexes of the operations that compute something: neither none nor skip.
  var computingOperations: [Int] {
    operations.indices.filter { operations[$0].role != .none && operations[$0].role != .skip }
  }

  /// By operation, its place among the computing ones; -1 for the others.
  private var computingDigits: [Int] {
    var digits = [Int](repeating: -1, count: operations.count)
    for (digit, operation) in computingOperations.enumerated() { digits[operation] = digit }
    return digits
  }
}
