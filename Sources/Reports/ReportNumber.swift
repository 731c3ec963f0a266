import Evaluation
import Foundation

/// Numbers of an evaluation, short enough for a column.
enum ReportNumber {
  /// Three decimals for what lies in -1…1, three significant digits for errors and times; `1.2e-05` for what is tiny.
  static func text(_ value: Double, of metric: PredictorMetric) -> String {
    guard let decimals = decimals(value, metric) else { return value == 0 ? "0" : String(format: "%.1e", value) }
    return String(format: "%.\(decimals)f", value)
  }

  /// A standard deviation with the decimals of the mean that it belongs to.
  static func deviation(_ value: Double, ofMean mean: Double, _ metric: PredictorMetric) -> String {
    guard let decimals = decimals(mean, metric) else { return value == 0 ? "0" : String(format: "%.0e", value) }
    return String(format: "%.\(decimals)f", value)
  }

  /// Nil for numbers that are written as powers of ten, and for 0.
  private static func decimals(_ value: Double, _ metric: PredictorMetric) -> Int? {
    let size = abs(value)
    switch metric {
    case .fitSeconds, .querySeconds, .mae, .rmse, .mape, .regret1, .regret10, .sharpness: break
    default: if size < 1_000 { return size < 99.9995 ? 3 : 1 }
    }
    guard size < 99_999.5, size >= 0.001 else { return nil }
    return max(0, min(4, 2 - Int(log10(size).rounded(.down))))
  }
}
