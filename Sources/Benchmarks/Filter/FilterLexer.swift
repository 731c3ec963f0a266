/// Cuts a filter's text into tokens, one at a time. Total: any text gives tokens or a ``FilterError``.
struct FilterLexer {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The column of the byte `offset`: one more than the Unicode scalars before it.
  func column(at offset: Int) -> Int {
    1 + bytes[..<offset].reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
  }

  /// The next token; `end` from the end on.
  mutating func next() throws(FilterError) -> FilterToken {
    let start = position
    while position < bytes.count, FilterWords.isSpace(bytes[position]) { position += 1 }
    guard position < bytes.count else { return FilterToken(kind: .end, offset: bytes.count) }
    let offset = position
    return FilterToken(kind: try kind(startsAt: offset, afterSpace: offset > start), offset: offset)
  }

  private mutating func kind(startsAt offset: Int, afterSpace: Bool) throws(FilterError) -> FilterToken.Kind {
    let byte = bytes[offset]
    switch byte {
    case UInt8(ascii: "'"):
      return .text(try quoted(byte))
    case UInt8(ascii: "\""):
      return .quotedName(try quoted(byte))
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","):
      position += 1
      return .mark(Character(Unicode.Scalar(byte)))
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"):
      return .comparison(run { $0 == 0x3d || $0 == 0x21 || $0 == 0x3c || $0 == 0x3e })
    case UInt8(ascii: ":"):
      position += 1
      guard position < bytes.count, FilterWords.isLetter(bytes[position]) else {
        position = offset
        return other()
      }
      return .parameter(run(FilterWords.isNamePart))
    case UInt8(ascii: ".") where !afterSpace && offset > 0 && (follows(offset, "\"") || follows(offset, "]")):
      position += 1
      return .dot
    case _ where FilterWords.isLetter(byte):
      return .word(run(FilterWords.isWordPart))
    case _
    where FilterWords.isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "."):
      return .digits(numberRun())
    default:
      return other()
    }
  }

  private func follows(_ offset: Int, _ mark: Unicode.Scalar) -> Bool {
    bytes[offset - 1] == UInt8(ascii: mark)
  }

  private mutating func run(_ belongs: (UInt8) -> Bool) -> String {
    let start = position
    while position < bytes.count, belongs(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// As a word, and a sign may stand at the beginning and behind an `e`.
  private mutating func numberRun() -> String {
    let start = position
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      let isExponentSign = byte == UInt8(ascii: "+") && bytes[position - 1] | 0x20 == UInt8(ascii: "e")
      guard FilterWords.isWordPart(byte) || isExponentSign else { break }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// The text between two `mark`s; a doubled mark inside is one.
  private mutating func quoted(_ mark: UInt8) throws(FilterError) -> String {
    let start = position
    var inside: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == mark {
        guard position < bytes.count, bytes[position] == mark else { return String(decoding: inside, as: UTF8.self) }
        position += 1
      }
      inside.append(byte)
    }
    throw .unterminated(column: column(at: start), quote: String(Unicode.Scalar(mark)))
  }

  /// One character that begins nothing. The bytes come from a `String`, so they are valid UTF-8.
  private mutating func other() -> FilterToken.Kind {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] & 0xc0 == 0x80 { position += 1 }
    let scalar = String(decoding: bytes[start..<position], as: UTF8.self).unicodeScalars.first
    return .other(scalar ?? "\u{fffd}")
  }
}
