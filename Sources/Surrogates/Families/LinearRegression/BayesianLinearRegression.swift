import Foundation

/// Linear regression whose noise and weights' prior are those of the greatest evidence (MacKay, 1992; Tipping, 2001), as
/// scikit-learn's `BayesianRidge`, on columns and values of variance 1.
public struct BayesianLinearRegression: PredictorMethod {
  public let name = "bayesian-linear-regression"
  public var encodings: [EncodingChoice] = [.slots]
  public var iterations = 300
  /// Stops where all weights together change less.
  public var tolerance = 1e-3
  /// Shape and rate of the gamma priors of both precisions.
  public var hyperprior = 1e-6

  public init() {}

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    guard iterations >= 1, tolerance > 0, hyperprior >= 0, hyperprior.isFinite else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "iterations, tolerance, hyperprior",
        found: "\(iterations), \(tolerance), \(hyperprior)",
        allowed: "1 and more, above 0, 0 and more")
    }
    return try LinearPredictor.learn(training, encodings, name: name, solve).predictor
  }

  package func solve(_ problem: LinearProblem) throws -> LinearFit {
    let count = Double(problem.count)
    let eigenvalues = problem.decomposition.values.map { $0 * $0 }
    let variance = problem.values.reduce(0) { $0 + $1 * $1 } / count
    var noisePrecision = 1 / (variance + .ulpOfOne)
    var weightPrecision = 1.0
    var weights: [Double] = []
    func residuals() -> Double {
      let penalty = weightPrecision / noisePrecision
      let fitted = problem.rows(eigenvalues.map { $0 / ($0 + penalty) })
      return zip(fitted, problem.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    for iteration in 0..<iterations {
      let before = weights
      weights = problem.weights(penalty: weightPrecision / noisePrecision)
      let squares = residuals()
      // How many weights the values determine.
      let determined = eigenvalues.reduce(0) { $0 + noisePrecision * $1 / (weightPrecision + noisePrecision * $1) }
      let norm = weights.reduce(0) { $0 + $1 * $1 }
      weightPrecision = (determined + 2 * hyperprior) / (norm + 2 * hyperprior)
      noisePrecision = (count - determined + 2 * hyperprior) / (squares + 2 * hyperprior)
      guard weightPrecision.isFinite, noisePrecision.isFinite, weightPrecision > 0, noisePrecision > 0 else {
        throw SurrogatesError.numerics("the evidence of \(name) has no maximum for these values")
      }
      if iteration > 0, zip(before, weights).reduce(0, { $0 + abs($1.0 - $1.1) }) < tolerance { break }
    }
    let penalty = weightPrecision / noisePrecision
    let shares = eigenvalues.map { $0 / ($0 + penalty) }
    return LinearFit(
      weights: problem.weights(penalty: penalty), noiseVariance: 1 / noisePrecision,
      variances: eigenvalues.map { 1 / (noisePrecision * $0 + weightPrecision) }, otherVariance: 1 / weightPrecision,
      interceptVariance: 0, fitted: problem.rows(shares),
      fittedVariances: problem.squares(shares).map { $0 / noisePrecision })
  }
}
