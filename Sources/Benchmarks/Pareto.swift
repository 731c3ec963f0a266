/// The rows of `values` that no other row dominates, in ascending order.
///
/// `values` is N×K row-major, K the number of `directions`, at least one. A row dominates another if it is at least as
/// good in every objective and better in one, so equal rows are kept or dropped together. A row with a NaN is left out
/// and dominates nothing; infinities are values like others. O(N log N) for one or two objectives; for more, O(N log N)
/// and one comparison with each row of the front at worst, N·F·K (F rows in the front).
public func paretoFront(of values: [Double], directions: [ObjectiveDirection]) -> [Int] {
  precondition(!directions.isEmpty && values.count % directions.count == 0, "values must be N×K, K > 0")
  let points = ParetoPoints(values: values, directions: directions)
  return directions.count <= 2 ? points.sweep() : points.archive()
}

/// Rows without NaN in lexicographic order, every objective to be minimised.
private struct ParetoPoints {
  private let width: Int
  private let values: [Double]
  private let order: [Int]

  init(values: [Double], directions: [ObjectiveDirection]) {
    let width = directions.count
    let signs = directions.map { $0 == .minimise ? 1.0 : -1.0 }
    let costs = values.indices.map { values[$0] * signs[$0 % width] }
    let rows = (0..<values.count / width).filter { row in
      (row * width..<(row + 1) * width).allSatisfy { !costs[$0].isNaN }
    }
    order = rows.sorted { left, right in
      for objective in 0..<width {
        let a = costs[left * width + objective]
        let b = costs[right * width + objective]
        if a != b { return a < b }
      }
      return left < right
    }
    self.width = width
    self.values = costs
  }

  /// K ≤ 2. In lexicographic order a row is dominated exactly if an earlier, unequal row is at most as large in the last
  /// objective (Kung, Luccio and Preparata, 1975).
  func sweep() -> [Int] {
    var front: [Int] = []
    for row in order {
      if let last = front.last, !isEqual(row, last), cost(last, width - 1) <= cost(row, width - 1) { continue }
      front.append(row)
    }
    return front.sorted()
  }

  /// Any K. In lexicographic order no row dominates an earlier one, so a row is in the front exactly if nothing in the
  /// front so far dominates it. What dominated last is asked first.
  func archive() -> [Int] {
    var front: [Int] = []
    var kept: [Int] = []
    for row in order {
      if let last = kept.last, isEqual(row, last) {
        kept.append(row)
      } else if let place = front.firstIndex(where: { isAtMost($0, row) }) {
        let dominator = front[place]
        for index in stride(from: place, to: 0, by: -1) { front[index] = front[index - 1] }
        front[0] = dominator
      } else {
        front.append(row)
        kept.append(row)
      }
    }
    return kept.sorted()
  }

  private func cost(_ row: Int, _ objective: Int) -> Double {
    values[row * width + objective]
  }

  private func isEqual(_ left: Int, _ right: Int) -> Bool {
    (0..<width).allSatisfy { cost(left, $0) == cost(right, $0) }
  }

  private func isAtMost(_ left: Int, _ right: Int) -> Bool {
    for objective in 0..<width where cost(left, objective) > cost(right, objective) { return false }
    return true
  }
}
