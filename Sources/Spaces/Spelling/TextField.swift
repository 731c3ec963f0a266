/// A piece of an architecture's spelling that knows where it stands, so that errors can say so.
struct TextField {
  let bytes: ArraySlice<UInt8>
  /// Bytes of the whole spelling before this piece, plus 1.
  let column: Int

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private init(bytes: ArraySlice<UInt8>, column: Int) {
    self.bytes = bytes
    self.column = column
  }

  /// The whole spelling without the white space around it. Throws for more than `maximumLength` bytes and for bytes
  /// outside ASCII.
  init(_ text: String, maximumLength: Int) throws {
    let bytes = Array(text.utf8.prefix(maximumLength + 1))
    guard bytes.count <= maximumLength else {
      throw SpacesError.textLength(found: text.utf8.count, maximum: maximumLength)
    }
    if let position = bytes.firstIndex(where: { $0 >= 0x80 }) {
      throw SpacesError.text(
        section: "architecture", column: position + 1, found: String(decoding: bytes[position...], as: UTF8.self),
        allowed: ["printable ASCII"], suggestion: nil)
    }
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let start = bytes.firstIndex { !isSpace($0) } ?? bytes.endIndex
    let stop = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    self.init(bytes: bytes[start..<stop], column: start + 1)
  }

  /// The same piece in lower case.
  var lowercased: TextField {
    let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    return TextField(bytes: lower[...], column: column)
  }

  /// The pieces between separators, empty ones too: one more than there are separators.
  func split(at separator: Character, maximumSplits: Int = Int.max) -> [TextField] {
    bytes.split(separator: separator.asciiValue ?? 0, maxSplits: maximumSplits, omittingEmptySubsequences: false).map {
      TextField(bytes: $0, column: column + $0.startIndex - bytes.startIndex)
    }
  }

  /// A decimal integer without sign or leading zeros. Throws for all else and for values outside `range`.
  func integer(_ section: String, in range: ClosedRange<Int>) throws -> Int {
    let isPlain = bytes.allSatisfy { (0x30...0x39).contains($0) } && (bytes.first != 0x30 || bytes.count == 1)
    guard isPlain, let value = Int(text), range.contains(value) else {
      throw error(section, allowed: ["\(range.lowerBound) to \(range.upperBound)"])
    }
    return value
  }

  /// The value spelled by the piece. Throws where there is none.
  func value<Value>(_ section: String, of spellings: [(String, Value)]) throws -> Value {
    guard let match = spellings.first(where: { $0.0.utf8.elementsEqual(bytes) }) else {
      throw error(section, allowed: spellings.map(\.0))
    }
    return match.1
  }

  /// The error that says what stands here and what may.
  func error(_ section: String, allowed: [String]) -> SpacesError {
    SpacesError.text(section: section, column: column, found: text, allowed: allowed, suggestion: nil)
  }
}
