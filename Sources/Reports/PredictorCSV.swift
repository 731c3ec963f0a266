import Records
public import Evaluation

/// The rows of an evaluation as comma-separated values, all digits.
public enum PredictorCSV {
  /// A line a fit: candidate, split and every metric; empty where a metric is not defined, and
  /// `epochs_seen` of what sees no curves. Ends with a line feed.
  public static func text(_ results: PredictorResults) -> String {
    let metrics = PredictorMetric.allCases
    var lines = [
      CSV.line(
        ["predictor", "encoding", "transform", "train_size", "epochs_seen", "trial"] + metrics.map(\.rawValue) + [
          "failure"
        ])
    ]
    for row in results.rows {
      lines.append(
        CSV.line(
          [
            row.predictor, row.encoding, row.transform, "\(row.trainSize)", row.epochsSeen.map { "\($0)" } ?? "",
            "\(row.trial)",
          ] + metrics.map { row.values[$0].map { "\($0)" } ?? "" } + [row.failure ?? ""]))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
