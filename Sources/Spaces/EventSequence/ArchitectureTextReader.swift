import Records

/// Reads texts of the form `name:value/name:value`, values being one word or words between commas, and says where and
/// why one is not what it must be.
struct ArchitectureTextReader {
  /// Lower case; what remains to be read, section by section.
  private var sections: ArraySlice<Word>
  private let endColumn: Int

  /// A piece of the text; `column` counts bytes of the whole text from 1.
  fileprivate struct Word {
    let bytes: ArraySlice<UInt8>
    let column: Int
    var text: String { String(decoding: bytes, as: UTF8.self) }

    func split(at separator: Character) -> [Word] {
      bytes.split(separator: separator.asciiValue ?? 0, omittingEmptySubsequences: false).map {
        Word(bytes: $0, column: column + $0.startIndex - bytes.startIndex)
      }
    }
  }

  /// The value of a section, ready to be looked up.
  struct Section {
    fileprivate let name: String
    private let value: Word

    fileprivate init(name: String, value: Word) {
      self.name = name
      self.value = value
    }

    /// The value that the whole section spells.
    func one<Value>(of spellings: [(String, Value)]) throws -> Value {
      try value.look(up: spellings, section: name, alsoAllowed: [])
    }

    /// `off` as no layers, or layers between commas, as many as `counts` allows.
    func layers<Layer>(of spellings: [(String, Layer)], counts: [Int]) throws -> [Layer] {
      if value.text == "off" { return [] }
      let words = value.split(at: ",")
      let layers = try words.enumerated().map { index, word in
        try word.look(
          up: spellings, section: "\(name) layer \(index + 1)", alsoAllowed: words.count == 1 ? ["off"] : [])
      }
      guard counts.contains(layers.count) else {
        let allowed = counts.filter { $0 > 0 }.map { $0 == 1 ? "1 layer" : "\($0) layers" }
        throw SpacesError.text(
          section: name, column: value.column, found: "\(layers.count) layers", allowed: ["off"] + allowed,
          suggestion: nil)
      }
      return layers
    }
  }

  /// Throws when `text` is too long or is not ASCII.
  init(_ text: String) throws {
    let plain = try PlainText(text, allowed: ["letters of ASCII", "digits", ":", "/", ",", "+"])
    endColumn = plain.column + plain.bytes.count
    sections = Word(bytes: plain.bytes, column: plain.column).split(at: "/")[...]
  }

  /// The next section, which must be called `name`.
  mutating func section(_ name: String) throws -> Section {
    guard let word = sections.popFirst() else {
      throw SpacesError.text(section: name, column: endColumn, found: "", allowed: ["/\(name):"], suggestion: nil)
    }
    let found = word.bytes.prefix { $0 != UInt8(ascii: ":") }
    guard found.elementsEqual(name.utf8), found.endIndex < word.bytes.endIndex else {
      let text = word.text
      let isNear = EditDistance.between(String(decoding: found, as: UTF8.self), name, atMost: 2) != nil
      throw SpacesError.text(
        section: name, column: word.column, found: text, allowed: ["\(name):"],
        suggestion: isNear ? "\(name):" : nil)
    }
    let value = word.bytes[(found.endIndex + 1)...]
    return Section(name: name, value: Word(bytes: value, column: word.column + found.count + 1))
  }

  /// Throws when a section is left.
  func end() throws {
    if let extra = sections.first {
      throw SpacesError.text(
        section: "end", column: extra.column - 1, found: "/" + extra.text, allowed: ["nothing"], suggestion: nil)
    }
  }
}

extension ArchitectureTextReader.Word {
  fileprivate func look<Value>(
    up spellings: [(String, Value)], section: String, alsoAllowed: [String]
  ) throws -> Value {
    if let match = spellings.first(where: { $0.0.utf8.elementsEqual(bytes) }) { return match.1 }
    let allowed = alsoAllowed + spellings.map(\.0)
    throw SpacesError.text(
      section: section, column: column, found: text, allowed: allowed, suggestion: suggestion(for: text, in: allowed))
  }
}

/// The spelling with the same parts in another order, or the only nearest one at one or two edits.
private func suggestion(for text: String, in allowed: [String]) -> String? {
  let parts = text.split(separator: "+").sorted()
  if let reordered = allowed.first(where: { $0.split(separator: "+").sorted() == parts }) { return reordered }
  let near = allowed.compactMap { spelling in
    EditDistance.between(text, spelling, atMost: 2).map { (distance: $0, spelling: spelling) }
  }
  let least = near.map(\.distance).min()
  let nearest = near.filter { $0.distance == least }
  return nearest.count == 1 ? nearest[0].spelling : nil
}
