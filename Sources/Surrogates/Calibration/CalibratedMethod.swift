/// A method whose deviations are made honest by held-out values: what `fit` stores, whichever predictor was chosen.
///
/// The method is cross-validated; from the held-out means, deviations and values follows an ``IntervalCalibration``, which
/// every answer of the fit to all rows goes through. Means stay what they are, to the last bit; so do deviations that
/// held-out values give no cause to change.
public struct CalibratedMethod: HoldingOutMethod {
  public let method: any PredictorMethod
  /// Parts of the cross-validation; as many as rows where these are fewer.
  public let folds: Int

  public init(_ method: any PredictorMethod, folds: Int = 5) {
    self.method = method
    self.folds = folds
  }

  public var name: String { method.name }
  public var encodings: [EncodingChoice] { method.encodings }
  public var transform: TargetTransform { method.transform }
  public func unlabelledCount(for count: Int) -> Int { method.unlabelledCount(for: count) }
  public func limits(for count: Int) -> [LearningLimit] { method.limits(for: count) }
  public func seeing(_ choices: [EncodingChoice]) throws -> any PredictorMethod {
    CalibratedMethod(try method.seeing(choices), folds: folds)
  }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try fitHoldingOut(training, seed: seed).predictor
  }

  /// The fit, and what it would have said of each training row had it not seen it: neither the prediction nor its
  /// calibration knows the row's fold.
  ///
  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)`` for fewer than two folds, and what the method
  /// throws. One fit, and one a fold.
  public func fitHoldingOut(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit {
    try fitHoldingOut(training, seed: seed, progress: nil)
  }

  /// The same; `progress` hears of each fit that is done.
  public func fitHoldingOut(
    _ training: TrainingSet, seed: UInt64, progress: ((FitProgress) -> Void)?
  ) throws -> HeldOutFit {
    guard training.count >= 2 else { throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2) }
    let total = min(folds, training.count) + 1
    let validation = try CrossValidation(of: method, on: training, folds: total - 1, seed: seed) {
      progress?(FitProgress(done: $0.done, total: total))
    }
    let calibration = IntervalCalibration(ifAskedForBy: validation.predictions, truth: training.values)
    let predictor = try method.fit(training, seed: seed)
    progress?(FitProgress(done: total, total: total))
    return HeldOutFit(
      predictor: calibration.map { CalibratedPredictor(inner: predictor, calibration: $0) } ?? predictor,
      heldOut: validation.calibrated(truth: training.values))
  }
}

extension CrossValidation {
  /// The predictions as a surrogate would have made them: each row's deviation is calibrated by the other folds.
  func calibrated(truth: [Double]) -> [Prediction] {
    var honest = predictions
    for fold in 0..<(folds.max() ?? -1) + 1 {
      let others = folds.indices.filter { folds[$0] != fold }
      let calibration = IntervalCalibration(
        ifAskedForBy: others.map { predictions[$0] }, truth: others.map { truth[$0] })
      guard let calibration else { continue }
      for row in folds.indices where folds[row] == fold { honest[row] = calibration.apply(predictions[row]) }
    }
    return honest
  }
}
