import Statistics

extension QualityReport {
  /// The figures of out-of-fold `predictions` of as many `values`.
  init(values: [Double], predictions: [Prediction], runs: Int, folds: Int, largerIsBetter: Bool) {
    let count = values.count
    let bestFirst = values.indices.sorted { (values[$0] > values[$1]) == largerIsBetter && values[$0] != values[$1] }
    let parts = [
      ("best tenth", 0..<count / 10), ("best quarter", 0..<count / 4), ("second quarter", count / 4..<count / 2),
      ("third quarter", count / 2..<count * 3 / 4), ("worst quarter", count * 3 / 4..<count),
    ]
    self.init(
      architectures: count, runs: runs, lowest: values.min() ?? .nan, mean: values.reduce(0, +) / Double(max(count, 1)),
      highest: values.max() ?? .nan, folds: folds,
      overall: Figures(values, predictions, largerIsBetter),
      strata: parts.filter { $0.1.count > 1 }.map { name, places in
        let rows = bestFirst[places]
        return Stratum(
          name: name, figures: Figures(rows.map { values[$0] }, rows.map { predictions[$0] }, largerIsBetter))
      })
  }
}

extension QualityReport.Figures {
  init(_ values: [Double], _ predictions: [Prediction], _ largerIsBetter: Bool) {
    let metrics = PredictionMetrics(
      truth: values, predictions: predictions.map(\.mean), largerIsBetter: largerIsBetter)
    let calibration = CalibrationMetrics(truth: values, predictions: predictions)
    self.init(
      count: values.count, r2: metrics.r2, kendallTau: metrics.kendallTauB, spearman: metrics.spearman,
      rmse: metrics.rootMeanSquaredError ?? .nan, mae: metrics.meanAbsoluteError ?? .nan,
      coverage50: calibration.coverage(of: 0.5) ?? .nan, coverage80: calibration.coverage(of: 0.8) ?? .nan,
      coverage95: calibration.coverage(of: 0.95) ?? .nan, sharpness: calibration.meanDeviation ?? .nan,
      negativeLogLikelihood: calibration.negativeLogLikelihood,
      constantWidthNegativeLogLikelihood: calibration.constantWidthNegativeLogLikelihood)
  }
}
