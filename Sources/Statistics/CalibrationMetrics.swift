import Foundation

/// How honest N normal predictive distributions are about N true values.
public struct CalibrationMetrics: Sendable {
  private let residuals: [Double]
  private let deviations: [Double]

  /// N true values, predicted means and standard deviations (0 or more). Items with a NaN are left out.
  public init(truth: [Double], means: [Double], deviations: [Double]) {
    precondition(truth.count == means.count && truth.count == deviations.count, "the columns must be of one length")
    let kept = truth.indices.filter { !truth[$0].isNaN && !means[$0].isNaN && !deviations[$0].isNaN }
    residuals = kept.map { truth[$0] - means[$0] }
    self.deviations = kept.map { deviations[$0] }
  }

  public var count: Int { residuals.count }

  /// Whether there is a distribution to judge at all: a deviation above 0 for every item.
  public var isProbabilistic: Bool { !deviations.isEmpty && deviations.allSatisfy { $0 > 0 } }

  /// The share of true values within the central interval that should hold the share `level`, 0…1, of them; nil without
  /// items. As with `scipy.stats.norm.interval`.
  public func coverage(of level: Double) -> Double? {
    let reach = Self.reach(level)
    return mean { abs($0) <= reach * $1 ? 1 : 0 }
  }

  /// The mean width of the central intervals for the share `level`, in the unit of the values: sharpness.
  public func meanWidth(of level: Double) -> Double? {
    let reach = Self.reach(level)
    return mean { 2 * reach * $1 }
  }

  /// The mean predicted standard deviation, in the unit of the values: sharpness.
  public var meanDeviation: Double? { mean { $1 } }

  /// The mean of -ln p(truth), in nats; nil where a deviation is 0. As with `scipy.stats.norm.logpdf`.
  public var negativeLogLikelihood: Double? {
    guard isProbabilistic else { return nil }
    return mean { residual, deviation in
      let z = residual / deviation
      return log(deviation) + (log(2 * Double.pi) + z * z) / 2
    }
  }

  /// The same of the same means with one standard deviation for all, the root mean squared error: the best that any
  /// constant width reaches on these values. Nil without items and for predictions without any error.
  public var constantWidthNegativeLogLikelihood: Double? {
    guard let variance = mean({ residual, _ in residual * residual }), variance > 0 else { return nil }
    return (log(2 * Double.pi * variance) + 1) / 2
  }

  private static func reach(_ level: Double) -> Double { NormalDistribution.quantile((1 + level) / 2) }

  private func mean(_ term: (_ residual: Double, _ deviation: Double) -> Double) -> Double? {
    guard count > 0 else { return nil }
    return zip(residuals, deviations).reduce(0) { $0 + term($1.0, $1.1) } / Double(count)
  }
}
