import Records

/// What a method predicts for architectures that it was not fitted to: every row by the fit to the other folds.
public struct CrossValidation: Sendable {
  /// One a row of the training set, in its order.
  public let predictions: [Prediction]
  /// The fold that each row is in, counted from 0.
  public let folds: [Int]
  /// What each fit took.
  public let fitSeconds: [Double]

  /// Fits `method` once a fold, to all rows of `training` outside of it.
  ///
  /// Rows are dealt to folds in an order that follows from `seed`, as do the seeds of the fits. Throws
  /// ``SurrogatesError/badSetting(predictor:setting:found:allowed:)`` for fewer than two folds or more folds than rows,
  /// and what the method throws. `progress` hears of each fit that is done, of as many as there are folds.
  public init(
    of method: any PredictorMethod, on training: TrainingSet, folds count: Int = 10, seed: UInt64,
    clock: some Clock<Duration> = ContinuousClock(), progress: ((FitProgress) -> Void)? = nil
  ) throws {
    guard count >= 2, count <= training.count else {
      throw SurrogatesError.badSetting(
        predictor: method.name, setting: "folds", found: "\(count)",
        allowed: "2 to \(training.count), the architectures")
    }
    var generator = SeededGenerator(seed: seed).stream("cross-validation")
    var order = Array(0..<training.count)
    generator.shuffle(&order)
    var folds = [Int](repeating: 0, count: training.count)
    for (place, row) in order.enumerated() { folds[row] = place % count }

    var predictions = [Prediction](repeating: Prediction(mean: .nan), count: training.count)
    var seconds: [Double] = []
    for fold in 0..<count {
      let inside = folds.indices.filter { folds[$0] == fold }
      let outside = try training.rows(folds.indices.filter { folds[$0] != fold })
      let start = clock.now
      let predictor = try method.fit(outside, seed: SeededGenerator.derive(seed, "fold \(fold)"))
      seconds.append(start.duration(to: clock.now) / .seconds(1))
      for (row, prediction) in zip(inside, try predictor.predict(training.features.rows(inside))) {
        predictions[row] = prediction
      }
      progress?(FitProgress(done: fold + 1, total: count))
    }
    self.predictions = predictions
    self.folds = folds
    fitSeconds = seconds
  }
}

/// How far a fit is that consists of several.
public struct FitProgress: Hashable, Sendable {
  /// Fits that are done, of ``total``.
  public let done: Int
  public let total: Int

  public init(done: Int, total: Int) {
    self.done = done
    self.total = total
  }
}
