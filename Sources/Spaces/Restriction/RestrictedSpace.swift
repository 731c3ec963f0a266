public import Records

/// A space without some of its values: the architectures of `base` whose configurations use none of them.
///
/// Architectures keep their texts, ids and encodings. Counts are exact and take no enumeration. Draws choose uniformly
/// among the open values of each active choice. Restricted are spaces whose configurations and architectures correspond
/// one to one.
public struct RestrictedSpace: TextualSpace {
  public let base: any TextualSpace
  public let restriction: SpaceRestriction
  private let openChoices: SpaceChoices
  private let closed: [String: Set<JSONValue>]
  private let count: UInt64?

  /// Throws ``RestrictionError/unknownWord(space:word:nearest:closable:)``,
  /// ``RestrictionError/nothingLeft(space:words:)`` for fewer than two architectures,
  /// ``RestrictionError/notCountable(space:)`` for spaces of graphs, and ``ConfigurationError/noChoices(space:)``.
  public init(_ base: any TextualSpace, _ restriction: SpaceRestriction) throws {
    guard let choices = base.choices else { throw ConfigurationError.noChoices(space: base.name) }
    guard choices.isOneToOne, choices.forbidden.isEmpty, choices.invalid == nil else {
      throw RestrictionError.notCountable(space: base.name)
    }
    closed = try restriction.closedValues(in: choices, space: base.name)
    guard let open = choices.without(closed), open.configurationCount != 1 else {
      throw RestrictionError.nothingLeft(space: base.name, words: restriction.words)
    }
    self.base = base
    self.restriction = restriction
    openChoices = open
    count = open.configurationCount
  }

  /// That of the base, so that architectures keep their ids.
  public var name: String { base.name }
  public var kind: String { base.kind }
  public var architectureCount: UInt64? { count }
  public var choices: SpaceChoices? { openChoices }

  /// Whether `canonicalText` is an architecture of the restricted space. Throws what the base throws for other texts.
  public func contains(_ canonicalText: String) throws -> Bool {
    openChoices.configuration(spelledBy: try base.choiceText(of: canonicalText)) != nil
  }

  /// As the base; throws ``RestrictionError/closed(space:architecture:choice:value:open:)`` for architectures outside.
  public func canonicalText(of anyForm: String) throws -> String {
    let text = try base.canonicalText(of: anyForm)
    guard try !contains(text) else { return text }
    let configuration = try base.configuration(of: text)
    let open = openChoices.choicesByName
    let outside = (base.choices?.choices ?? []).first { choice in
      guard let value = configuration[choice.name] else { return false }
      return open[choice.name]?.value(equalTo: value) == nil
    }
    throw RestrictionError.closed(
      space: name, architecture: text, choice: outside?.name ?? "a choice",
      value: outside.flatMap { configuration[$0.name] }?.plainText ?? "",
      open: outside.flatMap { open[$0.name] }?.spelledValues ?? ["no value"])
  }

  public func choiceText(of canonicalText: String) throws -> String {
    try base.choiceText(of: try self.canonicalText(of: canonicalText))
  }

  // MARK: Moves

  /// The neighbors that the base has inside, then, for each ordered choice, the next open value where closed ones lie
  /// between. Where a depth or another choice with conditions is closed, parts of the space may have no way between them.
  public func neighbors(of canonicalText: String) throws -> [String] {
    let text = try self.canonicalText(of: canonicalText)
    let inside = try base.neighbors(of: text).filter { try contains($0) }
    return try inside + jumps(from: text, beside: inside)
  }

  /// Each active choice uniform over its open values.
  public func sample(using generator: inout SeededGenerator) throws -> String {
    try base.canonicalText(of: try openChoices.text(of: openChoices.draw(using: &generator), in: name))
  }

  /// Drawn by the base's rule, or one of ``neighbors(of:)`` over closed values; where there is no neighbor, any other
  /// architecture.
  public func mutate(_ canonicalText: String, using generator: inout SeededGenerator) throws -> String {
    let text = try self.canonicalText(of: canonicalText)
    let inside = try base.neighbors(of: text).filter { try contains($0) }
    let jumps = try jumps(from: text, beside: inside)
    guard !inside.isEmpty || !jumps.isEmpty else {
      var other = text
      while other == text { other = try sample(using: &generator) }
      return other
    }
    let place = generator.integer(below: inside.count + jumps.count)
    guard place < inside.count else { return jumps[place - inside.count] }
    for _ in 0..<1_000 {
      let mutant = try base.mutate(text, using: &generator)
      if try contains(mutant) { return mutant }
    }
    return inside[place]
  }

  /// As the base: a child of choices that parents inside have is inside.
  public func crossOver(_ first: String, _ second: String, using generator: inout SeededGenerator) throws -> String {
    let parents = [try canonicalText(of: first), try canonicalText(of: second)]
    return try canonicalText(of: try base.crossOver(parents[0], parents[1], using: &generator))
  }

  /// The architectures with the next open value of an ordered choice beyond closed ones, where no other choice changes.
  private func jumps(from text: String, beside known: [String]) throws -> [String] {
    var configuration = try base.configuration(of: text)
    let open = openChoices.choicesByName
    var found: [String] = []
    for choice in base.choices?.choices ?? [] where choice.isOrdered {
      guard let value = configuration[choice.name], let place = choice.values.firstIndex(of: value),
        let openValues = open[choice.name].map({ Set($0.values) })
      else { continue }
      let below = choice.values[..<place].last { openValues.contains($0) }
      let above = choice.values[(place + 1)...].first { openValues.contains($0) }
      for next in [below, above].compactMap({ $0 }) {
        configuration[choice.name] = next
        let other = try? base.canonicalText(of: try openChoices.text(of: configuration, in: name))
        if let other, !known.contains(other) { found.append(other) }
      }
      configuration[choice.name] = value
    }
    return found
  }

  // MARK: As the base

  public var encodings: [String] { base.encodings }
  public var distanceEncoding: String? { base.distanceEncoding }
  public var publishedIndex: String? { base.publishedIndex }
  public var traits: [ArchitectureTrait] { base.traits }

  public func encode(_ canonicalText: String, as encoding: String) throws -> [Double] {
    try base.encode(try self.canonicalText(of: canonicalText), as: encoding)
  }

  /// That of the base, which may lie outside: it says which architectures are one network.
  public func isomorphismClass(of canonicalText: String) throws -> String {
    try base.isomorphismClass(of: try self.canonicalText(of: canonicalText))
  }

  public func identifiers(of canonicalText: String) throws -> [(name: String, value: String)] {
    try base.identifiers(of: try self.canonicalText(of: canonicalText))
  }

  public func value(of trait: ArchitectureTrait, in canonicalText: String) throws -> ArchitectureTrait.Value? {
    try base.value(of: trait, in: try self.canonicalText(of: canonicalText))
  }

  public func diagram(of canonicalText: String) throws -> ArchitectureDiagram? {
    try base.diagram(of: try self.canonicalText(of: canonicalText))
  }

  public func slotGroups(of canonicalText: String) throws -> [SlotGroup]? {
    try base.slotGroups(of: try self.canonicalText(of: canonicalText))
  }
}
