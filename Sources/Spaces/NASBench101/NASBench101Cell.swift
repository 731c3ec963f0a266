/// A cell of NAS-Bench-101 (Ying et al., 2019), pruned and in canonical form: isomorphic cells are equal.
///
/// Vertices are numbered from 0, the input, to ``vertexCount`` − 1, the output; every edge leads to a higher number, and
/// every vertex lies on a path from the input to the output. Of all such numberings the cell has the one whose sequence
/// of (sources, operation), vertex by vertex, is smallest.
public struct NASBench101Cell: Hashable, Sendable {
  /// 2 to 7, input and output among them.
  public static let vertexCounts = 2...7
  /// 1 to 9.
  public static let edgeCounts = 1...9

  /// From the highest byte: the number of vertices, then for vertices 1, 2, … their sources (bit v for vertex v) times
  /// four plus the operation. The only state, and the canonical order of cells.
  package let code: UInt64

  /// `code` must be canonical.
  init(canonicalCode code: UInt64) { self.code = code }

  /// The cell of a graph. Throws for a graph without a path from the input to the output, or that has too many vertices
  /// or edges after pruning.
  init(_ graph: NASBench101Graph) throws {
    guard let pruned = graph.pruned() else { throw CellError.withoutPath(space: "nasbench101") }
    try Self.check("vertices", pruned.vertexCount, Self.vertexCounts)
    try Self.check("edges", pruned.edgeCount, Self.edgeCounts)
    code = pruned.canonicalCode()
  }

  /// The cell of a published matrix: `matrix` of V rows and V columns, 0 on and below the diagonal, entry (i, j) true for
  /// an edge from i to j; `operations` of the V − 2 inner vertices. Prunes as published.
  ///
  /// Throws for matrices that are not upper triangular, have no path from the input to the output, more than 7 vertices,
  /// or more than 9 edges after pruning.
  public init(matrix: [[Bool]], operations: [NASBench101Operation]) throws {
    let count = matrix.count
    try Self.check("vertices", count, Self.vertexCounts)
    try Self.check("operations", operations.count, (count - 2)...(count - 2))
    var graph = NASBench101Graph()
    for operation in operations { graph.appendVertex(operation: operation) }
    for (source, row) in matrix.enumerated() {
      try Self.check("entries in row \(source + 1) of the matrix", row.count, count...count)
      for (target, isEdge) in row.enumerated() where isEdge {
        guard source < target else { throw CellError.edge(space: "nasbench101", from: source, to: target) }
        graph.addEdge(
          from: NASBench101Graph.label(of: source, count: count), to: NASBench101Graph.label(of: target, count: count))
      }
    }
    try self.init(graph)
  }

  private static func check(_ quantity: String, _ found: Int, _ allowed: ClosedRange<Int>) throws {
    guard allowed.contains(found) else {
      throw CellError.size(space: "nasbench101", quantity: quantity, found: found, allowed: allowed)
    }
  }

  public var vertexCount: Int { Int(code >> 56) }

  public var edgeCount: Int { (1..<vertexCount).reduce(0) { $0 + sources(of: $1).nonzeroBitCount } }

  /// Of the inner vertices, in order.
  public var operations: [NASBench101Operation] { (1..<(vertexCount - 1)).map(operation(at:)) }

  /// V rows of V columns, entry (i, j) true for an edge from i to j.
  public var matrix: [[Bool]] {
    (0..<vertexCount).map { source in (0..<vertexCount).map { hasEdge(from: source, to: $0) } }
  }

  public func hasEdge(from source: Int, to target: Int) -> Bool {
    target > 0 && sources(of: target) >> UInt8(source) & 1 == 1
  }

  /// The set of vertices with an edge to `vertex`, which is not the input.
  func sources(of vertex: Int) -> UInt8 { UInt8(truncatingIfNeeded: code >> UInt64(56 - 8 * vertex)) >> 2 }

  func operation(at vertex: Int) -> NASBench101Operation {
    NASBench101Operation(rawValue: Int(code >> UInt64(56 - 8 * vertex) & 3)) ?? .convolution3x3
  }

  /// The vertices that an edge of `vertex` leads to, ascending.
  func successors(of vertex: Int) -> [Int] {
    ((vertex + 1)..<max(vertexCount, vertex + 1)).filter { hasEdge(from: vertex, to: $0) }
  }
}
