import Foundation

/// The functions behind the distributions of test statistics.
public enum SpecialFunctions {
  /// I_x(a, b), the regularised incomplete beta function, for a, b > 0 and x in 0…1. As `scipy.special.betainc`.
  ///
  /// The continued fraction 8.17.22 of the NIST Handbook, where it converges fast; elsewhere by I_x(a,b) = 1 - I_1-x(b,a).
  public static func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    incompleteBeta(a, b, x, complement: 1 - x)
  }

  /// The same where 1 - x is known more precisely than x.
  static func incompleteBeta(_ a: Double, _ b: Double, _ x: Double, complement: Double) -> Double {
    guard x > 0 else { return 0 }
    guard complement > 0 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(b, a, complement, complement: x) }
    let scale = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(complement)) / a
    // The fraction's terms come in pairs: d(2m), then d(2m + 1).
    let value = continuedFraction { step in
      let m = Double(step / 2)
      if step == 0 { return 1 }
      return step.isMultiple(of: 2)
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    }
    return scale * value
  }

  /// Q(a, x), the upper regularised incomplete gamma function, for a > 0 and x ≥ 0. As `scipy.special.gammaincc`.
  public static func upperIncompleteGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 1 }
    let scale = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
      // P(a, x) = x^a e^-x / Γ(a) · Σ x^n / (a (a + 1) … (a + n)).
      var term = 1 / a
      var sum = term
      var n = 1.0
      while abs(term) > 1e-17 * abs(sum), n < 100_000 {
        term *= x / (a + n)
        sum += term
        n += 1
      }
      return 1 - scale * sum
    }
    // Legendre's fraction: 1 / (x + 1 - a - 1(1 - a) / (x + 3 - a - …)).
    var denominator = x + 1 - a
    var c = 1 / 1e-300
    var d = 1 / denominator
    var value = d
    for step in 1..<100_000 {
      let n = Double(step)
      let numerator = -n * (n - a)
      denominator += 2
      d = 1 / nonzero(numerator * d + denominator)
      c = nonzero(denominator + numerator / c)
      value *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return scale * value
  }

  /// 1 / (1 + …) from the numerators of its steps, whose denominators are 1: the first belongs to the 1 (Lentz, 1976).
  private static func continuedFraction(_ numerator: (Int) -> Double) -> Double {
    var value = 1e-300
    var c = value
    var d = 0.0
    for step in 0..<100_000 {
      let a = numerator(step)
      d = 1 / nonzero(1 + a * d)
      c = nonzero(1 + a / c)
      value *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return value
  }

  private static func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
}

/// Student's t distribution.
public enum StudentDistribution {
  /// P(|T| ≥ |t|) with ν > 0 degrees of freedom: the two-sided p-value. As `2 * scipy.stats.t.sf(abs(t), df)`.
  public static func twoSided(_ t: Double, degreesOfFreedom nu: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    let square = t * t
    return SpecialFunctions.incompleteBeta(nu / 2, 0.5, nu / (nu + square), complement: square / (nu + square))
  }

  /// P(T ≤ t). As `scipy.stats.t.cdf`.
  public static func cumulative(_ t: Double, degreesOfFreedom nu: Double) -> Double {
    let tail = twoSided(t, degreesOfFreedom: nu) / 2
    return t < 0 ? tail : 1 - tail
  }
}

/// The χ² distribution.
public enum ChiSquaredDistribution {
  /// P(X ≥ x) with k > 0 degrees of freedom. As `scipy.stats.chi2.sf`.
  public static func survival(_ x: Double, degreesOfFreedom k: Double) -> Double {
    SpecialFunctions.upperIncompleteGamma(k / 2, x / 2)
  }
}
