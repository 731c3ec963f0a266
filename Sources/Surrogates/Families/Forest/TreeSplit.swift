/// Rows that go one way: the weighted sum of their values, their weight, and how many they are.
struct RowSums {
  var sum: Double
  /// How often the rows were drawn, together.
  var weight: Int32
  var rows: Int32

  static let zero = RowSums(sum: 0, weight: 0, rows: 0)

  static func + (a: Self, b: Self) -> Self {
    RowSums(sum: a.sum + b.sum, weight: a.weight + b.weight, rows: a.rows + b.rows)
  }

  static func - (a: Self, b: Self) -> Self {
    RowSums(sum: a.sum - b.sum, weight: a.weight - b.weight, rows: a.rows - b.rows)
  }

  static func += (a: inout Self, b: Self) { a = a + b }

  /// sum²/weight: the larger it is on both sides together, the smaller the variance within them.
  var gain: Double { sum * sum / Double(weight) }
}

/// A way to part the rows of a node: those whose place in a column is at most `place` go left.
struct TreeSplit {
  var gain = -Double.infinity
  var column = -1
  var place: Int32 = 0
  /// The value of `place` or, between it and the next in the node, the threshold.
  var threshold = 0.0
  var missingLeft = false

  /// Takes the split over where it is better and leaves `minLeaf` rows or more on either side.
  @inline(__always)
  mutating func consider(
    _ left: RowSums, _ right: RowSums, minLeaf: Int32,
    _ make: () -> (
      column: Int, place: Int32, threshold: Double, missingLeft: Bool
    )
  ) {
    guard left.rows >= minLeaf, right.rows >= minLeaf else { return }
    let found = left.gain + right.gain
    guard found > gain else { return }
    gain = found
    (column, place, threshold, missingLeft) = make()
  }
}
