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

  /// A count with its noun: `1 run`, `2 runs`.
  static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// Whole numbers as counts, others with five digits.
  static func value(_ value: Double) -> String { column([value])[0] }

  /// Numbers of one column with the same number of decimals: five digits for the largest. Nil stays nil.
  static func column(_ values: [Double?]) -> [String] {
    let known = values.compactMap(\.self).filter(\.isFinite)
    let largest = known.map(abs).max() ?? 0
    let isWhole = known.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
    let decimals = largest > 0 ? min(6, max(0, 4 - Int(log10(largest).rounded(.down)))) : 0
    return values.map { value in
      guard let value else { return "–" }
      if !value.isFinite { return "\(value)" }
      if isWhole { return count(Int64(value)) }
      if largest < 1e-3 || largest >= 1e7 { return String(format: "%.4g", value) }
      return String(format: "%.\(decimals)f", value)
    }
  }

  /// With so many digits that are not leading zeros, and no exponent for usual sizes.
  static func significant(_ value: Double, _ digits: Int) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let place = Int(log10(abs(value)).rounded(.down))
    guard (-6..<7).contains(place) else { return String(format: "%.\(digits - 1)e", value) }
    return String(format: "%.\(max(0, digits - 1 - place))f", value)
  }

  /// With its sign.
  static func change(_ value: Double) -> String { (value > 0 ? "+" : "") + String(format: "%.4f", value) }
}
