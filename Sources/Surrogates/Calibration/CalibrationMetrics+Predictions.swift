public import Statistics

extension CalibrationMetrics {
  /// The honesty of `predictions` about as many true values: by their means and the deviations of measurements.
  public init(truth: [Double], predictions: [Prediction]) {
    self.init(truth: truth, means: predictions.map(\.mean), deviations: predictions.map(\.standardDeviation))
  }
}
