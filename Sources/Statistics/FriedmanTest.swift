/// Whether k methods that were tried on the same N cases differ at all, and which pairs do.
public struct FriedmanTest: Hashable, Sendable {
  /// χ² with its correction for ties.
  public let statistic: Double
  public let pValue: Double
  /// One a method, from 1 for the best, ties shared.
  public let meanRanks: [Double]
  private let cases: Int

  /// `scores[m][c]` is what method m reached in case c. Nil for fewer than three methods or fewer than one case, and where
  /// all methods are equal in every case. As `scipy.stats.friedmanchisquare` (Demšar, 2006).
  public init?(scores: [[Double]], largerIsBetter: Bool) {
    let methods = scores.count
    guard methods >= 3, let cases = scores.first?.count, cases > 0 else { return nil }
    precondition(scores.allSatisfy { $0.count == cases }, "every method needs a score in every case")
    let k = Double(methods)
    let n = Double(cases)
    var sums = [Double](repeating: 0, count: methods)
    var ties = 0.0
    for place in 0..<cases {
      let ranks = PairedValues.averageRanks(scores.map { largerIsBetter ? -$0[place] : $0[place] })
      for method in 0..<methods { sums[method] += ranks[method] }
      for size in PairedTest.tieSizes(ranks).map(Double.init) { ties += size * (size * size - 1) }
    }
    let correction = 1 - ties / (k * (k * k - 1) * n)
    guard correction > 0 else { return nil }
    let squares = sums.reduce(0) { $0 + $1 * $1 }
    statistic = (12 / (k * n * (k + 1)) * squares - 3 * n * (k + 1)) / correction
    pValue = ChiSquaredDistribution.survival(statistic, degreesOfFreedom: k - 1)
    meanRanks = sums.map { $0 / n }
    self.cases = cases
  }

  /// Nemenyi's p-value that methods `first` and `second` differ, corrected for all pairs. As
  /// `scikit_posthocs.posthoc_nemenyi_friedman`.
  public func nemenyi(_ first: Int, _ second: Int) -> Double {
    if first == second { return 1 }
    let k = Double(meanRanks.count)
    let deviation = (k * (k + 1) / (6 * Double(cases))).squareRoot()
    let q = abs(meanRanks[first] - meanRanks[second]) / deviation * 2.0.squareRoot()
    return StudentizedRange.survival(q, groups: meanRanks.count)
  }
}
