extension JSONReader {
  /// Nil, with ``place`` where the text began, for what is no text of JSON in UTF-8, or longer than ``longestText``.
  mutating func string() -> Text? {
    skipBlanks()
    let start = place
    guard accept("\"") else { return nil }
    let limit = min(bytes.count, place + Self.longestText + 1)
    var isPlain = true
    var hasEscapes = false
    while true {
      while place + 8 <= limit {
        let specials = Self.specials(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        guard specials == 0 else {
          place += specials.trailingZeroBitCount >> 3
          break
        }
        place += 8
      }
      guard place < limit, bytes[place] != UInt8(ascii: "\"") else { break }
      let byte = bytes[place]
      if byte < 0x20 { break }
      if byte >= 0x80 { isPlain = false }
      if byte == UInt8(ascii: "\\") { hasEscapes = true }
      place += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard place < limit, bytes[place] == UInt8(ascii: "\"") else {
      place = start
      return nil
    }
    let found = start + 1..<place
    place += 1
    if isPlain, !hasEscapes { return .plain(found) }
    let text = UnsafeRawBufferPointer(rebasing: bytes[found])
    guard let decoded = hasEscapes ? Self.unescaped(text) : String(validating: text, as: UTF8.self) else {
      place = start
      return nil
    }
    return .decoded(decoded)
  }

  /// The high bits of those of eight bytes that are a quotation mark, a backslash, a control or beyond ASCII. Each is
  /// found by the bit that a subtraction leaves in its byte; a borrow may find one too many, but only behind a true one.
  @inline(__always)
  private static func specials(_ littleEndian: UInt64) -> UInt64 {
    let word = UInt64(littleEndian: littleEndian)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let marks = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let escapes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let found = word | (word &- ones &* 0x20) | (marks &- ones) | (escapes &- ones)
    return found & (ones &* 0x80)
  }

  private static func unescaped(_ text: UnsafeRawBufferPointer) -> String? {
    var found: [UInt8] = []
    found.reserveCapacity(text.count)
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        found.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "\""): found.append(UInt8(ascii: "\""))
      case UInt8(ascii: "\\"): found.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "/"): found.append(UInt8(ascii: "/"))
      case UInt8(ascii: "b"): found.append(0x08)
      case UInt8(ascii: "f"): found.append(0x0C)
      case UInt8(ascii: "n"): found.append(0x0A)
      case UInt8(ascii: "r"): found.append(0x0D)
      case UInt8(ascii: "t"): found.append(0x09)
      case UInt8(ascii: "u"):
        guard let scalar = scalar(&rest) else { return nil }
        found.append(contentsOf: String(scalar).utf8)
      default: return nil
      }
    }
    return String(validating: found, as: UTF8.self)
  }

  /// The scalar behind `\u`: four digits, or a pair of surrogates.
  private static func scalar(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar? {
    guard let high = fourDigits(&rest) else { return nil }
    guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
    guard rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return nil }
    rest = rest.dropFirst(2)
    guard let low = fourDigits(&rest), (0xDC00..<0xE000).contains(low) else { return nil }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }

  private static func fourDigits(_ rest: inout Slice<UnsafeRawBufferPointer>) -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { rest = rest.dropFirst(4) }
    return rest.prefix(4).reduce(into: UInt32?(0)) { number, byte in
      let digit: UInt32? =
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x37)
        case 0x61...0x66: UInt32(byte - 0x57)
        default: nil
        }
      number = number.flatMap { known in digit.map { known << 4 | $0 } }
    }
  }
}
