public import Records

extension ConfigSpaceDocument {
  static let maximumChoices = 4_096
  static let maximumCombinations = 65_536

  /// Reads a document of ConfigSpace 1.x. Defaults are ignored. Without the `meta` that ``json`` writes, architectures are
  /// spelled `name=value,name=value`, with active choices behind the value that makes them active.
  ///
  /// Throws ``ConfigSpaceError/malformed(place:allowed:)``, and
  /// ``ConfigSpaceError/unsupported(place:found:supported:)`` for what choices cannot express: normal distributions, weights,
  /// conditions that are joined or ask for a number of a range, and forbidden relations.
  public init(reading json: JSONValue) throws {
    let document = try Fields(json, "the document")
    let name: String
    if case .string(let text)? = document.members["name"] { name = text } else { name = "configspace" }
    let hyperparameters = try document.list("hyperparameters").enumerated().map {
      try Fields($1, "hyperparameters[\($0)]").choice()
    }
    guard (1...Self.maximumChoices).contains(hyperparameters.count) else {
      throw ConfigSpaceError.malformed(
        place: "\(hyperparameters.count) hyperparameters", allowed: "1 to \(Self.maximumChoices)")
    }
    var byName: [String: SpaceChoices.Choice] = [:]
    for choice in hyperparameters where byName.updateValue(choice, forKey: choice.name) != nil {
      throw ConfigSpaceError.malformed(
        place: "two hyperparameters are named \(choice.name)", allowed: "different names")
    }
    var conditions: [String: SpaceChoices.Choice.Condition] = [:]
    for (place, value) in try document.optionalList("conditions").enumerated() {
      let (child, condition) = try Fields(value, "conditions[\(place)]").condition(byName)
      guard conditions.updateValue(condition, forKey: child) == nil else {
        throw ConfigSpaceError.unsupported(
          place: "conditions[\(place)]", found: "a second condition of \(child)",
          supported: ["one condition per choice"])
      }
    }
    let forbidden = try document.optionalList("forbiddens").enumerated().flatMap {
      try Fields($1, "forbiddens[\($0)]").forbidden(byName)
    }
    let ordered = try Self.parentsFirst(hyperparameters, conditions)
    let meta = try document.members["meta"].flatMap { $0 == .null ? nil : try Fields($0, "meta") }
    self.init(name: name, choices: try Self.choices(ordered, conditions, forbidden, meta))
  }

  /// The grid of these choices. Throws ``ConfigSpaceError/unsupported(place:found:supported:)`` for conditions and
  /// forbidden combinations, which a grid lacks; the definition is checked by ``SpaceDefinition/makeSpace()``.
  public func gridDefinition(named name: String? = nil) throws -> GridDefinition {
    if let conditional = choices.choices.first(where: { $0.condition != nil }) {
      throw ConfigSpaceError.unsupported(
        place: "a grid", found: "conditional (\(conditional.name))", supported: ["choices without conditions"])
    }
    guard choices.forbidden.isEmpty else {
      throw ConfigSpaceError.unsupported(
        place: "a grid", found: "restricted by forbidden combinations", supported: ["all combinations"])
    }
    return GridDefinition(
      name: name ?? self.name,
      parameters: choices.choices.map { choice in
        choice.range.map { GridDefinition.Parameter(name: choice.name, range: $0) }
          ?? GridDefinition.Parameter(
            name: choice.name, kind: choice.isOrdered ? .ordinal : .categorical, values: choice.values)
      })
  }

  /// Each choice behind the one of its condition, in the document's order where conditions leave it open.
  private static func parentsFirst(
    _ choices: [SpaceChoices.Choice], _ conditions: [String: SpaceChoices.Choice.Condition]
  ) throws -> [SpaceChoices.Choice] {
    var (ordered, names, rest): ([SpaceChoices.Choice], Set<String>, [SpaceChoices.Choice]) = ([], [], choices)
    while !rest.isEmpty {
      let before = ordered.count
      for choice in rest where conditions[choice.name].map({ names.contains($0.choice) }) ?? true {
        ordered.append(choice)
        names.insert(choice.name)
      }
      guard ordered.count > before else {
        throw ConfigSpaceError.malformed(
          place: "the conditions of \(list(rest.map(\.name))) form a circle", allowed: "conditions without a circle")
      }
      rest.removeAll { names.contains($0.name) }
    }
    return ordered
  }

