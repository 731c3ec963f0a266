public import Records

/// A space whose architectures are texts: what stores, the command line and servers use, whatever the space.
///
/// Arguments called `canonicalText` may be any form that the space reads; results are canonical. All throw a
/// ``UserFacingError`` for texts that are no architecture of the space.
public protocol TextualSpace: Sendable {
  var name: String { get }
  /// `cell`, `grid`, `opaque`, `sequence` or `size`.
  var kind: String { get }
  /// Nil where nothing counts the architectures.
  var architectureCount: UInt64? { get }

  /// The one spelling of the architecture that `anyForm` spells.
  func canonicalText(of anyForm: String) throws -> String

  /// As ``Space/neighbors(of:)``. Throws where the space has no rules.
  func neighbors(of canonicalText: String) throws -> [String]
  /// The encoding whose Euclidean distances say which architectures of a table are neighbors; nil where
  /// ``neighbors(of:)`` says it. A table of points drawn from ranges has hardly two of them one step apart.
  var distanceEncoding: String? { get }
  /// As ``Space/sample(using:)``. Throws where the space has no rules.
  func sample(using generator: inout SeededGenerator) throws -> String
  /// As ``Space/mutate(_:using:)``. Throws where the space has no rules.
  func mutate(_ canonicalText: String, using generator: inout SeededGenerator) throws -> String
  /// As ``Space/crossOver(_:_:using:)``. Throws where the space has no rules.
  func crossOver(_ first: String, _ second: String, using generator: inout SeededGenerator) throws -> String

  /// The names that ``encode(_:as:)`` takes, the default first.
  var encodings: [String] { get }
  /// The architecture as numbers. Throws ``SpacesError/unknownEncoding(space:name:known:)`` for other names.
  func encode(_ canonicalText: String, as encoding: String) throws -> [Double]

  /// The canonical text of the one architecture that stands for all that describe the same network; by default each
  /// stands for itself.
  func isomorphismClass(of canonicalText: String) throws -> String

  /// What the architecture is called elsewhere, such as an index or a hash of a published table.
  func identifiers(of canonicalText: String) throws -> [(name: String, value: String)]

  /// The identifier whose value is the whole number of an architecture in a published table, such as `nats`; nil where no
  /// table numbers architectures.
  var publishedIndex: String? { get }

  /// The space as choices; nil where it has no such form.
  var choices: SpaceChoices? { get }
  /// As ``Space/choiceText(_:)``.
  func choiceText(of canonicalText: String) throws -> String

  /// What filters may ask of architectures; empty where the space has nothing of the kind.
  var traits: [ArchitectureTrait] { get }
  /// One of ``traits`` of an architecture; nil for others.
  func value(of trait: ArchitectureTrait, in canonicalText: String) throws -> ArchitectureTrait.Value?

  /// How the architecture is drawn; nil where a space has no way to.
  func diagram(of canonicalText: String) throws -> ArchitectureDiagram?

  /// What the slots of the default encoding mean, all of them in their order; nil where the space does not say.
  func slotGroups(of canonicalText: String) throws -> [SlotGroup]?
}

extension TextualSpace {
  public func isomorphismClass(of canonicalText: String) throws -> String { try self.canonicalText(of: canonicalText) }
  public var distanceEncoding: String? { nil }
  public var publishedIndex: String? { nil }
  public var choices: SpaceChoices? { nil }
  public func choiceText(of canonicalText: String) throws -> String { try self.canonicalText(of: canonicalText) }
  public var traits: [ArchitectureTrait] { [] }
  public func value(of trait: ArchitectureTrait, in canonicalText: String) throws -> ArchitectureTrait.Value? { nil }
  public func diagram(of canonicalText: String) throws -> ArchitectureDiagram? { nil }
  public func slotGroups(of canonicalText: String) throws -> [SlotGroup]? { nil }
}

/// A way to write an architecture as numbers.
public struct SpaceEncoding<Architecture>: Sendable {
  public let name: String
  public let encode: @Sendable (Architecture) -> [Double]

  public init(_ name: String, _ encode: @escaping @Sendable (Architecture) -> [Double]) {
    self.name = name
    self.encode = encode
  }
}
