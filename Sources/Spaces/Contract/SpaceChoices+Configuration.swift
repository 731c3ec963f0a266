public import Records

// MARK: Configuration → text

extension SpaceChoices {
  /// The text that `configuration` spells, in a form that the space reads. `space` is the name for errors.
  ///
  /// Throws a ``ConfigurationError`` for unknown names, values that a choice lacks, active choices without a value,
  /// inactive ones with a value, and forbidden combinations. Configurations that are ``invalid`` are left to the space.
  public func text(of configuration: Configuration, in space: String) throws -> String {
    let values = try checked(configuration, in: space)
    let named = choicesByName
    func spelled(_ pattern: String) throws -> String {
      var text = ""
      for piece in Pattern(pattern).pieces {
        switch piece {
        case .literal(let literal): text += literal
        case .choice(let name):
          guard let choice = named[name], let value = values[name] else {
            throw ConfigurationError.missingChoice(
              space: space, choice: name, allowed: named[name]?.spelledValues ?? [])
          }
          text += try spelled(choice.word(value))
        }
      }
      return text
    }
    return try spelled(template)
  }

  /// The values of the active choices as the choices themselves write them.
  private func checked(_ configuration: Configuration, in space: String) throws -> Configuration {
    let known = choicesByName
    if let name = configuration.names.first(where: { known[$0] == nil }) {
      let names = choices.map(\.name)
      throw ConfigurationError.unknownChoice(
        space: space, name: name, nearest: NearestName.several(name, among: names, atMost: 3), known: names)
    }
    var values = Configuration()
    for choice in choices {
      let given = configuration[choice.name]
      if let condition = choice.condition, !condition.holds(in: values) {
        guard let given else { continue }
        throw ConfigurationError.inactiveChoice(
          space: space, choice: choice.name, found: given.plainText, parent: condition.choice,
          values: condition.values.map(\.plainText))
      }
      guard let given else {
        throw ConfigurationError.missingChoice(space: space, choice: choice.name, allowed: choice.spelledValues)
      }
      guard let value = choice.value(equalTo: given) else {
        throw ConfigurationError.value(
          space: space, choice: choice.name, found: given.plainText, allowed: choice.spelledValues)
      }
      values[choice.name] = value
    }
    if let combination = forbidden.first(where: { $0.values.allSatisfy { values[$0.key] == $0.value } }) {
      throw ConfigurationError.forbidden(space: space, combination: combination)
    }
    return values
  }

  var choicesByName: [String: Choice] { Dictionary(choices.map { ($0.name, $0) }) { first, _ in first } }
}

// MARK: Text → configuration

extension SpaceChoices {
  /// The configuration whose text is `text`, with values for the active choices alone; nil where the choices spell no such
  /// text. Where several do, the values that come first in each choice's list win.
  public func configuration(spelledBy text: String) -> Configuration? {
    SpellingMatch(choices: choicesByName).match(Array(template.utf8)[...], Array(text.utf8)[...], Configuration())
  }

  /// Draws each active choice uniformly from its values, a number as ``ParameterRange/draw(using:)``. What is drawn may be ``forbidden`` or ``invalid``.
  public func draw(using generator: inout SeededGenerator) -> Configuration {
    var drawn = Configuration()
    for choice in choices where choice.condition?.holds(in: drawn) ?? true {
      drawn[choice.name] =
        choice.range.map { $0.value(of: $0.draw(using: &generator)) } ?? generator.pick(choice.values)
    }
    return drawn
  }
}

extension SpaceChoices.Choice.Condition {
  /// Whether the choice that this speaks of is active in `values` and has one of the values wanted.
  func holds(in configuration: Configuration) -> Bool {
    configuration[choice].map(values.contains) ?? false
  }
}

extension SpaceChoices.Choice {
  /// What stands for `value` in a text.
  func word(_ value: JSONValue) -> String { words[value] ?? value.plainText }

  /// The values, or the ends of the range, for errors.
  var spelledValues: [String] { range.map { [$0.words] } ?? values.map(\.plainText) }

  /// The one of the values that is `given`; 1 and 1.0 are the same number.
  public func value(equalTo given: JSONValue) -> JSONValue? {
    if let range { return range.value(equalTo: given) }
    if values.contains(given) { return given }
    guard let number = given.number else { return nil }
    return values.first { $0.number == number }
  }
}

/// A text with names in braces.
struct Pattern {
  enum Piece: Hashable {
    case literal(String)
    case choice(String)
  }

