import Foundation

/// What is believed of a positive hyperparameter before any value is seen: a density of its logarithm.
public enum Hyperprior: Hashable, Sendable, Codable {
  /// Nothing: all logarithms are alike.
  case flat
  /// ln x is normal around ln `median` with the standard deviation `spread`.
  case logNormal(median: Double, spread: Double)
  /// x has a gamma distribution with this shape and rate.
  case gamma(shape: Double, rate: Double)
  /// √x has a density as ln(1 + (`scale`/√x)²): much at zero and a long tail (Carvalho, Polson and Scott, 2010, as
  /// Spearmint bounds it), for variances of noise.
  case horseshoe(scale: Double)

  /// Whether the numbers are positive and finite.
  var isValid: Bool {
    let numbers: [Double] =
      switch self {
      case .flat: []
      case .logNormal(let median, let spread): [median, spread]
      case .gamma(let shape, let rate): [shape, rate]
      case .horseshoe(let scale): [scale]
      }
    return numbers.allSatisfy { $0.isFinite && $0 > 0 }
  }

  /// -ln of the density of θ = ln x, up to a constant, and its derivative by θ.
  package func penalty(_ logarithm: Double) -> (value: Double, slope: Double) {
    switch self {
    case .flat: return (0, 0)
    case .logNormal(let median, let spread):
      let z = (logarithm - log(median)) / spread
      return (z * z / 2, z / spread)
    case .gamma(let shape, let rate):
      let x = exp(logarithm)
      return (rate * x - shape * logarithm, rate * x - shape)
    case .horseshoe(let scale):
      // ln(1 + u) with u = s²/x, taken by θ: d/dθ ln ln(1 + u) = -u / (1 + u) / ln(1 + u). The density of θ itself has
      // the factor x½ more.
      let u = scale * scale * exp(-logarithm)
      let inner = log1p(u)
      return (-log(inner) - logarithm / 2, u / ((1 + u) * inner) - 0.5)
    }
  }

  /// Where a search begins: the median, or the mean of a gamma distribution, or the scale's square.
  var centre: Double {
    switch self {
    case .flat: 1
    case .logNormal(let median, _): median
    case .gamma(let shape, let rate): shape / rate
    case .horseshoe(let scale): scale * scale
    }
  }
}
