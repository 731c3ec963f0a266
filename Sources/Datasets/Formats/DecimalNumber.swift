/// Decimal text to the nearest Double. Short numbers (15 digits, 22 places) take the exact path of Clinger (1990):
/// an integer below 2^53 divided by an exact power of ten; all else goes to the standard library.
enum DecimalNumber {
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// Nil for anything but a finite decimal number.
  static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    var position = 0
    var negative = false
    if position < text.count, text[position] == UInt8(ascii: "-") {
      negative = true
      position += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var places = 0
    var afterPoint = false
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "."), !afterPoint {
        afterPoint = true
      } else {
        let digit = byte &- UInt8(ascii: "0")
        guard digit < 10, digits < 15 else { return slow(text) }
        mantissa = mantissa * 10 + UInt64(digit)
        digits += 1
        if afterPoint { places += 1 }
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    let magnitude = Double(mantissa) / powers[places]
    return negative ? -magnitude : magnitude
  }

  private static func slow(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    let allowed = text.allSatisfy { byte in
      byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
    }
    guard allowed, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }
}
