import Records

extension GridSpace {
  /// `name=value` for each parameter in order, between commas.
  public func canonicalText(_ architecture: GridArchitecture) -> String {
    zip(definition.parameters, zip(spellings, architecture.choices)).map { parameter, choice in
      "\(parameter.name)=\(choice.0[choice.1])"
    }.joined(separator: ",")
  }

  /// Reads ``canonicalText(_:)``, with every parameter once, in any order and any case, with white space around it; a
  /// number may be spelled in another way that reads as the same number.
  ///
  /// Throws ``SpacesError/text(section:column:found:allowed:suggestion:)`` for all else.
  public func parse(_ text: String) throws -> GridArchitecture {
    let whole = try TextField(text, maximumLength: maximumTextLength)
    var choices = [Int?](repeating: nil, count: spellings.count)
    for field in whole.split(at: ",") {
      let parts = field.split(at: "=", maximumSplits: 1)
      let name = parts[0].lowercased
      let missing = choices.indices.filter { choices[$0] == nil }
      guard let parameter = missing.first(where: { isSame(definition.parameters[$0].name, name) }) else {
        throw parts[0].error("parameter", allowed: missing.map { definition.parameters[$0].name })
      }
      guard parts.count == 2, let choice = choice(parts[1], in: parameter) else {
        throw (parts.count == 2 ? parts[1] : field).error(
          definition.parameters[parameter].name,
          allowed: parts.count == 2
            ? shortened(spellings[parameter]) : ["\(definition.parameters[parameter].name)= and a value"])
      }
      choices[parameter] = choice
    }
    if let absent = choices.firstIndex(where: { $0 == nil }) {
      throw whole.error(
        definition.parameters[absent].name, allowed: ["\(definition.parameters[absent].name)= and a value"])
    }
    return GridArchitecture(choices: choices.compactMap { $0 })
  }

  private func choice(_ field: TextField, in parameter: Int) -> Int? {
    let word = field.lowercased
    if let same = spellings[parameter].firstIndex(where: { isSame($0, word) }) { return same }
    guard let number = Double(word.text), number.isFinite else { return nil }
    return definition.parameters[parameter].values.firstIndex { $0.number == number }
  }

  private func isSame(_ spelling: String, _ word: TextField) -> Bool {
    spelling.lowercased().utf8.elementsEqual(word.bytes)
  }

  /// Twice what the longest canonical text needs, so that longer spellings of numbers fit.
  private var maximumTextLength: Int {
    zip(definition.parameters, spellings).reduce(256) { length, parameter in
      length + 2 * (parameter.0.name.utf8.count + 2 + (parameter.1.map(\.utf8.count).max() ?? 0))
    }
  }
}
