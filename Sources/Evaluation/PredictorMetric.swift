import Statistics
package import Surrogates

/// What is measured of a predictor in one trial.
public enum PredictorMetric: String, CaseIterable, Hashable, Sendable, Codable, CodingKeyRepresentable {
  case mae, rmse
  /// In percent of the true value.
  case mape
  case r2, pearson
  /// |r|, as NASLib reports it.
  case pearsonAbsolute = "pearson_abs"
  case spearman, kendall
  /// Kendall's tau-b of predictions rounded to two decimals and to one, in percent where values are fractions.
  case kendallTwoDecimals = "kendall_2dec"
  case kendallOneDecimal = "kendall_1dec"
  case precision10 = "precision_10"
  case precision20 = "precision_20"
  /// How much worse the best of the top k by prediction is than the best of the test set.
  case regret1 = "regret_1"
  case regret10 = "regret_10"
  /// Shares of true values in the central intervals of predictive distributions.
  case coverage50 = "coverage_50"
  case coverage80 = "coverage_80"
  case coverage95 = "coverage_95"
  /// The mean predicted standard deviation.
  case sharpness
  /// The mean negative log likelihood, in nats, and that of the same means with one width for all.
  case likelihood = "nll"
  case constantLikelihood = "nll_constant_width"
  /// Of the fit, without encoding.
  case fitSeconds = "fit_seconds"
  /// Of a prediction, a test architecture, without encoding.
  case querySeconds = "query_seconds"

  /// For headings of tables.
  public var title: String {
    switch self {
    case .mae: "MAE"
    case .rmse: "RMSE"
    case .mape: "MAPE"
    case .r2: "R2"
    case .pearson: "Pearson"
    case .pearsonAbsolute: "|Pearson|"
    case .spearman: "Spearman"
    case .kendall: "tau"
    case .kendallTwoDecimals: "tau, 2 decimals"
    case .kendallOneDecimal: "tau, 1 decimal"
    case .precision10: "precision@10"
    case .precision20: "precision@20"
    case .regret1: "regret@1"
    case .regret10: "regret@10"
    case .coverage50: "coverage 50 %"
    case .coverage80: "coverage 80 %"
    case .coverage95: "coverage 95 %"
    case .sharpness: "mean sd"
    case .likelihood: "NLL"
    case .constantLikelihood: "NLL, one width"
    case .fitSeconds: "fit s"
    case .querySeconds: "query s"
    }
  }

  /// Nil where neither way is better: coverage should meet its level, and sharpness alone says nothing.
  public var largerIsBetter: Bool? {
    switch self {
    case .r2, .pearson, .pearsonAbsolute, .spearman, .kendall, .kendallTwoDecimals, .kendallOneDecimal, .precision10,
      .precision20:
      true
    case .mae, .rmse, .mape, .regret1, .regret10, .likelihood, .fitSeconds, .querySeconds: false
    case .coverage50, .coverage80, .coverage95, .sharpness, .constantLikelihood: nil
    }
  }

  /// The unit of the metric where values are in `unit`; `1` for a number without unit.
  package func unit(ofValues unit: String) -> String {
    switch self {
    case .mae, .rmse, .regret1, .regret10, .sharpness: unit
    case .mape: "percent"
    case .likelihood, .constantLikelihood: "nat"
    case .fitSeconds, .querySeconds: "second"
    default: "1"
    }
  }

  /// Whether it means something for scores too, which have no unit.
  var isOfOrder: Bool {
    switch self {
    case .pearson, .pearsonAbsolute, .spearman, .kendall, .precision10, .precision20, .regret1, .regret10: true
    default: false
    }
  }

  /// All that is defined of `predictions`, but for times.
  package static func values(
    _ predictions: [Prediction], truth: [Double], largerIsBetter: Bool, scale: Double
  ) -> [PredictorMetric: Double] {
    let truth = truth.map { $0 * scale }
    let means = predictions.map { $0.mean * scale }
    let deviations = predictions.map { $0.standardDeviation * scale }
    let found = PredictionMetrics(truth: truth, predictions: means, largerIsBetter: largerIsBetter)
    let honesty = CalibrationMetrics(truth: truth, means: means, deviations: deviations)
    var values: [PredictorMetric: Double] = [:]
    values[.mae] = found.meanAbsoluteError
    values[.rmse] = found.rootMeanSquaredError
    values[.mape] = found.meanAbsolutePercentageError
    values[.r2] = found.r2
    values[.pearson] = found.pearson
    values[.pearsonAbsolute] = found.pearson.map(abs)
    values[.spearman] = found.spearman
    values[.kendall] = found.kendallTauB
    values[.kendallTwoDecimals] = found.kendallTauB(roundingTo: 2)
    values[.kendallOneDecimal] = found.kendallTauB(roundingTo: 1)
    values[.precision10] = found.precision(at: 10)
    values[.precision20] = found.precision(at: 20)
    values[.regret1] = found.regret(ofBest: 1)
    values[.regret10] = found.regret(ofBest: 10)
    if honesty.isProbabilistic {
      values[.coverage50] = honesty.coverage(of: 0.5)
      values[.coverage80] = honesty.coverage(of: 0.8)
      values[.coverage95] = honesty.coverage(of: 0.95)
      values[.sharpness] = honesty.meanDeviation
      values[.likelihood] = honesty.negativeLogLikelihood
      values[.constantLikelihood] = honesty.constantWidthNegativeLogLikelihood
    }
    return values
  }
}
