import Evaluation
import Foundation

/// Numbers of an evaluation, short enough for a column.
enum ReportNumber {
  /// Three decimals for what lies in -1…1, three significant digits for errors and times.
  static func text(_ value: Double, of metric: PredictorMetric) -> String {
    switch metric {
    case .fitSeconds, .querySeconds, .mae, .rmse, .regret1, .regret10, .sharpness: significant(value)
    default: abs(value) < 1_000 ? String(format: "%.3f", value) : significant(value)
    }
  }

  private static func significant(_ value: Double) -> String {
    let size = abs(value)
    if size == 0 { return "0" }
    if size >= 99_999.5 || size < 0.000_999_5 { return String(format: "%.1e", value) }
    let decimals = max(0, 2 - Int(log10(size).rounded(.down)))
    return String(format: "%.\(decimals)f", value)
  }
}
