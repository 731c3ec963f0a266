/// A family of saturating curves y = f(x; θ) over epochs x = 1, 2, …, for accuracies as fractions.
///
/// Formulas and start values are those of Domhan et al. (2015, "Speeding up automatic hyperparameter optimization of deep
/// neural networks by extrapolation of learning curves"), Table 1 and its published code, with the further families that
/// the code knows. θ in the order of ``parameterNames``.
public enum ParametricCurve: String, Hashable, Sendable, Codable, CaseIterable {
  /// Vapor pressure: exp(a + b/x + c ln x).
  case vap
  /// c - a x^-α.
  case pow3
  /// ln(a ln x + b).
  case logLogLinear = "loglog-linear"
  /// θ x^η / (κ^η + x^η).
  case hill3
  /// a / (1 + (x/e^b)^c).
  case logPower = "log-power"
  /// c - (a x + b)^-α.
  case pow4
  /// Morgan-Mercer-Flodin: α - (α - β) / (1 + (κ x)^δ).
  case mmf
  /// c - exp(-a x^α + b).
  case exp4
  /// α - (α - β) exp(-κ x^δ).
  case janoschek
  /// α - (α - β) exp(-(κ x)^δ).
  case weibull
  /// c - a / ln(x + 1).
  case ilog2

  /// a x^-α.
  case pow2
  /// c - exp(-a x + b).
  case exp3
  /// a x + b.
  case linear
  /// a ln x + b.
  case logLinear = "log-linear"
  /// a exp(-b exp(-c x)).
  case gompertz
  /// a / (1 + exp(-k (x - b))).
  case logistic
  /// a (1 - exp(-k x)).
  case bertalanffy
  /// a x / (b + x).
  case saturatingGrowth = "sat-growth"
  /// α + θ x^η / (κ^η + x^η).
  case hill4

  /// As NASLib's LCE spells ``hill3``: θ x^η / (κ η + x^η).
  case hill3Product = "hill3-product"
  /// As NASLib's LCE spells ``vap``: a + b/x + c ln x.
  case vapExponent = "vap-exponent"

  /// The eleven that Domhan et al. combine.
  public static let domhan: [ParametricCurve] = [
    .vap, .pow3, .logLogLinear, .hill3, .logPower, .pow4, .mmf, .exp4, .janoschek, .weibull, .ilog2,
  ]

  public var parameterNames: [String] { start.map(\.key) }

  /// Length of θ.
  public var parameterCount: Int {
    switch self {
    case .logLogLinear, .ilog2, .pow2, .linear, .logLinear, .bertalanffy, .saturatingGrowth: 2
    case .vap, .pow3, .hill3, .logPower, .exp3, .gompertz, .logistic, .hill3Product, .vapExponent: 3
    case .pow4, .mmf, .exp4, .janoschek, .weibull, .hill4: 4
    }
  }

  /// The θ at which fits begin; 1 where the published code gives none.
  public var startValues: [Double] { start.map(\.value) }

  private var start: KeyValuePairs<String, Double> {
    switch self {
    case .vap, .vapExponent: ["a": -0.622028, "b": -0.470050, "c": 0.042322]
    case .pow3: ["c": 0.84, "a": 0.52, "alpha": 0.01]
    case .logLogLinear: ["a": 1, "b": 1]
    case .hill3, .hill3Product: ["theta": 0.772320, "eta": 0.586449, "kappa": 2.460843]
    case .logPower: ["a": 0.77, "b": 2.98, "c": -0.51]
    case .pow4: ["c": 0.8, "a": 200, "b": 0, "alpha": 0.1]
    case .mmf: ["alpha": 0.7, "beta": 0.1, "kappa": 0.01, "delta": 5]
    case .exp4: ["c": 0.7, "a": 0.8, "b": -0.8, "alpha": 0.3]
    case .janoschek: ["alpha": 0.73, "beta": 0.07, "kappa": 0.355, "delta": 0.46]
    case .weibull: ["alpha": 0.7, "beta": 0.1, "kappa": 0.01, "delta": 1]
    case .ilog2: ["c": 0.78, "a": 0.43]
    case .pow2: ["a": 0.1, "alpha": -0.3]
    case .exp3: ["c": 0.7, "a": 0.01, "b": -1]
    case .linear: ["a": 1, "b": 1]
    case .logLinear: ["a": 0.378106, "b": 0.046506]
    case .gompertz: ["a": 0.8, "b": 1000, "c": 0.05]
    case .logistic: ["a": 0.8, "k": 0.01, "b": 1]
    case .bertalanffy: ["a": 0.8, "k": 0.01]
    case .saturatingGrowth: ["a": 0.7, "b": 20]
    case .hill4: ["alpha": 0.1, "theta": 0.772320, "eta": 0.586449, "kappa": 2.460843]
    }
  }

  /// Where each parameter may lie: what NASLib's LCE bounds, and what must be positive for a real result.
  public var bounds: [ClosedRange<Double>] {
    let positive = Double.ulpOfOne...Double.infinity
    let free = -Double.infinity...Double.infinity
    switch self {
    case .pow3: return [positive, 0...2, positive]
    case .logLogLinear, .ilog2: return [positive, positive]
    case .pow4: return [positive, positive, positive, positive]
    case .hill3, .hill3Product: return [positive, free, positive]
    case .hill4: return [free, positive, free, positive]
    case .weibull, .mmf: return [free, free, positive, free]
    default: return Array(repeating: free, count: parameterCount)
    }
  }
}
