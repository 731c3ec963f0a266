/// Goes through the distinct values of a column in a node, ascending, and considers the threshold before each.
struct ThresholdSweep {
  private let column: Int
  private let total: RowSums
  /// Rows with NaN.
  private let missing: RowSums
  private let minLeaf: Int32
  private var left = RowSums.zero
  private var last: Int32 = -1
  private var isVaried = false

  init(column: Int, total: RowSums, missing: RowSums, minLeaf: Int32) {
    self.column = column
    self.total = total
    self.missing = missing
    self.minLeaf = minLeaf
  }

  /// The next value, at `place` of the column's `values`, with its rows.
  @inline(__always)
  mutating func next(
    _ place: Int32, _ sums: RowSums, _ values: UnsafeMutableBufferPointer<Double>, _ best: inout TreeSplit
  ) {
    if last >= 0 {
      isVaried = true
      let before = last
      let hasMissing = missing.rows > 0
      // Where none is missing here, NaN later goes with the larger side.
      let missingLeft = !hasMissing && left.rows * 2 > total.rows
      best.consider(left, total - left, minLeaf: minLeaf) {
        (column, before, Self.between(values[Int(before)], values[Int(place)]), missingLeft)
      }
      if hasMissing {
        let both = left + missing
        best.consider(both, total - both, minLeaf: minLeaf) {
          (column, before, Self.between(values[Int(before)], values[Int(place)]), true)
        }
      }
    }
    left += sums
    last = place
  }

  /// Considers NaN against all values; false where there was one value and no NaN, or NaN alone.
  func finish(_ best: inout TreeSplit) -> Bool {
    guard last >= 0, missing.rows > 0 else { return isVaried }
    best.consider(left, missing, minLeaf: minLeaf) { (column, last, .infinity, false) }
    return true
  }

  /// The middle, or the lower of the two where no number lies between them.
  private static func between(_ low: Double, _ high: Double) -> Double {
    let middle = low / 2 + high / 2
    return middle < high && middle.isFinite ? middle : low
  }
}
