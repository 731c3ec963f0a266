public import Records

/// A space on the graph of NAS-Bench-201: 15,625 cells of six edges with five operations.
///
/// A conformance says which operations there are and which texts it reads beside the canonical one; all else is here.
public protocol FourNodeSpace: EnumerableSpace, CellSpace where Architecture == FourNodeCell<Operation> {
  associatedtype Operation: FourNodeOperation

  /// By code, the smallest code of the isomorphism class.
  static var classRepresentatives: [UInt16] { get }
}

extension FourNodeSpace {
  public var architectureCount: UInt64 { UInt64(FourNodeGraph.cellCount) }

  /// 6 edges of 5 slots.
  public var encodingLength: Int { FourNodeGraph.edges.count * FourNodeGraph.operationCount }

  public func contains(_ architecture: Architecture) -> Bool { true }

  public func operations(of architecture: Architecture) -> [Int] { architecture.digits }

  /// By the operations in the order of the edges, the last edge changing fastest.
  public func architecture(at index: UInt64) -> Architecture? {
    index < architectureCount ? Architecture(code: Int(index)) : nil
  }

  public func index(of architecture: Architecture) -> UInt64 { UInt64(architecture.code) }

  /// Each edge's operation uniform, which is uniform over the space.
  public func sample(using generator: inout SeededGenerator) -> Architecture {
    Architecture(code: generator.integer(below: FourNodeGraph.cellCount))
  }

  /// The 24 cells with another operation on one edge, by edge, then by operation.
  public func neighbors(of architecture: Architecture) -> [Architecture] {
    architecture.digits.enumerated().flatMap { edge, own in
      (0..<FourNodeGraph.operationCount).filter { $0 != own }.map { architecture.with($0, on: edge) }
    }
  }

  /// A uniform neighbor.
  public func mutate(_ architecture: Architecture, using generator: inout SeededGenerator) -> Architecture {
    let edge = generator.integer(below: FourNodeGraph.edges.count)
    let other = generator.integer(below: FourNodeGraph.operationCount - 1)
    let own = architecture.digits[edge]
    return architecture.with(other < own ? other : other + 1, on: edge)
  }

  /// Takes each edge's operation from either parent with equal probability.
  public func crossOver(
    _ first: Architecture, _ second: Architecture, using generator: inout SeededGenerator
  ) -> Architecture {
    Architecture(digits: zip(first.digits, second.digits).map { generator.chance(0.5) ? $0 : $1 })
  }

  /// `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`, as NAS-Bench-201 publishes its cells.
  public func canonicalText(_ architecture: Architecture) -> String { architecture.text }

  /// The one-hot adjacency: for each edge one slot an operation.
  public func encode(_ architecture: Architecture) -> [UInt8] {
    oneHot(architecture.digits, choices: FourNodeGraph.operationCount)
  }

  /// Throws ``SpacesError/vectorLength(found:allowed:unit:)``, ``SpacesError/vectorValue(slot:found:)`` or
  /// ``SpacesError/vectorSlots(choice:slots:found:allowed:)``.
  public func decode(_ slots: [UInt8]) throws -> Architecture {
    let places = FourNodeGraph.edges.map { "edge \($0.source) to \($0.target)" }
    return Architecture(digits: try readOneHot(slots, places: places, choices: FourNodeGraph.operationCount))
  }

  /// The cell with the smallest index among those of the same unique string.
  public func isomorphismClass(of architecture: Architecture) -> Architecture {
    Architecture(code: Int(Self.classRepresentatives[Int(architecture.code)]))
  }

  /// The text that is equal for exactly the cells of one isomorphism class, as NAS-Bench-201 defines it.
  public func uniqueString(of architecture: Architecture) -> String {
    FourNodeClasses<Operation>.uniqueString(of: architecture)
  }
}

// MARK: Live paths

extension FourNodeSpace {
  public var operations: [CellOperation] {
    Operation.allCases.map { CellOperation(name: $0.name, role: $0.role) }
  }

  /// Up to four: 0→3, 0→1→3, 0→2→3, 0→1→2→3.
  public func livePaths(of architecture: Architecture) -> [LivePath] {
    let edges = architecture.operations
    return liveEdgePaths(of: architecture).map { path in
      let computing = path.filter { edges[$0].role != .skip }
      return LivePath(operations: computing.map { Int(edges[$0].rawValue) }, skips: path.count - computing.count)
    }
  }

  public func liveOperations(of architecture: Architecture) -> [Int] {
    let digits = architecture.digits
    return Set(liveEdgePaths(of: architecture).joined()).sorted().map { digits[$0] }
  }

  private func liveEdgePaths(of architecture: Architecture) -> [[Int]] {
    let edges = architecture.operations
    return FourNodeGraph.paths.filter { path in path.allSatisfy { edges[$0].role != .none } }
  }
}
