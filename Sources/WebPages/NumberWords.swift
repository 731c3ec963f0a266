import Foundation

/// Numbers as pages show them.
enum NumberWords {
  /// Digits in groups of three.
  static func count(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append("\u{202F}") }
      text.append(digit)
    }
    return text
  }

  /// Whole numbers as counts, others with four decimals, or four digits where these say little.
  static func value(_ value: Double) -> String {
    if value == value.rounded(), let whole = Int64(exactly: value) { return count(whole) }
    let size = abs(value)
    return size.isFinite && (size < 1e-3 || size >= 1e7)
      ? String(format: "%.4g", value) : value.isFinite ? String(format: "%.4f", value) : "\(value)"
  }

  /// With its sign.
  static func change(_ value: Double) -> String { (value > 0 ? "+" : "") + String(format: "%.4f", value) }
}
