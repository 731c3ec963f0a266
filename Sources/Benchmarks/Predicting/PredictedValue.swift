public import Surrogates

/// What a surrogate adds to an answer that it gives: how sure it is, and how well it does where the truth is known.
public struct PredictedValue: Hashable, Sendable, Codable {
  /// The standard deviation that repeated trainings would have.
  public let aleatoric: Double
  /// The standard deviation of what the surrogate does not know.
  public let epistemic: Double
  /// Between these two lies the value of a training in 80 of 100 cases.
  public let interval80: [Double]
  public let interval95: [Double]
  public let surrogate: SurrogateSummary

  init(_ prediction: Prediction, _ surrogate: SurrogateSummary) {
    aleatoric = prediction.aleatoric
    epistemic = prediction.epistemic
    interval80 = prediction.interval(0.8)
    interval95 = prediction.interval(0.95)
    self.surrogate = surrogate
  }
}
