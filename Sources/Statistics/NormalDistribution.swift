import Foundation

/// The normal distribution with mean 0 and variance 1.
public enum NormalDistribution {
  /// φ(z).
  public static func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }

  /// Φ(z). As `scipy.stats.norm.cdf`.
  public static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// Φ⁻¹(p): -∞ at 0, ∞ at 1, NaN outside. As `scipy.stats.norm.ppf`.
  ///
  /// A rational first guess (Acklam, 2003: relative error 1.2e-9) and two steps of Halley's method.
  public static func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    // By symmetry only the lower half is worked out, where Φ has full relative precision.
    guard p <= 0.5 else { return -quantile(1 - p) }
    var z = guess(p)
    for _ in 0..<2 {
      let error = (cumulative(z) - p) / density(z)
      z -= error / (1 + z * error / 2)
    }
    return z
  }

  private static func guess(_ p: Double) -> Double {
    func polynomial(_ x: Double, _ coefficients: [Double]) -> Double { coefficients.reduce(0) { $0 * x + $1 } }
    if p < 0.02425 {
      let q = (-2 * log(p)).squareRoot()
      return polynomial(
        q,
        [
          -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734, 4.374664141464968,
          2.938163982698783,
        ])
        / polynomial(
          q, [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1])
    }
    let q = p - 0.5
    let r = q * q
    return q
      * polynomial(
        r,
        [
          -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
          -3.066479806614716e+01, 2.506628277459239,
        ])
      / polynomial(
        r,
        [
          -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
          -1.328068155288572e+01, 1,
        ])
  }
}
