/// A text as spaces read it: ASCII of bounded length, in lower case, without the white space around it.
struct PlainText {
  /// Longer than any canonical text of a built-in space by some white space; the longest has 144 bytes.
  static let maximumLength = 256

  let bytes: ArraySlice<UInt8>
  /// Where ``bytes`` begins in the text, in bytes from 1.
  let column: Int

  /// Throws ``SpacesError/textLength(found:maximum:)``, or ``SpacesError/text(section:column:found:allowed:suggestion:)``
  /// with the characters in `allowed` for what is not ASCII.
  init(_ text: String, allowed: [String]) throws {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.maximumLength else {
      throw SpacesError.textLength(found: bytes.count, maximum: Self.maximumLength)
    }
    if let position = bytes.firstIndex(where: { $0 >= 0x80 }) {
      throw SpacesError.text(
        section: "architecture", column: position + 1, found: String(decoding: bytes[position...], as: UTF8.self),
        allowed: allowed, suggestion: nil)
    }
    let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let start = lower.firstIndex { !isSpace($0) } ?? lower.endIndex
    let stop = lower.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    self.bytes = lower[start..<stop]
    column = start + 1
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The two sides of `name:value` where what stands before the first colon is letters.
  var form: (name: String, value: String)? {
    let name = bytes.prefix { $0 != UInt8(ascii: ":") }
    guard name.endIndex < bytes.endIndex, !name.isEmpty, name.allSatisfy({ (0x61...0x7A).contains($0) }) else {
      return nil
    }
    return (String(decoding: name, as: UTF8.self), String(decoding: bytes[(name.endIndex + 1)...], as: UTF8.self))
  }
}

/// A decimal number in `0..<bound` without sign, blanks and leading zeros, behind `form:`.
///
/// Throws ``SpacesError/identifier(form:found:allowed:)``.
func readNumber(_ text: String, form: String, below bound: Int) throws -> Int {
  guard let number = Int(text), (0..<bound).contains(number), "\(number)" == text else {
    throw SpacesError.identifier(form: form, found: text, allowed: "0 to \(bound - 1)")
  }
  return number
}
