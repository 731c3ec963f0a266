import Statistics

/// What a predictor says of one architecture: a normal distribution whose variance has two parts.
public struct Prediction: Hashable, Sendable, Codable {
  public var mean: Double
  /// The standard deviation of measurements around their expectation: seeds, noise; more data does not shrink it.
  public var aleatoric: Double
  /// The standard deviation of the expectation itself: what the predictor has not seen enough of.
  public var epistemic: Double

  public init(mean: Double, aleatoric: Double = 0, epistemic: Double = 0) {
    self.mean = mean
    self.aleatoric = aleatoric
    self.epistemic = epistemic
  }

  /// The standard deviation of a measurement: √(aleatoric² + epistemic²).
  public var standardDeviation: Double { (aleatoric * aleatoric + epistemic * epistemic).squareRoot() }
}

extension Prediction {
  /// The two ends of the interval around the mean that holds a measurement with probability `coverage`.
  public func interval(_ coverage: Double) -> [Double] {
    let half = NormalDistribution.quantile((1 + coverage) / 2) * standardDeviation
    return [mean - half, mean + half]
  }
}
