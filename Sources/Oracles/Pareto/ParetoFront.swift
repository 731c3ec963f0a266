/// The Pareto-optimal rows of `values`, in ascending order: no other row dominates them.
///
/// `values` is N×K row-major, K the number of `directions`, at least one. A row dominates another if it is at least as
/// good in every objective and better in one, so equal rows are kept or dropped together. A row with a NaN is left out
/// and dominates nothing; infinities are ordinary values. O(N log N) for K ≤ 3 (Kung, Luccio and Preparata, 1975). For
/// more objectives, at most N·F·K comparisons in addition, F the size of the front.
public func paretoFront(of values: [Double], directions: [ObjectiveDirection]) -> [Int] {
  let points = ParetoPoints(values: values, directions: directions)
  return points.optimal().flatMap { points.rows(of: $0) }.sorted()
}

/// All Pareto fronts of `values`, from first to last, each in ascending order of rows.
///
/// The first is ``paretoFront(of:directions:)``; each next one is the front of the rows that remain. A row with a NaN is
/// in no front. O(N log N) for K ≤ 2, O(N log² N) for three objectives, O(N² K) at worst for more.
public func paretoFronts(of values: [Double], directions: [ObjectiveDirection]) -> [[Int]] {
  var fronts: [[Int]] = []
  for (row, rank) in paretoRanks(of: values, directions: directions).enumerated() {
    guard let rank else { continue }
    while fronts.count <= rank { fronts.append([]) }
    fronts[rank].append(row)
  }
  return fronts
}

/// For each row, the place of its front in ``paretoFronts(of:directions:)``, from 0; nil for a row with a NaN.
///
/// The rank is also the length of the longest chain of rows that dominate each other and end before this row.
public func paretoRanks(of values: [Double], directions: [ObjectiveDirection]) -> [Int?] {
  let points = ParetoPoints(values: values, directions: directions)
  var ranks = [Int?](repeating: nil, count: values.count / directions.count)
  for (point, level) in points.levels().enumerated() {
    for row in points.rows(of: point) { ranks[row] = Int(level) }
  }
  return ranks
}
