/// The spaces that are known by name: those that are built in, and grids and opaque spaces as files define them.
public struct SpaceCatalogue: Sendable {
  private var spaces: [String: any TextualSpace] = [:]
  private var definitions: [String: SpaceDefinition] = [:]

  /// The built-in spaces. `nasBench101Hashes` lets `nasbench101` read `hash:`.
  public init(nasBench101Hashes: NASBench101HashTable? = nil) {
    for space in Self.builtIn(nasBench101Hashes) { spaces[space.name] = space }
  }

  /// Every space that needs no definition.
  private static func builtIn(_ nasBench101Hashes: NASBench101HashTable?) -> [any TextualSpace] {
    [
      EventSequenceByText(), NASBench201Space().byText, NATSSizeSpace().byText, SpikeNASSpace().byText,
      NASBench101Space(hashTable: nasBench101Hashes).byText,
      NASBenchGraphSpace().byText,
    ]
  }

  /// Ascending.
  public var names: [String] { spaces.keys.sorted() }

  /// Adds a space; the same definition again changes nothing.
  ///
  /// Throws ``SpacesError/definition(space:problem:allowed:)`` for what is no space, and
  /// ``SpacesError/definitionConflict(space:)`` where the name is taken by another.
  public mutating func define(_ definition: SpaceDefinition) throws {
    if definitions[definition.name] == definition { return }
    guard spaces[definition.name] == nil else { throw SpacesError.definitionConflict(space: definition.name) }
    spaces[definition.name] = try definition.makeSpace()
    definitions[definition.name] = definition
  }

  /// Throws ``SpacesError/unknownSpace(name:known:)``. A caller that only shows what a table says may do without the
  /// space.
  public func space(_ name: String) throws -> any TextualSpace {
    guard let space = spaces[name] else { throw SpacesError.unknownSpace(name: name, known: names) }
    return space
  }
}
