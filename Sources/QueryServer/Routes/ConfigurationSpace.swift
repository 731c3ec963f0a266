import Records
import Spaces

/// A space as the JSON of ConfigSpace (Lindauer et al., 2019; releases 1.0 and later).
struct ConfigurationSpace {
  let name: String
  let choices: SpaceChoices

  static let schema = Schema.object([
    "name": Schema.text,
    "meta": Schema.object([
      "architecture": Schema.text, "words": Schema.map(Schema.map(Schema.text)), "invalid?": Schema.text,
      "remark?": Schema.text,
    ]), "hyperparameters": Schema.array(Schema.record), "conditions": Schema.array(Schema.record),
    "forbiddens": Schema.array(Schema.record),
  ])

  var json: JSONValue {
    .object([
      "name": .string(name), "meta": meta, "hyperparameters": .array(choices.choices.map(hyperparameter)),
      "conditions": .array(choices.choices.compactMap(condition)),
      "forbiddens": .array(choices.forbidden.map(forbidden)), "python_module_version": "1.0.0",
      "format_version": .number(0.4),
    ])
  }

  /// How values make a text, and when that is no architecture.
  private var meta: JSONValue {
    let spelled = choices.choices.filter { !$0.words.isEmpty }.map { choice in
      (choice.name, JSONValue.object(Dictionary(uniqueKeysWithValues: choice.words.map { (text($0), .string($1)) })))
    }
    var meta: [String: JSONValue] = [
      "architecture": .string(choices.template), "words": .object(Dictionary(uniqueKeysWithValues: spelled)),
    ]
    meta["invalid"] = choices.invalid.map { .string($0) }
    meta["remark"] = choices.remark.map { .string($0) }
    return .object(meta)
  }

  private func text(_ value: JSONValue) -> String {
    if case .string(let text) = value { return text }
    return (try? CanonicalJSON.text(value)) ?? ""
  }

  private func hyperparameter(_ choice: SpaceChoices.Choice) -> JSONValue {
    let first = choice.values.first ?? .null
    var members: [String: JSONValue] = ["name": .string(choice.name), "meta": .null]
    if choice.values.count == 1 {
      members.merge(["type": "constant", "value": first]) { $1 }
    } else if choice.isOrdered {
      members.merge(["type": "ordinal", "sequence": .array(choice.values), "default_value": first]) { $1 }
    } else {
      members.merge(
        ["type": "categorical", "choices": .array(choice.values), "weights": .null, "default_value": first]) { $1 }
    }
    return .object(members)
  }

  private func condition(_ choice: SpaceChoices.Choice) -> JSONValue? {
    choice.condition.map { condition in
      .object([
        "type": "IN", "child": .string(choice.name), "parent": .string(condition.choice),
        "values": .array(condition.values),
      ])
    }
  }

  private func forbidden(_ combination: Configuration) -> JSONValue {
    .object([
      "type": "AND",
      "clauses": .array(
        combination.values.sorted { $0.key < $1.key }.map {
          .object(["type": "EQUALS", "name": .string($0.key), "value": $0.value])
        }),
    ])
  }
}