  private static func choices(
    _ ordered: [SpaceChoices.Choice], _ conditions: [String: SpaceChoices.Choice.Condition],
    _ forbidden: [Configuration], _ meta: Fields?
  ) throws -> SpaceChoices {
    let written: [String: JSONValue]? = try meta.flatMap { meta in
      guard meta.members["architecture"] != nil else { return nil }
      return try Fields(meta.members["words"] ?? .object([:]), "meta.words").members
    }
    let places = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1.name, $0) })
    func check(_ pattern: String, after place: Int, _ what: String) throws {
      for case .choice(let name) in Pattern(pattern).pieces where places[name].map({ $0 > place }) != true {
        throw ConfigSpaceError.malformed(place: "\(what) names {\(name)}", allowed: "later hyperparameters in braces")
      }
    }
    let choices = try ordered.enumerated().map { place, choice in
      var words: [JSONValue: String] = [:]
      if let written {
        let own = try written[choice.name].map { try Fields($0, "meta.words.\(choice.name)").members } ?? [:]
        for value in choice.values {
          guard let word = own[value.plainText] else { continue }
          guard case .string(let text) = word else {
            throw ConfigSpaceError.malformed(place: "meta.words.\(choice.name)", allowed: "texts")
          }
          try check(text, after: place, "meta.words.\(choice.name)")
          words[value] = text
        }
      } else {
        for value in choice.values {
          let active = ordered.filter {
            conditions[$0.name]?.choice == choice.name && conditions[$0.name]?.values.contains(value) == true
          }
          guard !active.isEmpty else { continue }
          words[value] = value.plainText + active.map { ",\($0.name)={\($0.name)}" }.joined()
        }
      }
      if let range = choice.range { return SpaceChoices.Choice(choice.name, in: range, when: conditions[choice.name]) }
      return SpaceChoices.Choice(
        choice.name, choice.values, isOrdered: choice.isOrdered, when: conditions[choice.name], words: words)
    }
    let roots = ordered.filter { conditions[$0.name] == nil }
    let template =
      try meta?.optionalText("architecture") ?? roots.map { "\($0.name)={\($0.name)}" }.joined(separator: ",")
    try check(template, after: -1, "meta.architecture")
    let operations = try meta?.members["operations"].map { try Fields($0, "meta.operations").members } ?? [:]
    return SpaceChoices(
      choices, template: template, forbidden: forbidden, isOneToOne: meta?.members["one_to_one"] != .bool(false),
      operations: try operations.mapValues { uses in
        let uses = try Fields(uses, "meta.operations")
        return try uses.members.reduce(into: [:]) { $0[$1.key] = try uses.list($1.key) }
      }, invalid: try meta?.optionalText("invalid"), remark: try meta?.optionalText("remark"))
  }
}

/// An object of the document with its place, for errors.
private struct Fields {
  let members: [String: JSONValue]
  let place: String

  init(_ value: JSONValue, _ place: String) throws {
    guard case .object(let members) = value else {
      throw ConfigSpaceError.malformed(place: "\(place) is not an object", allowed: "an object")
    }
    (self.members, self.place) = (members, place)
  }

  func text(_ key: String) throws -> String {
    guard let text = try optionalText(key) else {
      throw ConfigSpaceError.malformed(place: "\(place) has no text \(key)", allowed: "a text")
    }
    return text
  }

  func optionalText(_ key: String) throws -> String? {
    switch members[key] {
    case .string(let text)?: text
    case nil, .null?: nil
    default: throw ConfigSpaceError.malformed(place: "\(place).\(key)", allowed: "a text")
    }
  }

  func list(_ key: String) throws -> [JSONValue] {
    guard case .array(let values)? = members[key] else {
      throw ConfigSpaceError.malformed(place: "\(place) has no list \(key)", allowed: "a list")
    }
    return values
  }

  func optionalList(_ key: String) throws -> [JSONValue] { members[key] == nil ? [] : try list(key) }

  private func unsupported(_ found: String, _ supported: [String]) -> ConfigSpaceError {
    .unsupported(place: place, found: found, supported: supported)
  }

