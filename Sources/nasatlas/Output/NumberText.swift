import Foundation

/// Numbers as people read them.
enum NumberText {
  /// Four decimals for a value of a metric; `nan` and `inf` as they are.
  static func value(_ value: Double) -> String {
    value.isFinite ? String(format: "%.4f", value) : "\(value)"
  }

  /// Any field: whole numbers with their digits in groups of three, others as ``value(_:)`` unless they are so small or so
  /// large that four decimals say little.
  static func field(_ value: Double) -> String {
    if value == value.rounded(), let whole = Int64(exactly: value) { return count(whole) }
    let size = abs(value)
    return size.isFinite && (size < 1e-3 || size >= 1e7) ? String(format: "%.4g", value) : self.value(value)
  }

  /// Digits in groups of three.
  static func count(_ number: some BinaryInteger) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  /// Bytes in the largest fitting unit of 1,000.
  static func bytes(_ number: Int) -> String {
    var value = Double(number)
    for unit in ["bytes", "kB", "MB", "GB"] {
      if value < 1_000 { return unit == "bytes" ? "\(number) bytes" : String(format: "%.1f %@", value, unit) }
      value /= 1_000
    }
    return String(format: "%.1f TB", value)
  }
}
