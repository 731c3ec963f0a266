/// Which characters and words mean what in the filter language.
enum FilterWords {
  /// Words with a meaning of their own, in lower case; they are recognised in any case.
  static let reserved: Set<String> = ["and", "or", "not", "in", "between", "is", "absent", "present"]

  static func isReserved(_ word: String) -> Bool {
    word.utf8.count <= 7 && reserved.contains(word.lowercased())
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// What may follow the first letter of a name.
  static func isNamePart(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
  }

  /// What may follow the first letter of a bare word that stands for a text, and what a bare selector is made of.
  static func isWordPart(_ byte: UInt8) -> Bool {
    isNamePart(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  /// Whether `name` begins with a letter and goes on with letters, digits and hyphens.
  static func isIdentifier(_ name: some StringProtocol) -> Bool {
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy(isNamePart)
  }

  /// Whether `name` can stand as a part of a field without double quotes, even alone.
  static func isPlainName(_ name: String) -> Bool {
    isIdentifier(name) && !isReserved(name)
  }

  /// `text` as a part in brackets: bare where it can be, else in single quotes.
  static func selectorText(_ text: String) -> String {
    guard let first = text.utf8.first, first != UInt8(ascii: "/"), text.utf8.allSatisfy(isWordPart) else {
      return FilterValue.quote(text, with: "'")
    }
    return text
  }
}
