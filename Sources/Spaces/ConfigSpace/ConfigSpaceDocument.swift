public import Records

/// A space as the JSON of ConfigSpace (Lindauer et al., 2019; releases 1.0 and later).
///
/// ConfigSpace ignores `meta`, which says how values make the text of an architecture.
public struct ConfigSpaceDocument: Hashable, Sendable {
  public let name: String
  public let choices: SpaceChoices

  public init(name: String, choices: SpaceChoices) {
    self.name = name
    self.choices = choices
  }

  public var json: JSONValue {
    .object([
      "name": .string(name), "meta": meta, "hyperparameters": .array(choices.choices.map(hyperparameter)),
      "conditions": .array(choices.choices.compactMap(condition)),
      "forbiddens": .array(choices.forbidden.map(forbidden)), "python_module_version": .string("1.0.0"),
      "format_version": .number(0.4),
    ])
  }

  /// How values make a text, and when that is no architecture.
  private var meta: JSONValue {
    let spelled = choices.choices.filter { !$0.words.isEmpty }.map { choice in
      let words = choice.words.map { ($0.plainText, JSONValue.string($1)) }
      return (choice.name, JSONValue.object(Dictionary(uniqueKeysWithValues: words)))
    }
    var meta: [String: JSONValue] = [
      "architecture": .string(choices.template), "words": .object(Dictionary(uniqueKeysWithValues: spelled)),
    ]
    meta["invalid"] = choices.invalid.map { .string($0) }
    meta["remark"] = choices.remark.map { .string($0) }
    if !choices.isOneToOne { meta["one_to_one"] = .bool(false) }
    if !choices.operations.isEmpty {
      meta["operations"] = .object(
        choices.operations.mapValues { uses in .object(uses.mapValues { .array($0) }) })
    }
    return .object(meta)
  }

  private func hyperparameter(_ choice: SpaceChoices.Choice) -> JSONValue {
    let first = choice.values.first ?? .null
    var members: [String: JSONValue] = ["name": .string(choice.name), "meta": .null]
    if let range = choice.range {
      let lower = range.value(of: range.minimum)
      members.merge([
        "type": .string(range.isInteger ? "uniform_int" : "uniform_float"), "lower": lower,
        "upper": range.value(of: range.maximum), "log": .bool(range.scale == .log), "default_value": lower,
      ]) { $1 }
    } else if choice.values.count == 1 {
      members.merge(["type": .string("constant"), "value": first]) { $1 }
    } else if choice.isOrdered {
      members.merge(
        ["type": .string("ordinal"), "sequence": .array(choice.values), "default_value": first]) { $1 }
    } else {
      members.merge([
        "type": .string("categorical"), "choices": .array(choice.values), "weights": .null, "default_value": first,
      ]) { $1 }
    }
    return .object(members)
  }

  private func condition(_ choice: SpaceChoices.Choice) -> JSONValue? {
    choice.condition.map { condition in
      .object([
        "type": .string("IN"), "child": .string(choice.name), "parent": .string(condition.choice),
        "values": .array(condition.values),
      ])
    }
  }

  private func forbidden(_ combination: Configuration) -> JSONValue {
    .object([
      "type": .string("AND"),
      "clauses": .array(
        combination.values.sorted { $0.key < $1.key }.map {
          .object(["type": .string("EQUALS"), "name": .string($0.key), "value": $0.value])
        }),
    ])
  }
}
