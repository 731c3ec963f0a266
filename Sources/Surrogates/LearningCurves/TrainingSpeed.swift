/// Runs that learn faster end better: scores by sums over the beginning of a curve (Ru, Lyle et al., 2021, "Speedy
/// performance estimation for neural architecture search"; there of the training loss).
///
/// A curve of losses is summed with a minus sign, a curve of accuracies with a plus sign: a score is larger for a better
/// run. All curves are summed over the epochs that the training set says will be seen.
public struct TrainingSpeed: CurvePredictorMethod {
  /// What is summed.
  public enum Variant: Hashable, Sendable {
    /// SoTL: all epochs.
    case all
    /// SoTL-E: the last `epochs` of those seen.
    case last(epochs: Int)
    /// SoTL-EMA: the exponential moving averages e_1 = y_1, e_t = (1 - μ) e_{t-1} + μ y_t, μ being `momentum`.
    case movingAverage(momentum: Double)
  }

  public var variant: Variant
  public let answer = CurveAnswer.score

  public init(_ variant: Variant) { self.variant = variant }

  /// The sum over all epochs.
  public static let sotl = TrainingSpeed(.all)
  /// With NASLib's E = 1.
  public static let sotlE = TrainingSpeed(.last(epochs: 1))
  /// With NASLib's μ = 0.99.
  public static let sotlEMA = TrainingSpeed(.movingAverage(momentum: 0.99))

  public var name: String {
    switch variant {
    case .all: "sotl"
    case .last: "sotl-e"
    case .movingAverage: "sotl-ema"
    }
  }

  public func fit(_ training: CurveTrainingSet, seed: UInt64) throws -> any CurvePredictor {
    switch variant {
    case .all: return CurveStatistic(.sum(last: nil), training)
    case .last(let epochs):
      guard epochs >= 1 else {
        throw SurrogatesError.badSetting(predictor: name, setting: "epochs", found: "\(epochs)", allowed: "1 or more")
      }
      return CurveStatistic(.sum(last: epochs), training)
    case .movingAverage(let momentum):
      guard (0...1).contains(momentum) else {
        throw SurrogatesError.badSetting(
          predictor: name, setting: "momentum", found: "\(momentum)", allowed: "0 to 1")
      }
      return CurveStatistic(.smoothedSum(momentum: momentum), training)
    }
  }
}
