/// One number a run, for runs that come one after another, absent where none was given.
struct SparseColumn: Sendable {
  private(set) var values: [Double] = []
  /// True where a value was given; nil while none is absent.
  private(set) var present: [Bool]?

  init() {}
  init(_ values: [Double]) { self.values = values }

  /// Gives run `run` a value; runs are given in ascending order, and each at most once.
  mutating func set(_ value: Double, at run: Int) {
    pad(to: run)
    values.append(value)
    present?.append(true)
  }

  /// Makes the column as long as there are runs.
  mutating func pad(to count: Int) {
    guard values.count < count else { return }
    if present == nil { present = Array(repeating: true, count: values.count) }
    present?.append(contentsOf: repeatElement(false, count: count - values.count))
    values.append(contentsOf: repeatElement(0, count: count - values.count))
  }

  /// Makes the column as long as there are runs, with `value` for those that have none.
  mutating func fill(_ value: Double, to count: Int) {
    guard values.count < count else { return }
    present?.append(contentsOf: repeatElement(true, count: count - values.count))
    values.append(contentsOf: repeatElement(value, count: count - values.count))
  }

  /// Replaces the number n ≥ 1 by `numbers[n - 1]`; zeros and absent values stay.
  mutating func renumber(_ numbers: [Int]) {
    for run in values.indices where values[run] > 0 { values[run] = Double(numbers[Int(values[run]) - 1]) }
  }

  func isPresent(_ run: Int) -> Bool { present?[run] ?? true }
}

/// The values of a metric or cost at the epochs of runs that come one after another.
struct PieceColumn: Sendable {
  private(set) var values: [Double] = []
  private(set) var present: [Bool]?
  /// Where the values of each run begin, and how many there are.
  private(set) var starts: [Int] = []
  private(set) var lengths: [Int] = []

  /// Gives run `run` its values, nil for an absent one; runs are given in ascending order.
  mutating func set(_ piece: some Collection<Double?>, at run: Int) {
    pad(to: run)
    starts.append(values.count)
    lengths.append(piece.count)
    for value in piece {
      if value == nil, present == nil { present = Array(repeating: true, count: values.count) }
      present?.append(value != nil)
      values.append(value ?? 0)
    }
  }

  mutating func set(_ piece: [Double], at run: Int) {
    pad(to: run)
    starts.append(values.count)
    lengths.append(piece.count)
    values.append(contentsOf: piece)
    present?.append(contentsOf: repeatElement(true, count: piece.count))
  }

  mutating func pad(to count: Int) {
    guard lengths.count < count else { return }
    starts.append(contentsOf: repeatElement(values.count, count: count - starts.count))
    lengths.append(contentsOf: repeatElement(0, count: count - lengths.count))
  }

  /// Runs a block, so that a block has about ``AtlasFormat/valuesPerCurveBlock`` values.
  var rowsPerBlock: Int {
    var rows = 1
    let mean = Double(max(values.count, 1)) / Double(max(lengths.count, 1))
    while rows < AtlasFormat.rowsPerBlock,
      Double(rows) * mean * 1.5 < Double(AtlasFormat.valuesPerCurveBlock)
    { rows *= 2 }
    return rows
  }
}
