public import Records

/// A set of architectures with rules: how to draw, count, vary, spell and encode them.
///
/// Conformances are checked by `checkSpace` of `TestSupport`. All operations are functions of their arguments alone;
/// what is drawn follows from the generator.
public protocol Space: Sendable {
  associatedtype Architecture: Hashable & Sendable

  /// Stands in ids and records, for example `seqnas`.
  var name: String { get }

  /// The exact number of architectures.
  var architectureCount: UInt64 { get }

  /// Slots of ``encode(_:)``.
  var encodingLength: Int { get }

  /// True when `architecture` is of this space and not merely of the same type.
  func contains(_ architecture: Architecture) -> Bool

  /// Draws an architecture from the distribution that the space's authors sample from.
  func sample(using generator: inout SeededGenerator) -> Architecture

  /// All architectures at one elementary change, each once, in a fixed order. Symmetric: a is a neighbor of b exactly
  /// when b is one of a.
  func neighbors(of architecture: Architecture) -> [Architecture]

  /// Draws one neighbor: always a different architecture.
  func mutate(_ architecture: Architecture, using generator: inout SeededGenerator) -> Architecture

  /// Draws an architecture each of whose choices is that of one of the parents.
  func crossOver(
    _ first: Architecture, _ second: Architecture, using generator: inout SeededGenerator
  ) -> Architecture

  /// The one readable spelling of `architecture`: printable ASCII without blanks and quotes. Published spellings are
  /// kept, so a shell may treat some of it specially (`|`).
  func canonicalText(_ architecture: Architecture) -> String

  /// Reads ``canonicalText(_:)`` and the ``identifiers(of:)`` as `name:value`, in any case and with white space around.
  /// Throws a ``UserFacingError`` for all else.
  func parse(_ text: String) throws -> Architecture

  /// The architecture as 0/1 slots.
  func encode(_ architecture: Architecture) -> [UInt8]

  /// Reads ``encode(_:)``. Throws a ``UserFacingError`` for slots that encode no architecture of this space.
  func decode(_ slots: [UInt8]) throws -> Architecture

  /// The names that published tables give `architecture`, in a fixed order; none by default.
  func identifiers(of architecture: Architecture) -> [PublishedIdentifier]

  /// The identifier whose value is the whole number of an architecture in a published table, such as `nats`; by default
  /// no table numbers architectures.
  var publishedIndex: String? { get }

  /// The one architecture that stands for all that describe the same network as `architecture`; by default each stands
  /// for itself.
  func isomorphismClass(of architecture: Architecture) -> Architecture

  /// The space as choices; by default there is no such form.
  var choices: SpaceChoices? { get }

  /// What the template of ``choices`` gives for the configuration of `architecture`, any form that the space reads; by
  /// default the canonical text.
  func choiceText(_ architecture: Architecture) -> String

  /// What filters may ask of architectures; by default nothing.
  var traits: [ArchitectureTrait] { get }
  /// One of ``traits`` of an architecture; nil for others.
  func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value?

  /// What the slots of ``encode(_:)`` mean, all of them in their order; by default the space does not say.
  var slotGroups: [SlotGroup]? { get }

  /// How people draw an architecture; by default there is no drawing.
  func diagram(of architecture: Architecture) -> ArchitectureDiagram?
}

extension Space {
  public func identifiers(of architecture: Architecture) -> [PublishedIdentifier] { [] }

  public var publishedIndex: String? { nil }

  public func isomorphismClass(of architecture: Architecture) -> Architecture { architecture }

  public var choices: SpaceChoices? { nil }

  public func choiceText(_ architecture: Architecture) -> String { canonicalText(architecture) }

  public var traits: [ArchitectureTrait] { [] }

  public func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value? { nil }

  public var slotGroups: [SlotGroup]? { nil }

  public func diagram(of architecture: Architecture) -> ArchitectureDiagram? { nil }

  /// The first 128 bits of SHA-256 over the space's name and the canonical text.
  public func id(of architecture: Architecture) -> ArchitectureID {
    ArchitectureID(space: name, canonicalText: canonicalText(architecture))
  }
}
