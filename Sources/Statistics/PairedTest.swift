/// Whether two methods that were tried on the same cases differ by more than chance.
public struct PairedTest: Hashable, Sendable {
  public let statistic: Double
  /// Two-sided: how likely a difference at least as clear is between methods that do not differ.
  public let pValue: Double

  /// Wilcoxon's signed-rank test of N pairs; the statistic is the smaller sum of ranks.
  ///
  /// Equal pairs are left out. The p-value is exact for up to 50 pairs without ties and zeros and for up to 13 with them,
  /// else from the normal approximation with its correction for ties and none for continuity. It is 1 where all pairs are
  /// equal. As `scipy.stats.wilcoxon`.
  public static func wilcoxon(_ first: [Double], _ second: [Double]) -> PairedTest {
    precondition(first.count == second.count, "the columns must be of one length")
    let all = zip(first, second).map { $0 - $1 }
    let differences = all.filter { $0 != 0 }
    let ranks = PairedValues.averageRanks(differences.map(abs))
    let positive = zip(differences, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let negative = ranks.reduce(0, +) - positive
    let statistic = min(positive, negative)
    guard !differences.isEmpty else { return PairedTest(statistic: 0, pValue: 1) }
    let ties = tieSizes(ranks)
    let isPlain = ties.isEmpty && differences.count == all.count
    if all.count <= (isPlain ? 50 : 13) {
      return PairedTest(statistic: statistic, pValue: exact(ranks, upTo: statistic))
    }
    let n = Double(differences.count)
    let correction = ties.reduce(0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
    let deviation = ((n * (n + 1) * (2 * n + 1) - correction / 2) / 24).squareRoot()
    let z = (statistic - n * (n + 1) / 4) / deviation
    return PairedTest(statistic: statistic, pValue: min(1, 2 * NormalDistribution.cumulative(z)))
  }

  /// The t test of the mean difference of N ≥ 2 pairs; nil for fewer and where all differences are equal. As
  /// `scipy.stats.ttest_rel`.
  public static func student(_ first: [Double], _ second: [Double]) -> PairedTest? {
    precondition(first.count == second.count, "the columns must be of one length")
    let differences = zip(first, second).map { $0 - $1 }
    let n = Double(differences.count)
    guard differences.count >= 2 else { return nil }
    let mean = differences.reduce(0, +) / n
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    guard variance > 0 else { return nil }
    let t = mean / (variance / n).squareRoot()
    return PairedTest(statistic: t, pValue: StudentDistribution.twoSided(t, degreesOfFreedom: n - 1))
  }

  /// How many items share each rank that is shared.
  static func tieSizes(_ ranks: [Double]) -> [Int] {
    Dictionary(ranks.map { ($0, 1) }, uniquingKeysWith: +).values.filter { $0 > 1 }
  }

  /// 2 P(sum of the ranks with positive sign ≤ `statistic`) over all signs, at most 1. Ranks are multiples of one half.
  private static func exact(_ ranks: [Double], upTo statistic: Double) -> Double {
    let doubled = ranks.map { Int($0 * 2) }
    // chances[s]: of the sum s / 2 over the signs drawn so far.
    var chances = [Double](repeating: 0, count: doubled.reduce(0, +) + 1)
    chances[0] = 1
    for rank in doubled {
      for sum in stride(from: chances.count - 1, through: 0, by: -1) {
        chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2
      }
    }
    return min(1, 2 * chances[...Int(statistic * 2)].reduce(0, +))
  }
}

/// Holm's step-down correction of p-values for having asked several questions at once.
public enum HolmCorrection {
  /// Corrected p-values in the order of `pValues`. As `statsmodels.stats.multitest.multipletests(method="holm")`.
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var largest = 0.0
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (place, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - place) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
