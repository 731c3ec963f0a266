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

extension NASBench201Space {
  /// With the encodings of NASLib and live paths.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell", encoding: "adjacency",
      encodings: [
        SpaceEncoding("path") { naslibPathEncoding(of: $0).map(Double.init) },
        SpaceEncoding("sequence") { sequenceEncoding(of: $0).map(Double.init) },
        SpaceEncoding("categorical") { categoricalEncoding(of: $0).map(Double.init) },
        SpaceEncoding("popnas-blocks") { popnasBlockEncoding(of: $0) },
      ] + livePathEncodings(longestPath: 3) + flowEncodings + [graphEncoding])
  }
}

extension SpikeNASSpace {
  /// With live paths.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell", encoding: "adjacency",
      encodings: [SpaceEncoding("categorical") { categoricalEncoding(of: $0).map(Double.init) }]
        + livePathEncodings(longestPath: 3) + flowEncodings + [graphEncoding])
  }
}

extension NATSSizeSpace {
  /// With the ordinal encoding.
  public var byText: some TextualSpace {
    SpaceByText(self, kind: "size", encodings: [SpaceEncoding("ordinal") { ordinalEncoding(of: $0).map(Double.init) }])
  }
}

extension FourNodeSpace {
  /// The numbers of what arrives at the output, and the same behind the summary of live paths.
  fileprivate var flowEncodings: [SpaceEncoding<Architecture>] {
    [
      SpaceEncoding("flow") { flow(of: $0).values },
      SpaceEncoding("flow-summary") { flowSummary(of: $0) },
    ]
  }
}

extension CellSpace {
  /// How often each sequence of operations stands on a live path, and the summary of live paths.
  func livePathEncodings(longestPath: Int) -> [SpaceEncoding<Architecture>] {
    [
      SpaceEncoding("live-path-counts") { livePathCounts(of: $0, longestPath: longestPath) },
      SpaceEncoding("live-path-summary") { livePathSummary(of: $0) },
    ]
  }
}

extension NASBench101Space {
  /// With live paths, and the published hash, matrix (row by row) and operations as identifiers.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell", encoding: "adjacency",
      encodings: [
        SpaceEncoding("categorical") { categoricalEncoding(of: $0) }, SpaceEncoding("path") { pathEncoding(of: $0) },
        SpaceEncoding("sequence") { sequenceEncoding(of: $0).map(Double.init) },
      ] + livePathEncodings(longestPath: 5) + [graphEncoding],
      identifiers: { cell in
        let names = ["input"] + cell.operations.map(\.publishedName) + ["output"]
        return [
          ("hash", cell.graphHash), ("matrix", cell.matrix.flatMap { $0 }.map { $0 ? "1" : "0" }.joined()),
          ("operations", names.joined(separator: ",")),
        ]
      })
  }
}

extension NASBenchGraphSpace {
  /// With live paths, and the key of the published tables as identifier.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell",
      encodings: [
        SpaceEncoding("categorical") { categoricalEncoding(of: $0) },
        SpaceEncoding("sequence") { sequenceEncoding(of: $0).map(Double.init) },
        SpaceEncoding("path-features") { pathFeatures(of: $0) },
        SpaceEncoding("pair-counts") { pairCounts(of: $0) },
        SpaceEncoding("path-traits") { pathTraits(of: $0) },
        SpaceEncoding("path-summary") { pathTraits(of: $0) + pathFeatures(of: $0) },
      ] + livePathEncodings(longestPath: 4) + [graphEncoding],
      identifiers: { [("hash", "\($0.publishedHash)")] })
  }
}
