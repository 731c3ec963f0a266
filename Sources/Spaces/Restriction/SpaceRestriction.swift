import Records

/// What is closed in a space, by words: an operation (`gru`), a choice (`decoder`), or a value of a choice
/// (`encoder_1_heads=8`).
///
/// Closing an operation closes every value that uses it. Closing a choice that is off or on leaves it off. Closing any
/// other choice closes all its values, and with them the values of other choices that need it. Numbers of a range stay open.
public struct SpaceRestriction: Hashable, Sendable {
  public let words: [String]

  public init(without words: [String]) { self.words = words }

  /// The closed values by choice. Throws ``RestrictionError/unknownWord(space:word:nearest:closable:)``.
  func closedValues(in choices: SpaceChoices, space: String) throws -> [String: Set<JSONValue>] {
    var closed: [String: Set<JSONValue>] = [:]
    for word in words {
      guard let values = Self.values(word, in: choices) else {
        let closable = Self.closable(in: choices)
        throw RestrictionError.unknownWord(
          space: space, word: word, nearest: NearestName.several(word, among: closable, atMost: 3),
          closable: choices.operations.keys.sorted() + choices.choices.filter { $0.range == nil }.map(\.name)
            + ["a value as choice=value"])
      }
      closed.merge(values) { $0.union($1) }
    }
    return closed
  }

  private static func values(_ word: String, in choices: SpaceChoices) -> [String: Set<JSONValue>]? {
    if let values = choices.operations[word] { return values.mapValues { Set($0) } }
    if let choice = choices.choices.first(where: { $0.name == word && $0.range == nil }) {
      let isSwitch = Set(choice.values) == [.string("off"), .string("on")]
      return [choice.name: isSwitch ? [.string("on")] : Set(choice.values)]
    }
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let choice = choices.choices.first(where: { $0.name == parts[0] }),
      let value = choice.values.first(where: { $0.plainText == parts[1] })
    else { return nil }
    return [choice.name: [value]]
  }

  /// Every word that closes something.
  private static func closable(in choices: SpaceChoices) -> [String] {
    choices.operations.keys.sorted() + choices.choices.filter { $0.range == nil }.map(\.name)
      + choices.choices.flatMap { choice in choice.values.map { "\(choice.name)=\($0.plainText)" } }
  }
}
