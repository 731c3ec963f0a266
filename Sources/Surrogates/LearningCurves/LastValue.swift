/// Runs end as they stand: the last value seen of the curve is the prediction. The baseline of the field (Domhan
/// et al., 2015; NASLib's early stopping).
public struct LastValue: CurvePredictorMethod {
  public let name = "last-value"

  public init() {}

  public func fit(_ training: CurveTrainingSet, seed: UInt64) throws -> any CurvePredictor {
    CurveStatistic(.last, training)
  }
}
