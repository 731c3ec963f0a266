/// A directed graph of up to eight vertices with labels, on the way to a ``NASBench101Cell``: vertex 0 is the input,
/// vertex 1 the output, all others hold an operation. Labels need not follow the edges.
struct NASBench101Graph {
  static let input = 0
  static let output = 1

  private(set) var vertexCount: Int
  /// For each vertex the set of vertices with an edge to it, bit v for vertex v.
  private(set) var predecessors: SIMD8<UInt8> = .zero
  /// For each inner vertex the raw value of its operation.
  private(set) var operations: SIMD8<UInt8> = .zero

  /// Input and output, without an edge.
  init() { vertexCount = 2 }

  init(_ cell: NASBench101Cell) {
    self.init()
    let positions = cell.vertexCount
    for position in 1..<(positions - 1) {
      appendVertex(operation: cell.operation(at: position))
    }
    for position in 1..<positions {
      for source in 0..<position where cell.hasEdge(from: source, to: position) {
        addEdge(from: Self.label(of: source, count: positions), to: Self.label(of: position, count: positions))
      }
    }
  }

  /// The label of the vertex that stands at `position` of a cell of `count` vertices.
  static func label(of position: Int, count: Int) -> Int {
    position == 0 ? input : position == count - 1 ? output : position + 1
  }

  var edgeCount: Int {
    (0..<vertexCount).reduce(0) { $0 + predecessors[$1].nonzeroBitCount }
  }

  /// Returns the new vertex.
  @discardableResult
  mutating func appendVertex(operation: NASBench101Operation) -> Int {
    precondition(vertexCount < 8, "a graph has at most eight vertices")
    operations[vertexCount] = UInt8(operation.rawValue)
    predecessors[vertexCount] = 0
    vertexCount += 1
    return vertexCount - 1
  }

  mutating func addEdge(from source: Int, to target: Int) { predecessors[target] |= 1 << UInt8(source) }
  mutating func removeEdge(from source: Int, to target: Int) { predecessors[target] &= ~(1 << UInt8(source)) }
  mutating func setOperation(_ operation: NASBench101Operation, at vertex: Int) {
    operations[vertex] = UInt8(operation.rawValue)
  }

  func hasEdge(from source: Int, to target: Int) -> Bool { predecessors[target] >> UInt8(source) & 1 == 1 }

  /// For each vertex the set of vertices from which it can be reached, itself among them.
  func ancestors() -> SIMD8<UInt8> {
    var ancestors = predecessors
    for vertex in 0..<vertexCount { ancestors[vertex] |= 1 << UInt8(vertex) }
    // A path has at most vertexCount edges, and each round doubles the length that is covered.
    for _ in 0..<3 {
      let before = ancestors
      for vertex in 0..<vertexCount {
        for other in 0..<vertexCount where before[vertex] >> UInt8(other) & 1 == 1 {
          ancestors[vertex] |= before[other]
        }
      }
    }
    return ancestors
  }

  /// The graph without the vertices that lie on no path from the input to the output, as published; nil where there is no
  /// path.
  func pruned() -> NASBench101Graph? {
    let ancestors = ancestors()
    let live = (0..<vertexCount).filter { vertex in
      ancestors[vertex] & 1 == 1 && ancestors[Self.output] >> UInt8(vertex) & 1 == 1
    }
    guard live.starts(with: [Self.input, Self.output]) else { return nil }
    if live.count == vertexCount { return self }
    var pruned = NASBench101Graph()
    pruned.vertexCount = live.count
    for (new, old) in live.enumerated() {
      pruned.operations[new] = operations[old]
      for (newSource, source) in live.enumerated() where hasEdge(from: source, to: old) {
        pruned.addEdge(from: newSource, to: new)
      }
    }
    return pruned
  }

  /// The code of ``NASBench101Cell`` of the smallest labelling: over all orders of the inner vertices that follow the
  /// edges, the smallest sequence of (sources, operation) by position. Equal exactly for isomorphic graphs.
  ///
  /// The graph must be pruned, without cycle and of at most seven vertices. At most 5! orders; a branch ends where its
  /// beginning is larger than the best found.
  func canonicalCode() -> UInt64 {
    var search = CanonicalSearch(graph: self)
    search.place(position: 1, placed: 1, code: UInt64(vertexCount) << 56)
    return search.best
  }

  private struct CanonicalSearch {
    let graph: NASBench101Graph
    var best = UInt64.max
    /// For each placed vertex the bit of its position.
    private var bits = SIMD8<UInt8>(1, 0, 0, 0, 0, 0, 0, 0)

    init(graph: NASBench101Graph) { self.graph = graph }

    mutating func place(position: Int, placed: UInt8, code: UInt64) {
      let shift = UInt64(56 - 8 * position)
      if position == graph.vertexCount - 1 {
        let complete = code | UInt64(sources(of: NASBench101Graph.output)) << (shift + 2)
        best = min(best, complete)
        return
      }
      for vertex in 2..<graph.vertexCount
      where placed >> UInt8(vertex) & 1 == 0 && graph.predecessors[vertex] & ~placed == 0 {
        let longer = code | UInt64(sources(of: vertex) << 2 | graph.operations[vertex]) << shift
        // What is behind this position can only make the code larger.
        if longer > best { continue }
        bits[vertex] = 1 << UInt8(position)
        place(position: position + 1, placed: placed | 1 << UInt8(vertex), code: longer)
      }
    }

    private func sources(of vertex: Int) -> UInt8 {
      var positions: UInt8 = 0
      var rest = graph.predecessors[vertex]
      while rest != 0 {
        positions |= bits[rest.trailingZeroBitCount]
        rest &= rest - 1
      }
      return positions
    }
  }
}
