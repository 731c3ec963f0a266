public import Surrogates

/// What a surrogate adds to a curve that it gives.
public struct PredictedCurve: Hashable, Sendable, Codable {
  /// The standard deviations, by epoch, that repeated trainings would have and of what the surrogate does not know.
  public let aleatoric: [Double]
  public let epistemic: [Double]
  /// How the curves of the surrogate were learnt and how well they do.
  public let curves: CurveReport
  public let surrogate: SurrogateSummary

  init(_ curve: [Prediction], _ curves: SurrogateCurves, _ surrogate: SurrogateSummary) {
    aleatoric = curve.map(\.aleatoric)
    epistemic = curve.map(\.epistemic)
    self.curves = curves.report
    self.surrogate = surrogate
  }
}

/// One run as it might have been: a prediction with the scatter of repeated runs.
public struct SimulatedValue: Hashable, Sendable, Codable {
  /// Chosen by the client; the same number and architecture give the same run.
  public let number: UInt64
  /// The epoch whose scatter it has.
  public let epoch: Int
  /// What it scatters around, and the standard deviation of runs there.
  public let mean: Double
  public let deviation: Double
}

/// The curve of one run as it might have been.
public struct SimulatedCurve: Hashable, Sendable, Codable {
  /// Chosen by the client; the same number and architecture give the same run.
  public let number: UInt64
  public let values: [CurveAnswer.EpochValue]
}
