/// A fitted predictor, and what is predicted of each of its training rows by a fit that has not seen the row.
public struct HeldOutFit: Sendable {
  public let predictor: any Predictor
  /// One a row of the training set, in its order.
  public let heldOut: [Prediction]

  public init(predictor: any Predictor, heldOut: [Prediction]) {
    self.predictor = predictor
    self.heldOut = heldOut
  }
}

/// A method that knows its held-out predictions without fitting again.
public protocol HoldingOutMethod: PredictorMethod {
  /// ``PredictorMethod/fit(_:seed:)`` with predictions of each row as if it had been left out.
  func fitHoldingOut(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit
}

extension PredictorMethod {
  /// A fit with held-out predictions: the method's own where it has them, else those of a cross-validation.
  func fitHoldingOut(_ training: TrainingSet, folds: Int, seed: UInt64) throws -> HeldOutFit {
    if let holding = self as? any HoldingOutMethod { return try holding.fitHoldingOut(training, seed: seed) }
    let validation = try CrossValidation(of: self, on: training, folds: min(folds, training.count), seed: seed)
    return HeldOutFit(predictor: try fit(training, seed: seed), heldOut: validation.predictions)
  }
}
