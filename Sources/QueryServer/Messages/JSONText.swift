import NIOCore

/// Writes JSON straight into a buffer: for answers that are asked for thousands of times a second. Numbers are the
/// shortest decimals that read back to the same number; those that are not finite are the strings of canonical JSON.
struct JSONText: TextOutputStream {
  private(set) var buffer: ByteBuffer

  init(capacity: Int) {
    buffer = ByteBufferAllocator().buffer(capacity: capacity)
  }

  /// What is JSON already.
  mutating func raw(_ text: StaticString) { buffer.writeStaticString(text) }
  mutating func raw(_ text: String) { buffer.writeString(text) }
  mutating func raw(_ other: ByteBuffer) { buffer.writeImmutableBuffer(other) }

  mutating func number(_ value: Int) { buffer.writeString(String(value)) }

  mutating func number(_ value: Double) {
    guard value.isFinite else {
      return raw(value.isNaN ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"")
    }
    if value == value.rounded(), abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
      return number(Int(value))
    }
    value.write(to: &self)
  }

  mutating func write(_ text: String) { buffer.writeString(text) }

  /// The standard library gives digits of numbers this way where it can, and then no string is made of them.
  mutating func _writeASCII(_ digits: UnsafeBufferPointer<UInt8>) { buffer.writeBytes(digits) }

  /// Absent numbers are null.
  mutating func number(_ value: Double?) {
    if let value { number(value) } else { raw("null") }
  }

  mutating func text(_ value: String) {
    buffer.writeInteger(UInt8(ascii: "\""))
    var value = value
    let isPlain = value.withUTF8 { bytes in
      bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
    if isPlain {
      buffer.writeString(value)
    } else {
      for scalar in value.unicodeScalars { escaped(scalar) }
    }
    buffer.writeInteger(UInt8(ascii: "\""))
  }

  mutating func text(_ value: String?) {
    if let value { text(value) } else { raw("null") }
  }

  private mutating func escaped(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": raw("\\\"")
    case "\\": raw("\\\\")
    case "\n": raw("\\n")
    case "\r": raw("\\r")
    case "\t": raw("\\t")
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    default: buffer.writeString(String(scalar))
    }
  }
}
