public import Records

/// The search space of NAS-Bench-101 (Ying et al., 2019): 423,624 cells of up to seven vertices and nine edges, whose
/// inner vertices are 3×3 and 1×1 convolutions and 3×3 maximum poolings.
public struct NASBench101Space: CellSpace {
  public typealias Architecture = NASBench101Cell

  /// Where `hash:` is looked up.
  private let hashTable: NASBench101HashTable?

  /// `hashTable` lets ``parse(_:)`` read published hashes.
  public init(hashTable: NASBench101HashTable? = nil) { self.hashTable = hashTable }

  public var name: String { "nasbench101" }

  public var architectureCount: UInt64 { 423_624 }

  public func contains(_ architecture: NASBench101Cell) -> Bool { true }

  /// All cells of up to `maximumVertices` vertices, 2 to 7, in a fixed order. All of them take about a second.
  public func architectures(maximumVertices: Int = 7) -> [NASBench101Cell] {
    precondition(NASBench101Cell.vertexCounts.contains(maximumVertices), "cells have 2 to 7 vertices")
    var cells: [NASBench101Cell] = []
    NASBench101Enumeration.forEach(maximumVertices: maximumVertices) { cells.append($0) }
    return cells
  }

  /// Draws as published: a uniform upper triangle of a matrix of seven vertices and uniform operations, again until the
  /// pruned cell has a path and at most nine edges.
  public func sample(using generator: inout SeededGenerator) -> NASBench101Cell {
    while true {
      var matrix = PaddedCell.empty
      for source in 0..<6 {
        for target in (source + 1)...6 { matrix.edges[source][target] = generator.chance(0.5) }
      }
      for index in 0..<5 { matrix.operations[index] = generator.pick(NASBench101Operation.allCases) }
      if let cell = try? matrix.cell() { return cell }
    }
  }

  public func canonicalText(_ architecture: NASBench101Cell) -> String { architecture.canonicalText }

  /// As ``NASBench101Cell/init(text:)``; with a hash table also `hash:` and the 32 digits of a published hash.
  ///
  /// Throws ``SpacesError/hashNeedsTable(hash:)`` for a hash without a table, and
  /// ``SpacesError/unknownIdentifier(space:name:found:allowed:)`` for one that is not in the table.
  public func parse(_ text: String) throws -> NASBench101Cell {
    do {
      return try NASBench101Cell(text: text)
    } catch SpacesError.hashNeedsTable(let hash) {
      guard MD5Digest(hex: hash) != nil, let hashTable else {
        guard MD5Digest(hex: hash) == nil else { throw SpacesError.hashNeedsTable(hash: hash) }
        throw SpacesError.unknownIdentifier(
          space: name, name: "hash", found: hash, allowed: "32 hexadecimal digits")
      }
      guard let cell = hashTable.cell(forHash: hash) else {
        throw SpacesError.unknownIdentifier(
          space: name, name: "hash", found: hash, allowed: "the hashes of the \(hashTable.count) cells of the table")
      }
      return cell
    }
  }

  public var operations: [CellOperation] {
    NASBench101Operation.allCases.map { operation in
      let role: CellOperation.Role =
        switch operation {
        case .convolution3x3: .convolution(size: 3)
        case .convolution1x1: .convolution(size: 1)
        case .maximumPooling3x3: .pooling
        }
      return CellOperation(name: operation.publishedName, role: role)
    }
  }

  public func operations(of architecture: NASBench101Cell) -> [Int] { architecture.operations.map(\.rawValue) }

  /// The operations of the vertices on each path, by the order in which paths turn to lower vertices.
  public func livePaths(of architecture: NASBench101Cell) -> [LivePath] {
    var paths: [LivePath] = []
    func follow(_ vertex: Int, _ operations: [Int]) {
      for next in architecture.successors(of: vertex) {
        if next == architecture.vertexCount - 1 {
          paths.append(LivePath(operations: operations, skips: 0))
        } else {
          follow(next, operations + [architecture.operation(at: next).rawValue])
        }
      }
    }
    follow(0, [])
    return paths
  }

  /// Of all inner vertices: what is pruned holds no others.
  public func liveOperations(of architecture: NASBench101Cell) -> [Int] { architecture.operations.map(\.rawValue) }
}
