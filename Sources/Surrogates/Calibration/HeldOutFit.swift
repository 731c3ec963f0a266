/// A fitted predictor, and what is predicted of each of its training rows by a fit that has not seen the row.
public struct HeldOutFit: Sendable {
  public let predictor: any Predictor
  /// One a row of the training set, in its order.
  public let heldOut: [Prediction]

  public init(predictor: any Predictor, heldOut: [Prediction]) {
    self.predictor = predictor
    self.heldOut = heldOut
  }

  /// Of a predictor that learnt from `rows` of `training`, ascending, of which it knows what it would have said: the
  /// others it has not seen.
  init(predictor: any Predictor, knowing known: [Prediction], of rows: [Int], in training: TrainingSet) throws {
    self.predictor = predictor
    guard rows.count < training.count else {
      heldOut = known
      return
    }
    let drawn = Set(rows)
    let others = (0..<training.count).filter { !drawn.contains($0) }
    var heldOut = [Prediction](repeating: Prediction(mean: .nan), count: training.count)
    for (row, prediction) in zip(rows, known) { heldOut[row] = prediction }
    for (row, prediction) in zip(others, try predictor.predict(training.features.rows(others))) {
      heldOut[row] = prediction
    }
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
