/// A cell as graph kernels see it: vertices with labels, edges to later vertices only.
///
/// Only what computes is a vertex. The first vertex is the cell's input, the last its output; in between operations,
/// every one on a way from the input to the output.
public struct CellGraph: Hashable, Sendable {
  /// 0 for the input, 1 for the output, and 2 and more for operations by their place in ``CellSpace/operations``.
  public let labels: [Int]
  /// Pairs of vertices, ascending.
  public let edges: [Edge]

  public struct Edge: Hashable, Sendable {
    public let source: Int
    public let target: Int

    public init(_ source: Int, _ target: Int) {
      self.source = source
      self.target = target
    }
  }

  /// The graph of operations between an input, vertex 0, and an output, the last vertex: `operations` are the labels - 2
  /// of the vertices between, which `edges` connect to later ones.
  ///
  /// What holds `none` is taken away with its edges; what holds `skip` is, and its sources lead to its targets; then what
  /// no way from input to output passes is (as Ru et al., 2021, prepare cells for NASBOWL).
  init(operations: [Int], edges: [Edge], of known: [CellOperation]) {
    let output = operations.count + 1
    var leads = [[Bool]](repeating: .init(repeating: false, count: output + 1), count: output + 1)
    for edge in edges { leads[edge.source][edge.target] = true }
    var isKept = [Bool](repeating: true, count: output + 1)
    for vertex in 1..<output {
      switch known[operations[vertex - 1]].role {
      case .none: isKept[vertex] = false
      case .skip:
        isKept[vertex] = false
        for source in 0..<vertex where leads[source][vertex] {
          for target in vertex + 1...output where leads[vertex][target] { leads[source][target] = true }
        }
      case .convolution, .pooling, .other: break
      }
      if !isKept[vertex] {
        for other in 0...output {
          leads[other][vertex] = false
          leads[vertex][other] = false
        }
      }
    }
    var isReached = [Bool](repeating: false, count: output + 1)
    var reachesEnd = isReached
    isReached[0] = true
    reachesEnd[output] = true
    for vertex in 1...output { isReached[vertex] = (0..<vertex).contains { isReached[$0] && leads[$0][vertex] } }
    for vertex in (0..<output).reversed() {
      reachesEnd[vertex] = (vertex + 1...output).contains { reachesEnd[$0] && leads[vertex][$0] }
    }
    let kept = (0...output).filter {
      $0 == 0 || $0 == output || (isKept[$0] && isReached[$0] && reachesEnd[$0])
    }
    labels = kept.map { $0 == 0 ? 0 : $0 == output ? 1 : operations[$0 - 1] + 2 }
    self.edges = kept.indices.flatMap { source in
      kept.indices.filter { leads[kept[source]][kept[$0]] }.map { Edge(source, $0) }
    }
  }

  /// The number of vertices, then `vertices` labels, -1 where there are fewer, then for each pair of a vertex and a later
  /// one of `vertices`, by the first, 1 for an edge.
  public func numbers(vertices: Int) -> [Double] {
    precondition(labels.count <= vertices, "a graph has no more vertices than its space allows")
    let present = Set(edges)
    var numbers = [Double(labels.count)]
    numbers += (0..<vertices).map { $0 < labels.count ? Double(labels[$0]) : -1 }
    for source in 0..<vertices {
      for target in source + 1..<max(vertices, source + 1) {
        numbers.append(present.contains(Edge(source, target)) ? 1 : 0)
      }
    }
    return numbers
  }
}

/// A cell space whose cells are graphs of operations.
public protocol GraphCellSpace: CellSpace {
  /// Vertices of the largest graph, input and output among them.
  var largestGraph: Int { get }
  func graph(of architecture: Architecture) -> CellGraph
}

extension GraphCellSpace {
  /// The graph as numbers: vertex count, labels, upper triangle of the adjacency.
  var graphEncoding: SpaceEncoding<Architecture> {
    SpaceEncoding("graph") { graph(of: $0).numbers(vertices: largestGraph) }
  }
}

extension GraphCellSpace where Self: FourNodeSpace {
  public var largestGraph: Int { FourNodeGraph.edges.count + 2 }

  /// The edges of the cell become vertices: one leads to another where it ends at the node at which that begins.
  public func graph(of architecture: Architecture) -> CellGraph {
    let places = FourNodeGraph.edges
    var edges: [CellGraph.Edge] = []
    for (from, place) in places.enumerated() {
      if place.source == 0 { edges.append(.init(0, from + 1)) }
      if place.target == 3 { edges.append(.init(from + 1, places.count + 1)) }
      for (to, next) in places.enumerated() where next.source == place.target { edges.append(.init(from + 1, to + 1)) }
    }
    return CellGraph(operations: architecture.operations.map { Int($0.rawValue) }, edges: edges, of: operations)
  }
}

extension NASBench201Space: GraphCellSpace {}
extension SpikeNASSpace: GraphCellSpace {}

extension NASBench101Space: GraphCellSpace {
  public var largestGraph: Int { NASBench101Cell.vertexCounts.upperBound }

  /// The cell itself.
  public func graph(of architecture: NASBench101Cell) -> CellGraph {
    CellGraph(
      operations: architecture.operations.map(\.rawValue),
      edges: (0..<architecture.vertexCount).flatMap { source in
        architecture.successors(of: source).map { CellGraph.Edge(source, $0) }
      }, of: operations)
  }
}

extension NASBenchGraphSpace: GraphCellSpace {
  public var largestGraph: Int { 6 }

  /// The tree, its leaves led to the output.
  public func graph(of architecture: NASBenchGraphCell) -> CellGraph {
    let link = architecture.link
    return CellGraph(
      operations: architecture.operations.map(\.rawValue),
      edges: link.enumerated().map { CellGraph.Edge($1, $0 + 1) }
        + (1...4).filter { !link.contains($0) }.map { CellGraph.Edge($0, 5) }, of: operations)
  }
}
