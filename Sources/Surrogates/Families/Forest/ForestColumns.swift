/// A feature matrix for growing trees: each column's distinct values ascending, and of each row the place of its own.
///
/// Searching splits over places is exact, and as fast as counting where a column has few distinct values.
struct ForestColumns: Sendable {
  /// The place of NaN.
  static let missing: Int32 = -1

  /// N.
  let count: Int
  /// D.
  let width: Int
  /// D×N, column by column: places in ``values``.
  let places: [Int32]
  /// By column, ascending.
  let values: [[Double]]
  /// By column, whether some row has NaN.
  let hasMissing: [Bool]

  init(_ features: FeatureMatrix) {
    count = features.count
    width = features.width
    var places: [Int32] = []
    places.reserveCapacity(count * width)
    var values: [[Double]] = []
    var hasMissing: [Bool] = []
    for column in 0..<width {
      let own = (0..<features.count).map { features.values[$0 * features.width + column] }
      let known = own.filter { !$0.isNaN }
      var distinct: [Double] = []
      for value in known.sorted() where value != distinct.last { distinct.append(value) }
      places += own.map { $0.isNaN ? Self.missing : Int32(Self.place(of: $0, in: distinct)) }
      values.append(distinct)
      hasMissing.append(known.count < own.count)
    }
    self.places = places
    self.values = values
    self.hasMissing = hasMissing
  }

  /// The place of the largest of the ascending `values` that is not above `value`; −1 where all are.
  static func place(of value: Double, in values: [Double]) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }
}
