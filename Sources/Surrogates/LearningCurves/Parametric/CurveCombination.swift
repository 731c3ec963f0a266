import Foundation

/// Several parametric curves as one model of a learning curve, y_t = Σ w_k f_k(t; θ_k) + N(0, σ²), and the posterior
/// density of its parameters (Domhan et al., 2015, equation 1 and section 3.3).
///
/// A point is all θ_k in the order of the curves, then σ, then the weights w_k.
struct CurveCombination: Sendable {
  /// Flat within limits: σ in 1e-6…1, weights not negative, the value at the target epoch within `plausible`, and
  /// curves that rise as `rise` demands.
  struct Prior: Sendable {
    let rise: ParametricEnsemble.Rise
    let plausible: ClosedRange<Double>
    /// The last epoch that anything is predicted for.
    let targetEpoch: Int
    /// Divides the weights by their sum.
    let normalizesWeights: Bool
  }

  static let leastDeviation = 1e-6

  let curves: [ParametricCurve]
  private let prior: Prior
  private let values: [Double]
  private let importance: [Double]
  private let epochs: [(x: Double, log: Double)]
  /// Where curves must rise.
  private let grid: [(x: Double, log: Double)]

  init(_ curves: [ParametricCurve], _ values: [Double], importance: [Double], firstEpoch: Int, prior: Prior) {
    self.curves = curves
    self.values = values
    self.importance = importance
    self.prior = prior
    epochs = values.indices.map { (Double(firstEpoch + $0), Foundation.log(Double(firstEpoch + $0))) }
    let end = Double(prior.targetEpoch)
    let points: [Double]
    switch prior.rise {
    case .anywhere: points = [end]
    case .atTheEnd: points = [min(2, end), end]
    case .everywhere: points = (0..<50).map { min(2, end) + (end - min(2, end)) * Double($0) / 49 }
    }
    grid = points.map { ($0, Foundation.log($0)) }
  }

  /// Where σ stands in a point; the weights follow.
  var deviationPlace: Int { curves.reduce(0) { $0 + $1.parameterCount } }
  var dimension: Int { deviationPlace + 1 + curves.count }

  /// The point of fitted curves with equal weights `weight`, σ being the deviation of what they leave.
  func point(_ fits: [CurveFit], weight: Double) -> [Double] {
    var point = fits.flatMap(\.parameters) + [1] + fits.map { _ in weight }
    let (sum, total) = point.withUnsafeBufferPointer { residuals($0.baseAddress.unsafelyUnwrapped) }
    point[deviationPlace] = max((sum / total).squareRoot(), Self.leastDeviation)
    return point
  }

  /// The combined curve at an epoch.
  func value(at epoch: Double, _ point: UnsafePointer<Double>) -> Double { value(epoch, log(epoch), point) }

  /// ln of the posterior density without its constant; -∞ outside of the prior's limits.
  func logDensity(_ point: UnsafePointer<Double>) -> Double {
    let deviation = point[deviationPlace]
    guard deviation >= Self.leastDeviation, deviation <= 1, allows(point) else { return -.infinity }
    let (sum, total) = residuals(point)
    let density = -total * log(deviation) - sum / (2 * deviation * deviation)
    return density.isFinite ? density : -.infinity
  }

  /// Whether weights and every single curve keep within the prior's limits.
  private func allows(_ point: UnsafePointer<Double>) -> Bool {
    let weights = point + deviationPlace + 1
    for index in curves.indices where !(weights[index] >= 0) { return false }
    var parameters = point
    for curve in curves {
      guard allows(curve, parameters) else { return false }
      parameters += curve.parameterCount
    }
    return true
  }

  /// Whether one curve rises and ends as the prior demands.
  func allows(_ curve: ParametricCurve, _ parameters: UnsafePointer<Double>) -> Bool {
    var previous = -Double.infinity
    for (x, log) in grid {
      let value = curve.value(x, log, parameters)
      guard value >= previous else { return false }
      previous = value
    }
    return prior.plausible.contains(previous)
  }

  /// Σ importance (y - f)² and Σ importance.
  private func residuals(_ point: UnsafePointer<Double>) -> (sum: Double, total: Double) {
    var sum = 0.0
    var total = 0.0
    for index in values.indices {
      let residual = value(epochs[index].x, epochs[index].log, point) - values[index]
      sum += importance[index] * residual * residual
      total += importance[index]
    }
    return (sum, total)
  }

  private func value(_ x: Double, _ logX: Double, _ point: UnsafePointer<Double>) -> Double {
    let weights = point + deviationPlace + 1
    var parameters = point
    var sum = 0.0
    var total = 0.0
    for index in curves.indices {
      sum += weights[index] * curves[index].value(x, logX, parameters)
      total += weights[index]
      parameters += curves[index].parameterCount
    }
    return prior.normalizesWeights ? sum / total : sum
  }
}
