/// A piece of a filter's text with the byte at which it begins.
struct FilterToken {
  enum Kind: Equatable {
    /// A run of letters, digits, `_`, `-`, `.` and `/` that begins with a letter: a name, a keyword or a bare text.
    case word(String)
    /// A run that begins with a digit, a sign or a dot: a number, or in brackets any selector.
    case digits(String)
    /// The inside of single quotes.
    case text(String)
    /// The inside of double quotes.
    case quotedName(String)
    /// `:name`, without the colon.
    case parameter(String)
    /// A run of `=`, `!`, `<` and `>`.
    case comparison(String)
    /// One of `(`, `)`, `[`, `]`, `,`.
    case mark(Character)
    /// A dot right behind a quoted name.
    case dot
    /// A character that nothing begins with.
    case other(Unicode.Scalar)
    case end
  }

  var kind: Kind
  var offset: Int

  /// The keyword this token is, in lower case; nil for other tokens.
  var keyword: String? {
    guard case .word(let word) = kind, FilterWords.isReserved(word) else { return nil }
    return word.lowercased()
  }

  /// The token as messages show it, cut after 40 characters.
  var found: String {
    switch kind {
    case .word(let word), .digits(let word), .comparison(let word): Self.cut(word)
    case .text(let text): Self.cut("'\(text)'")
    case .quotedName(let name): Self.cut("\"\(name)\"")
    case .parameter(let name): Self.cut(":\(name)")
    case .mark(let mark): String(mark)
    case .dot: "."
    case .other(let scalar):
      scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7f
        ? "the character U+\(String(scalar.value, radix: 16, uppercase: true))" : String(Character(scalar))
    case .end: Self.endWords
    }
  }

  /// What stands behind the last token.
  static let endWords = "its end"

  static func cut(_ text: String) -> String {
    text.unicodeScalars.count > 40 ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(39))) + "…" : text
  }
}