  private(set) var pieces: [Piece] = []

  /// An open brace without a closing one is literal.
  init(_ text: String) {
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
      pieces.append(.choice(String(rest[rest.index(after: open)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.literal(String(rest))) }
  }
}

/// Finds the values whose words make a text. Depth first: choices in the order of the pattern, values in their order.
private struct SpellingMatch {
  typealias Bytes = ArraySlice<UInt8>

  let choices: [String: SpaceChoices.Choice]

  func match(_ pattern: Bytes, _ text: Bytes, _ values: Configuration) -> Configuration? {
    let literal = Self.literal(pattern)
    guard text.starts(with: literal) else { return nil }
    let (pattern, text) = (pattern.dropFirst(literal.count), text.dropFirst(literal.count))
    guard let close = pattern.firstIndex(of: UInt8(ascii: "}")) else { return text.isEmpty ? values : nil }
    guard let choice = choices[String(decoding: pattern[..<close].dropFirst(), as: UTF8.self)] else { return nil }
    let rest = pattern[close...].dropFirst()
    for value in values[choice.name].map({ [$0] }) ?? candidates(choice, text) {
      let word = Array(choice.word(value).utf8)
      guard text.starts(with: Self.literal(word[...])) else { continue }
      var chosen = values
      chosen[choice.name] = value
      if let found = match(word + rest, text, chosen) { return found }
    }
    return nil
  }

  /// The values whose words may stand at the beginning of `text`: those listed, or each number of the range that the first
  /// bytes spell in their canonical form, the longest first.
  private func candidates(_ choice: SpaceChoices.Choice, _ text: Bytes) -> [JSONValue] {
    guard let range = choice.range else { return choice.values }
    let number = text.prefix { (0x30...0x39).contains($0) || "+-.e".utf8.contains($0) }
    return (0..<number.count).reversed().compactMap { last in
      let word = String(decoding: number.prefix(last + 1), as: UTF8.self)
      guard let value = range.value(spelledBy: word), value.plainText == word else { return nil }
      return value
    }
  }

  /// What stands before the first name in braces.
  private static func literal(_ pattern: Bytes) -> Bytes {
    guard let open = pattern.firstIndex(of: UInt8(ascii: "{")), pattern[open...].contains(UInt8(ascii: "}")) else {
      return pattern
    }
    return pattern[..<open]
  }

  private func match(_ pattern: [UInt8], _ text: Bytes, _ values: Configuration) -> Configuration? {
    match(pattern[...], text, values)
  }
}

// MARK: Spaces

extension Space {
  /// The architecture of `configuration`.
  ///
  /// Throws a ``ConfigurationError`` as ``SpaceChoices/text(of:in:)``, and what ``parse(_:)`` throws for a configuration
  /// that is no architecture though its values are allowed.
  public func architecture(of configuration: Configuration) throws -> Architecture {
    guard let choices else { throw ConfigurationError.noChoices(space: name) }
    return try parse(try choices.text(of: configuration, in: name))
  }

  /// The configuration of `architecture`, with the active choices alone; the canonical one where there are several.
  ///
  /// Throws ``ConfigurationError/noChoices(space:)``, and ``ConfigurationError/notSpelled(space:architecture:)`` for an
  /// architecture that the choices leave out.
  public func configuration(of architecture: Architecture) throws -> Configuration {
    guard let choices else { throw ConfigurationError.noChoices(space: name) }
    guard let configuration = choices.configuration(spelledBy: choiceText(architecture)) else {
      throw ConfigurationError.notSpelled(space: name, architecture: canonicalText(architecture))
    }
    return configuration
  }
}

extension TextualSpace {
  /// The canonical text of the architecture of `configuration`. Throws as ``Space/architecture(of:)``.
  public func canonicalText(of configuration: Configuration) throws -> String {
    guard let choices else { throw ConfigurationError.noChoices(space: name) }
    return try canonicalText(of: try choices.text(of: configuration, in: name))
  }

  /// The configuration of an architecture. Throws as ``Space/configuration(of:)``.
  public func configuration(of canonicalText: String) throws -> Configuration {
    guard let choices else { throw ConfigurationError.noChoices(space: name) }
    guard let configuration = choices.configuration(spelledBy: try choiceText(of: canonicalText)) else {
      throw ConfigurationError.notSpelled(space: name, architecture: try self.canonicalText(of: canonicalText))
    }
    return configuration
  }
}
