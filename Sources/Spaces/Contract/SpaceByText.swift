public import Records

/// Any ``Space`` as a ``TextualSpace``.
public struct SpaceByText<S: Space>: TextualSpace {
  public let space: S
  public let kind: String
  public let choices: SpaceChoices?
  private let namedEncodings: [SpaceEncoding<S.Architecture>]
  private let namedIdentifiers: @Sendable (S.Architecture) -> [(name: String, value: String)]

  /// `encoding` names the space's own 0/1 slots; `encodings` are what else it has; `identifiers` are an architecture's
  /// published ids.
  public init(
    _ space: S, kind: String, encoding: String = "one-hot", encodings: [SpaceEncoding<S.Architecture>] = [],
    identifiers: @escaping @Sendable (S.Architecture) -> [(name: String, value: String)] = { _ in [] }
  ) {
    self.space = space
    self.kind = kind
    choices = space.choices
    namedEncodings = [SpaceEncoding(encoding) { space.encode($0).map(Double.init) }] + encodings
    namedIdentifiers = identifiers
  }

  public var name: String { space.name }
  public var architectureCount: UInt64? { space.architectureCount }
  public var encodings: [String] { namedEncodings.map(\.name) }
  public var publishedIndex: String? { space.publishedIndex }

  public func canonicalText(of anyForm: String) throws -> String {
    space.canonicalText(try space.parse(anyForm))
  }

  public func neighbors(of canonicalText: String) throws -> [String] {
    space.neighbors(of: try space.parse(canonicalText)).map(space.canonicalText)
  }

  public func sample(using generator: inout SeededGenerator) throws -> String {
    space.canonicalText(space.sample(using: &generator))
  }

  public func mutate(_ canonicalText: String, using generator: inout SeededGenerator) throws -> String {
    space.canonicalText(space.mutate(try space.parse(canonicalText), using: &generator))
  }

  public func crossOver(_ first: String, _ second: String, using generator: inout SeededGenerator) throws -> String {
    space.canonicalText(space.crossOver(try space.parse(first), try space.parse(second), using: &generator))
  }

  public func encode(_ canonicalText: String, as encoding: String) throws -> [Double] {
    guard let found = namedEncodings.first(where: { $0.name == encoding }) else {
      throw SpacesError.unknownEncoding(space: name, name: encoding, known: encodings)
    }
    return found.encode(try space.parse(canonicalText))
  }

  public func choiceText(of canonicalText: String) throws -> String {
    space.choiceText(try space.parse(canonicalText))
  }

  public func isomorphismClass(of canonicalText: String) throws -> String {
    space.canonicalText(space.isomorphismClass(of: try space.parse(canonicalText)))
  }

  public func identifiers(of canonicalText: String) throws -> [(name: String, value: String)] {
    let architecture = try space.parse(canonicalText)
    return space.identifiers(of: architecture).map { ($0.name, $0.value) } + namedIdentifiers(architecture)
  }

  public var traits: [ArchitectureTrait] { space.traits }

  public func value(of trait: ArchitectureTrait, in canonicalText: String) throws -> ArchitectureTrait.Value? {
    space.value(of: trait, in: try space.parse(canonicalText))
  }

  public func diagram(of canonicalText: String) throws -> ArchitectureDiagram? {
    space.diagram(of: try space.parse(canonicalText))
  }

  public func slotGroups(of canonicalText: String) throws -> [SlotGroup]? {
    _ = try space.parse(canonicalText)
    return space.slotGroups
  }
}