  func choice() throws -> SpaceChoices.Choice {
    let name = try text("name")
    guard !name.isEmpty, !name.contains(where: { "{}=,".contains($0) }) else {
      throw ConfigSpaceError.malformed(place: "\(place) is named \(quoted(name))", allowed: "names without { } = ,")
    }
    let values: [JSONValue]
    let type = try text("type")
    switch type {
    case "constant": values = [members["value"] ?? .null]
    case "ordinal": values = try list("sequence")
    case "categorical":
      values = try list("choices")
      if case .array(let weights)? = members["weights"], Set(weights.map(\.number)).count > 1 {
        throw unsupported("weighted", ["equal weights"])
      }
    case "uniform_int":
      guard case .integer(let lower)? = members["lower"], case .integer(let upper)? = members["upper"], lower <= upper
      else { throw ConfigSpaceError.malformed(place: place, allowed: "whole numbers lower and upper") }
      let width = upper.subtractingReportingOverflow(lower)
      let isShort = !width.overflow && width.partialValue < GridDefinition.maximumValues
      guard lower == upper || (isShort && members["log"] != .bool(true)) else {
        return try range(name, isInteger: true)
      }
      values = (lower...upper).map { .integer($0) }
    case "uniform_float": return try range(name, isInteger: false)
    default: throw unsupported("a \(type)", ["categorical", "ordinal", "constant", "uniform_int", "uniform_float"])
    }
    guard !values.isEmpty, Set(values.map(\.plainText)).count == values.count else {
      throw ConfigSpaceError.malformed(place: "the values of \(name)", allowed: "one or more different values")
    }
    return SpaceChoices.Choice(name, values, isOrdered: type == "ordinal" || type == "uniform_int")
  }

  private func range(_ name: String, isInteger: Bool) throws -> SpaceChoices.Choice {
    guard let lower = members["lower"]?.number, let upper = members["upper"]?.number,
      let range = ParameterRange(
        minimum: lower, maximum: upper, scale: members["log"] == .bool(true) ? .log : .linear, isInteger: isInteger)
    else { throw ConfigSpaceError.malformed(place: "lower and upper of \(place)", allowed: ParameterRange.allowed) }
    return SpaceChoices.Choice(name, in: range)
  }

  func condition(
    _ choices: [String: SpaceChoices.Choice]
  ) throws -> (child: String, condition: SpaceChoices.Choice.Condition) {
    let type = try text("type")
    guard ["EQ", "NEQ", "IN", "LT", "GT"].contains(type) else {
      throw unsupported("a condition \(type)", ["EQ", "NEQ", "IN", "LT", "GT"])
    }
    let child = try known("child", choices)
    let parent = try known("parent", choices)
    guard parent.range == nil else {
      throw unsupported("a condition on the range \(parent.name)", ["conditions on listed values"])
    }
    let given = type == "IN" ? try list("values") : [members["value"] ?? .null]
    let own = try given.map { try value($0, of: parent) }
    let places = own.compactMap(parent.values.firstIndex)
    let values =
      switch type {
      case "NEQ": parent.values.filter { !own.contains($0) }
      case "LT": Array(parent.values.prefix(places.first ?? 0))
      case "GT": Array(parent.values.dropFirst((places.first ?? 0) + 1))
      default: own
      }
    return (child.name, parent.isOne(of: values))
  }

  /// One combination per tuple of values.
  func forbidden(_ choices: [String: SpaceChoices.Choice]) throws -> [Configuration] {
    switch try text("type") {
    case "EQUALS":
      let choice = try known("name", choices)
      return [Configuration([choice.name: try value(members["value"] ?? .null, of: choice)])]
    case "IN":
      let choice = try known("name", choices)
      return try list("values").map { Configuration([choice.name: try value($0, of: choice)]) }
    case "AND":
      var combinations = [Configuration()]
      for (index, clause) in try list("clauses").enumerated() {
        let parts = try Fields(clause, "\(place).clauses[\(index)]").forbidden(choices)
        guard combinations.count * parts.count <= ConfigSpaceDocument.maximumCombinations else {
          throw unsupported("too many combinations", ["\(ConfigSpaceDocument.maximumCombinations) combinations"])
        }
        combinations = combinations.flatMap { combination in
          parts.compactMap { part in
            // Two values of one choice never meet.
            guard part.values.allSatisfy({ combination[$0.key] == nil || combination[$0.key] == $0.value }) else {
              return nil
            }
            return Configuration(combination.values.merging(part.values) { $1 })
          }
        }
      }
      return combinations
    case let type: throw unsupported("a forbidden clause \(type)", ["EQUALS", "IN", "AND"])
    }
  }

  private func known(_ key: String, _ choices: [String: SpaceChoices.Choice]) throws -> SpaceChoices.Choice {
    let name = try text(key)
    guard let choice = choices[name] else {
      throw ConfigSpaceError.malformed(
        place: "\(place).\(key) is \(quoted(name))", allowed: shortList(choices.keys.sorted()))
    }
    return choice
  }

  private func value(_ value: JSONValue, of choice: SpaceChoices.Choice) throws -> JSONValue {
    guard let own = choice.value(equalTo: value) else {
      throw ConfigSpaceError.malformed(
        place: "\(place): \(choice.name) is \(quoted(value.plainText))", allowed: shortList(choice.spelledValues))
    }
    return own
  }
}
