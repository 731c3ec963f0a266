import Foundation

/// How well a covariance with noise explains N values of mean 0: the logarithm of the marginal likelihood
/// (Rasmussen and Williams, 2006, equations 2.30 and 5.9).
package struct MarginalLikelihood<Model: CovarianceModel>: Sendable {
  package let model: Model
  /// N.
  package let values: [Double]

  package init(_ model: Model, _ values: [Double]) {
    self.model = model
    self.values = values
  }

  /// ln p(y) for the model's hyperparameters and, last, the logarithm of the noise's variance; -∞ where that is not
  /// defined.
  package func value(_ parameters: [Double]) -> Double {
    guard let posterior = try? posterior(parameters) else { return -.infinity }
    return Self.logLikelihood(posterior)
  }

  /// The same with its derivatives by all parameters.
  package func valueAndGradient(_ parameters: [Double]) -> (value: Double, gradient: [Double]) {
    guard let posterior = try? posterior(parameters), var weights = try? posterior.factor.inverse() else {
      return (-.infinity, [Double](repeating: 0, count: parameters.count))
    }
    // ∂ ln p/∂θ = ½ Σᵢⱼ (ααᵀ - K⁻¹)ᵢⱼ ∂Kᵢⱼ/∂θ.
    let count = values.count
    var trace = 0.0
    weights.values.withUnsafeMutableBufferPointer { weights in
      posterior.weights.withUnsafeBufferPointer { alpha in
        for row in 0..<count {
          for column in 0...row {
            weights[row * count + column] = (alpha[row] * alpha[column] - weights[row * count + column]) / 2
          }
          trace += weights[row * count + row]
        }
      }
    }
    let own = Array(parameters.dropLast())
    let noise = exp(parameters[parameters.count - 1])
    return (Self.logLikelihood(posterior), model.gradient(own, weights: weights) + [noise * trace])
  }

  private func posterior(_ parameters: [Double]) throws -> ConditionedProcess {
    let covariance = model.covariance(Array(parameters.dropLast()))
    return try ConditionedProcess(covariance, noiseVariance: exp(parameters[parameters.count - 1]), values: values)
  }

  private static func logLikelihood(_ posterior: ConditionedProcess) -> Double {
    let fit = zip(posterior.values, posterior.weights).reduce(0) { $0 + $1.0 * $1.1 }
    return -(fit + posterior.factor.logDeterminant + Double(posterior.values.count) * log(2 * Double.pi)) / 2
  }
}
