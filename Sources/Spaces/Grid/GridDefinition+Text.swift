import Records

extension GridDefinition {
  /// What `read` makes of the word of each parameter: `name=word` between commas, every parameter once, in any order and
  /// any case, with white space around it. `allowed` are the words of a parameter, for errors.
  ///
  /// Throws ``SpacesError/text(section:column:found:allowed:suggestion:)`` for all else, and where `read` gives nil.
  func fields<Value>(
    _ text: String, maximumLength: Int, allowed: (Int) -> [String], read: (TextField, Int) -> Value?
  ) throws -> [Value] {
    let whole = try TextField(text, maximumLength: maximumLength)
    var values = [Value?](repeating: nil, count: parameters.count)
    for field in whole.split(at: ",") {
      let parts = field.split(at: "=", maximumSplits: 1)
      let name = parts[0].lowercased
      let missing = values.indices.filter { values[$0] == nil }
      guard let parameter = missing.first(where: { name.isSame(parameters[$0].name) }) else {
        throw parts[0].error("parameter", allowed: missing.map { parameters[$0].name })
      }
      guard parts.count == 2, let value = read(parts[1], parameter) else {
        throw (parts.count == 2 ? parts[1] : field).error(
          parameters[parameter].name,
          allowed: parts.count == 2 ? shortened(allowed(parameter)) : ["\(parameters[parameter].name)= and a value"])
      }
      values[parameter] = value
    }
    if let absent = values.firstIndex(where: { $0 == nil }) {
      throw whole.error(parameters[absent].name, allowed: ["\(parameters[absent].name)= and a value"])
    }
    return values.compactMap { $0 }
  }
}

extension GridDefinition.Parameter {
  /// The place of the listed value that `field` spells, in any case; a number may be spelled in another way that reads as
  /// the same number. Nil where there is none.
  func place(spelledBy field: TextField, _ spellings: [String]) -> Int? {
    let word = field.lowercased
    if let same = spellings.firstIndex(where: word.isSame) { return same }
    guard let number = Double(word.text), number.isFinite else { return nil }
    return values.firstIndex { $0.number == number }
  }

  /// The places that a listed value can move to: one step of an ordinal parameter, any other of a categorical one.
  func alternatives(to place: Int) -> [Int] {
    values.indices.filter { kind == .ordinal ? abs($0 - place) == 1 : $0 != place }
  }

  /// A listed value as numbers: its place from 0 to 1 where values are ordered (0 for a single one), else one-hot.
  func scaled(_ place: Int) -> [Double] {
    guard kind == .ordinal else { return values.indices.map { $0 == place ? 1 : 0 } }
    return [values.count > 1 ? Double(place) / Double(values.count - 1) : 0]
  }
}

extension TextField {
  /// Whether the piece, which is in lower case, is `word` in any case.
  fileprivate func isSame(_ word: String) -> Bool { word.lowercased().utf8.elementsEqual(bytes) }
}
