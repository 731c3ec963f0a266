import Records

/// Finds splits of stretches of rows, with scratch space that is made once a tree.
struct SplitSearch {
  private let columnLength: Int
  /// By column: whether NaN is in it, where its distinct values begin in ``distinct``, and one more for the end.
  private let hasMissing: UnsafeMutableBufferPointer<Bool>
  private let starts: UnsafeMutableBufferPointer<Int>
  private let distinct: UnsafeMutableBufferPointer<Double>
  private let minLeaf: Int32
  private let rows: UnsafeMutableBufferPointer<Int32>
  private let places: UnsafeMutableBufferPointer<Int32>
  private let values: UnsafeMutableBufferPointer<Double>
  private let sums: UnsafeMutableBufferPointer<RowSums>
  /// Sums by place of a column; zero between searches.
  private let bins: UnsafeMutableBufferPointer<RowSums>
  /// Places of few rows in a column of many values, with the rows in the lower halves.
  private let keys: UnsafeMutableBufferPointer<UInt64>
  private let spare: UnsafeMutableBufferPointer<Int32>

  init(
    _ columns: ForestColumns, _ values: [Double], weights: [Int32], minLeaf: Int32,
    rows: UnsafeMutableBufferPointer<Int32>
  ) {
    columnLength = columns.count
    hasMissing = .allocate(capacity: columns.width)
    _ = hasMissing.initialize(from: columns.hasMissing)
    starts = .allocate(capacity: columns.width + 1)
    _ = starts.initialize(from: columns.values.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) })
    distinct = .allocate(capacity: columns.values.reduce(0) { $0 + $1.count })
    _ = distinct.initialize(from: columns.values.joined())
    self.minLeaf = minLeaf
    self.rows = rows
    places = .allocate(capacity: columns.places.count)
    _ = places.initialize(from: columns.places)
    self.values = .allocate(capacity: values.count)
    _ = self.values.initialize(from: values)
    sums = .allocate(capacity: values.count)
    _ = sums.initialize(
      from: zip(values, weights).map { RowSums(sum: $0 * Double($1), weight: $1, rows: $1 > 0 ? 1 : 0) })
    bins = .allocate(capacity: columns.values.map(\.count).max() ?? 0)
    bins.initialize(repeating: .zero)
    keys = .allocate(capacity: rows.count)
    keys.initialize(repeating: 0)
    spare = .allocate(capacity: rows.count)
    spare.initialize(repeating: 0)
  }

  func deallocate() {
    hasMissing.deallocate()
    starts.deallocate()
    distinct.deallocate()
    places.deallocate()
    values.deallocate()
    sums.deallocate()
    bins.deallocate()
    keys.deallocate()
    spare.deallocate()
  }

  @inline(__always) func weight(of row: Int32) -> Int32 { sums[Int(row)].weight }

  /// The distinct values of a column, ascending.
  @inline(__always) private func values(of column: Int) -> UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(rebasing: distinct[starts[column]..<starts[column + 1]])
  }

  /// By row, the place of its value among those of the column.
  @inline(__always) private func places(of column: Int) -> UnsafeMutableBufferPointer<Int32> {
    UnsafeMutableBufferPointer(rebasing: places[column * columnLength..<(column + 1) * columnLength])
  }

  /// The sums of all rows; nil where they all have one value.
  func total(of stretch: Range<Int>) -> RowSums? {
    var total = RowSums.zero
    let first = values[Int(rows[stretch.lowerBound])]
    var isVaried = false
    for index in stretch {
      let row = Int(rows[index])
      total += sums[row]
      isVaried = isVaried || values[row] != first
    }
    return isVaried ? total : nil
  }

  /// Puts the rows that `split` sends left before the others, each in their order; returns where the others begin.
  func partition(_ stretch: Range<Int>, by split: TreeSplit) -> Int {
    let own = places(of: split.column)
    var left = stretch.lowerBound
    var others = 0
    for index in stretch {
      let row = rows[index]
      let place = own[Int(row)]
      if place < 0 ? split.missingLeft : place <= split.place {
        rows[left] = row
        left += 1
      } else {
        spare[others] = row
        others += 1
      }
    }
    for index in 0..<others { rows[left + index] = spare[index] }
    return left
  }

  // MARK: All thresholds

  /// Considers every threshold of `column`; false where all rows have one value there.
  func bestSplit(_ column: Int, _ stretch: Range<Int>, _ total: RowSums, _ best: inout TreeSplit) -> Bool {
    starts[column + 1] - starts[column] <= 16 * stretch.count
      ? bestSplitByBins(column, stretch, total, &best) : bestSplitBySorting(column, stretch, total, &best)
  }

  private func bestSplitByBins(
    _ column: Int, _ stretch: Range<Int>, _ total: RowSums, _ best: inout TreeSplit
  ) -> Bool {
    let own = places(of: column)
    var missing = RowSums.zero
    if hasMissing[column] {
      for index in stretch {
        let row = Int(rows[index])
        if own[row] < 0 { missing += sums[row] } else { bins[Int(own[row])] += sums[row] }
      }
    } else {
      for index in stretch {
        let row = Int(rows[index])
        bins[Int(own[row])] += sums[row]
      }
    }
    var sweep = ThresholdSweep(column: column, total: total, missing: missing, minLeaf: minLeaf)
    let values = values(of: column)
    for place in values.indices where bins[place].rows > 0 {
      sweep.next(Int32(place), bins[place], values, &best)
      bins[place] = .zero
    }
    return sweep.finish(&best)
  }

  private func bestSplitBySorting(
    _ column: Int, _ stretch: Range<Int>, _ total: RowSums, _ best: inout TreeSplit
  ) -> Bool {
    let own = places(of: column)
    var missing = RowSums.zero
    var count = 0
    for index in stretch {
      let row = rows[index]
      let place = own[Int(row)]
      guard place >= 0 else {
        missing += sums[Int(row)]
        continue
      }
      // Few rows: insertion keeps them in order as they come.
      let key = UInt64(UInt32(bitPattern: place)) << 32 | UInt64(UInt32(bitPattern: row))
      var position = count
      while position > 0, keys[position - 1] > key {
        keys[position] = keys[position - 1]
        position -= 1
      }
      keys[position] = key
      count += 1
    }
    var sweep = ThresholdSweep(column: column, total: total, missing: missing, minLeaf: minLeaf)
    let values = values(of: column)
    var index = 0
    while index < count {
      let place = keys[index] >> 32
      var here = RowSums.zero
      while index < count, keys[index] >> 32 == place {
        here += sums[Int(keys[index] & 0xFFFF_FFFF)]
        index += 1
      }
      sweep.next(Int32(place), here, values, &best)
    }
    return sweep.finish(&best)
  }

  // MARK: One threshold at random

  /// Considers one threshold of `column`, uniform between the smallest and the largest value (Geurts et al., 2006);
  /// false where all rows have one value there. NaN goes to a side by lot.
  func randomSplit(
    _ column: Int, _ stretch: Range<Int>, _ total: RowSums, _ generator: inout SeededGenerator,
    _ best: inout TreeSplit
  ) -> Bool {
    let own = places(of: column)
    var (low, high) = (Int32.max, Int32(-1))
    var missing = RowSums.zero
    if hasMissing[column] {
      for index in stretch {
        let row = Int(rows[index])
        if own[row] < 0 { missing += sums[row] } else { (low, high) = (min(low, own[row]), max(high, own[row])) }
      }
    } else {
      for index in stretch {
        let place = own[Int(rows[index])]
        (low, high) = (min(low, place), max(high, place))
      }
    }
    guard high > low else { return high >= 0 && missing.rows > 0 && isolate(column, high, total, missing, &best) }
    let values = values(of: column)
    let (smallest, largest) = (values[Int(low)], values[Int(high)])
    var threshold = smallest + (largest - smallest) * generator.uniform()
    if !(threshold < largest) { threshold = smallest }
    // The largest place of the node's range whose value is not above the threshold.
    var (place, above) = (low, high)
    while above - place > 1 {
      let middle = (place + above) / 2
      if values[Int(middle)] <= threshold { place = middle } else { above = middle }
    }
    var left = RowSums.zero
    for index in stretch {
      let row = Int(rows[index])
      // No branch: which way a row goes cannot be foretold.
      let isLeft: Int32 = UInt32(bitPattern: own[row]) <= UInt32(bitPattern: place) ? 1 : 0
      left.sum += sums[row].sum * Double(isLeft)
      left.weight += sums[row].weight * isLeft
      left.rows += isLeft
    }
    let missingLeft = missing.rows > 0 ? generator.chance(0.5) : left.rows * 2 > total.rows
    if missingLeft { left += missing }
    best.consider(left, total - left, minLeaf: minLeaf) { (column, place, threshold, missingLeft) }
    return true
  }

  /// NaN against the one value that there is.
  private func isolate(
    _ column: Int, _ place: Int32, _ total: RowSums, _ missing: RowSums, _ best: inout TreeSplit
  ) -> Bool {
    best.consider(total - missing, missing, minLeaf: minLeaf) { (column, place, .infinity, false) }
    return true
  }
}
