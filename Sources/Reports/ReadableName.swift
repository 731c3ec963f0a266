import Foundation
import Records

/// Names and units as people read them: `latency_milliseconds[batch=1]` becomes "latency, batch 1 (ms)".
public enum ReadableName {
  /// The name in words, then `details` between commas, then the symbol of the unit in brackets.
  ///
  /// `unit` nil takes the unit that the name ends with, if any; `1` is a number without unit.
  public static func text(_ name: String, details: [String] = [], unit: String? = nil) -> String {
    let (words, own) = words(name)
    let label = ([words] + details).joined(separator: ", ")
    guard let symbol = symbol(unit ?? own) else { return label }
    return "\(label) (\(symbol))"
  }

  /// The name in words, without the unit that it ends with.
  public static func words(_ name: String) -> (text: String, unit: String?) {
    if let known = known[name] { return known }
    if let start = name.firstIndex(of: "["), name.last == "]" {
      let (text, unit) = words(String(name[..<start]))
      let conditions = name[name.index(after: start)...].dropLast().replacing("=", with: " ")
      return ("\(text), \(conditions)", unit)
    }
    let (stem, unit) = UnitInName.split(name)
    let words = stem.split(separator: "_").map { acronyms[$0.lowercased()] ?? String($0) }
    let text = words.joined(separator: " ")
    return (text, unit)
  }

  /// The short form of a unit; nil for numbers without unit.
  public static func symbol(_ unit: String?) -> String? {
    guard let unit, unit != "1", !unit.isEmpty else { return nil }
    return symbols[unit] ?? unit
  }

  private static let known: [String: (String, String?)] = [
    "train_seconds": ("training time", "second"),
    "score_epoch": ("best epoch", nil), "score_validation": ("best validation score", nil),
    "score_test": ("test score", nil),
  ]

  private static let acronyms = [
    "flops": "FLOPs", "auc": "AUC", "roc": "ROC", "mse": "MSE", "rmse": "RMSE", "mae": "MAE", "nll": "NLL", "f1": "F1",
    "macs": "MACs",
  ]

  private static let symbols = [
    "percent": "%", "millisecond": "ms", "microsecond": "µs", "second": "s", "byte": "B", "kilobyte": "kB",
    "megabyte": "MB", "joule": "J", "millijoule": "mJ", "watt": "W", "milliwatt": "mW",
  ]
}
