/// The fronts of points with three objectives, by divide and conquer over their order: O(M log² M).
///
/// The level of a point is one more than the highest level of an earlier point that is at most as large in the second
/// and third objective. The earlier half of a range is final before it raises the levels of the later half.
struct ThreeObjectiveLevels {
  private let points: ParetoPoints
  private var levels: [Int32]
  private var maxima: PrefixMaxima

  /// Ranges of at most so many points are compared in pairs.
  private static let smallCount = 24

  init(_ points: ParetoPoints) {
    self.points = points
    levels = [Int32](repeating: 0, count: points.count)
    maxima = PrefixMaxima(count: points.rankCount)
  }

  consuming func found() -> [Int32] {
    let bySecond = (0..<Int32(points.count)).sorted { points.rank(Int($0), 1) < points.rank(Int($1), 1) }
    solve(bySecond, 0..<points.count)
    return levels
  }

  /// Finds the levels of a range. `bySecond` is the range in ascending order of the second objective.
  private mutating func solve(_ bySecond: [Int32], _ range: Range<Int>) {
    guard range.count > Self.smallCount else { return solveInPairs(range) }
    let middle = range.lowerBound + range.count / 2
    let earlier = bySecond.filter { $0 < middle }
    let later = bySecond.filter { $0 >= middle }
    solve(earlier, range.lowerBound..<middle)
    raise(later, above: earlier)
    solve(later, middle..<range.upperBound)
  }

  private mutating func solveInPairs(_ range: Range<Int>) {
    for point in range {
      for earlier in range.lowerBound..<point where levels[earlier] >= levels[point] {
        if points.dominates(earlier, point) { levels[point] = levels[earlier] + 1 }
      }
    }
  }

  /// Both are in ascending order of the second objective.
  private mutating func raise(_ later: [Int32], above earlier: [Int32]) {
    var next = 0
    for point in later {
      let second = points.rank(Int(point), 1)
      while next < earlier.count, points.rank(Int(earlier[next]), 1) <= second {
        let dominator = Int(earlier[next])
        maxima.raise(Int(points.rank(dominator, 2)), to: levels[dominator] + 1)
        next += 1
      }
      levels[Int(point)] = max(levels[Int(point)], maxima.maximum(upTo: Int(points.rank(Int(point), 2))))
    }
    for dominator in earlier[..<next] { maxima.clear(Int(points.rank(Int(dominator), 2))) }
  }
}
