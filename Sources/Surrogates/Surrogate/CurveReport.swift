import Statistics

/// How well predicted curves do, told by those of architectures that had not been seen, and what they were learnt from.
public struct CurveReport: Hashable, Sendable, Codable {
  /// The method's name.
  public let predictor: String
  public let components: Int
  /// Architectures that were learnt from.
  public let architectures: Int
  /// Runs behind their mean curves.
  public let runs: Int
  /// T: the epochs that all of them have, ascending.
  public let epochs: [Int]
  public let folds: Int
  /// Means over the epochs of the cross-validated figures; absent where all values of every epoch are the same.
  public let r2: Double?
  public let kendallTau: Double?
  public let rmse: Double
  /// The share of mean curves within the interval that should hold 80 of 100.
  public let coverage80: Double
  /// The same of the last epoch alone.
  public let lastR2: Double?
  public let lastKendallTau: Double?
  /// Architectures with two or more runs, from which the scatter was learnt; 0 where there is none.
  public let repeated: Int

  /// The figures of out-of-fold `predictions`, N×T, of as many mean `curves`.
  init(
    _ curves: [[Double]], _ predictions: [[Prediction]], epochs: [Int], predictor: String, components: Int, runs: Int,
    folds: Int, repeated: Int
  ) {
    let byEpoch = epochs.indices.map { epoch in
      PredictionMetrics(truth: curves.map { $0[epoch] }, predictions: predictions.map { $0[epoch].mean })
    }
    func mean(_ values: [Double?]) -> Double? {
      let known = values.compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
    let coverages = epochs.indices.map { epoch in
      CalibrationMetrics(truth: curves.map { $0[epoch] }, predictions: predictions.map { $0[epoch] }).coverage(of: 0.8)
    }
    let (r2s, taus) = (byEpoch.map(\.r2), byEpoch.map(\.kendallTauB))
    self.predictor = predictor
    self.components = components
    architectures = curves.count
    self.runs = runs
    self.epochs = epochs
    self.folds = folds
    r2 = mean(r2s)
    kendallTau = mean(taus)
    rmse = mean(byEpoch.map(\.rootMeanSquaredError)) ?? .nan
    coverage80 = mean(coverages) ?? .nan
    lastR2 = r2s.last ?? nil
    lastKendallTau = taus.last ?? nil
    self.repeated = repeated
  }
}
