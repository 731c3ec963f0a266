import Foundation

/// Linear regression with a penalty on squared weights (Hoerl and Kennard, 1970), on columns of variance 1.
///
/// The penalty is that of the least leave-one-out error, in closed form; noise and weights' variances are those of the
/// normal model with this penalty as prior. O(N·C·min(N, C)).
public struct RidgeRegression: HoldingOutMethod {
  public let name = "ridge"
  public var encodings: [EncodingChoice] = [.summary]
  /// To choose from, for values of variance 1.
  public var penalties = (0..<16).map { pow(10, -1 + Double($0) / 3) }

  public init() {}

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try fitHoldingOut(training, seed: seed).predictor
  }

  public func fitHoldingOut(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit {
    guard !penalties.isEmpty, penalties.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "penalties", found: "\(penalties)", allowed: "one or more positive numbers")
    }
    return try LinearPredictor.learn(training, encodings, name: name) { try Self.solve($0, penalties: penalties) }
  }

  /// The fit of the best of `penalties`; the first of equals.
  package static func solve(_ problem: LinearProblem, penalties: [Double]) throws -> LinearFit {
    let count = Double(problem.count)
    var best: (error: Double, penalty: Double, heldOut: [Double], leverages: [Double])?
    for penalty in penalties {
      let shares = problem.decomposition.values.map { $0 * $0 / ($0 * $0 + penalty) }
      let fitted = problem.rows(shares)
      // The intercept's share of a row's own value is 1/N.
      let leverages = problem.squares(shares).map { min($0 + 1 / count, 1 - 1e-9) }
      let heldOut = problem.values.indices.map { row in
        problem.values[row] - (problem.values[row] - fitted[row]) / (1 - leverages[row])
      }
      let error = zip(heldOut, problem.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / count
      if error < best?.error ?? .infinity { best = (error, penalty, heldOut, leverages) }
    }
    guard let best else { throw SurrogatesError.numerics("no penalty gives ridge regression a finite error") }
    // Half way between the error within, which is too small, and that without, which has the weights' errors in it:
    // residuals scaled by the square root of what a row leaves to the others.
    let noise =
      zip(zip(best.heldOut, problem.values), best.leverages).reduce(0) { sum, row in
        let residual = row.0.0 - row.0.1
        return sum + residual * residual * (1 - row.1)
      } / count
    return LinearFit(
      weights: problem.weights(penalty: best.penalty), noiseVariance: noise,
      variances: problem.decomposition.values.map { noise / ($0 * $0 + best.penalty) },
      otherVariance: noise / best.penalty, interceptVariance: noise / count, fitted: best.heldOut,
      fittedVariances: best.leverages.map { noise * $0 / (1 - $0) })
  }
}
