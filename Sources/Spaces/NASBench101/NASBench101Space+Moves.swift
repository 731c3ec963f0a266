public import Records

extension NASBench101Space {
  /// The cells at one operation or one edge.
  ///
  /// - an inner vertex takes one of the other two operations;
  /// - an edge is added between two vertices of the cell, or removed without cutting a vertex off;
  /// - an edge is removed and the one vertex that it cuts off is pruned; or, the other way round, a vertex with one edge in
  ///   and any edges out, or any edges in and one edge out, comes in.
  ///
  /// These are the flips of one entry of an unpruned matrix of seven vertices between matrices of the two cells, as far as
  /// at most one vertex comes to life or dies: flips of the pruned matrix alone would lead away from small cells and not
  /// back. The relation is one of classes, symmetric, and connects the space. Ascending by code.
  public func neighbors(of architecture: NASBench101Cell) -> [NASBench101Cell] {
    Set(operationNeighbors(of: architecture) + edgeNeighbors(of: architecture)).sorted { $0.code < $1.code }
  }

  /// Changes an operation or an edge with equal probability (an edge where there is no inner vertex); each vertex and
  /// operation, or each edge neighbor, is as likely as any other. The result is one of ``neighbors(of:)``.
  public func mutate(_ architecture: NASBench101Cell, using generator: inout SeededGenerator) -> NASBench101Cell {
    let changesOperation = generator.chance(0.5)
    let choices =
      changesOperation && architecture.vertexCount > 2
      ? operationNeighbors(of: architecture)
      : Set(edgeNeighbors(of: architecture)).sorted { $0.code < $1.code }
    return generator.pick(choices)
  }

  /// Takes each entry of the matrix of seven vertices and each operation from either parent (an operation that only one
  /// has, from that one), again until the result is a cell; after 100 vain draws the child is one of the parents.
  ///
  /// Choices are those of the canonical matrices, inner vertices first and the output last; the child's canonical matrix
  /// may number them otherwise. The child of equal parents is their equal.
  public func crossOver(
    _ first: NASBench101Cell, _ second: NASBench101Cell, using generator: inout SeededGenerator
  ) -> NASBench101Cell {
    let parents = [PaddedCell(first), PaddedCell(second)]
    for _ in 0..<100 {
      var child = PaddedCell.empty
      for (source, target) in PaddedCell.pairs {
        child.edges[source][target] = generator.pick(parents).edges[source][target]
      }
      for index in child.operations.indices {
        let choices = parents.compactMap { $0.operations[index] }
        if !choices.isEmpty { child.operations[index] = generator.pick(choices) }
      }
      if let cell = try? child.cell() { return cell }
    }
    return generator.pick([first, second])
  }

  private func operationNeighbors(of cell: NASBench101Cell) -> [NASBench101Cell] {
    let graph = NASBench101Graph(cell)
    return (1..<max(1, cell.vertexCount - 1)).flatMap { position in
      NASBench101Operation.allCases.filter { $0 != cell.operation(at: position) }.map { operation in
        var changed = graph
        changed.setOperation(
          operation, at: NASBench101Graph.label(of: position, count: cell.vertexCount))
        return NASBench101Cell(canonicalCode: changed.canonicalCode())
      }
    }
  }

  private func edgeNeighbors(of cell: NASBench101Cell) -> [NASBench101Cell] {
    let graph = NASBench101Graph(cell)
    var found = withoutAnEdge(graph)
    if graph.edgeCount < NASBench101Cell.edgeCounts.upperBound { found += withAnEdge(graph) }
    if graph.vertexCount < NASBench101Cell.vertexCounts.upperBound { found += withAVertex(graph) }
    return found
  }

  private func withoutAnEdge(_ graph: NASBench101Graph) -> [NASBench101Cell] {
    graph.edges.compactMap { source, target in
      var changed = graph
      changed.removeEdge(from: source, to: target)
      guard let pruned = changed.pruned(), pruned.vertexCount >= graph.vertexCount - 1 else { return nil }
      return NASBench101Cell(canonicalCode: pruned.canonicalCode())
    }
  }

  private func withAnEdge(_ graph: NASBench101Graph) -> [NASBench101Cell] {
    let ancestors = graph.ancestors()
    return graph.possibleEdges.compactMap { source, target in
      guard !graph.hasEdge(from: source, to: target), ancestors[source] >> UInt8(target) & 1 == 0 else { return nil }
      var changed = graph
      changed.addEdge(from: source, to: target)
      return NASBench101Cell(canonicalCode: changed.canonicalCode())
    }
  }

  private func withAVertex(_ graph: NASBench101Graph) -> [NASBench101Cell] {
    let ancestors = graph.ancestors()
    let edgesLeft = NASBench101Cell.edgeCounts.upperBound - graph.edgeCount
    let output = UInt8(1 << NASBench101Graph.output)
    let input = UInt8(1 << NASBench101Graph.input)
    var found: [NASBench101Cell] = []
    let sets = 1..<UInt8(1 << graph.vertexCount)
    for sources in sets where sources & output == 0 {
      for targets in sets where targets & input == 0 {
        let edges = sources.nonzeroBitCount + targets.nonzeroBitCount
        guard min(sources.nonzeroBitCount, targets.nonzeroBitCount) == 1, edges <= edgesLeft else { continue }
        // A target that leads to a source would close a cycle.
        let reaching = (0..<graph.vertexCount).reduce(0 as UInt8) { set, vertex in
          sources >> UInt8(vertex) & 1 == 1 ? set | ancestors[vertex] : set
        }
        guard reaching & targets == 0 else { continue }
        for operation in NASBench101Operation.allCases {
          var changed = graph
          let vertex = changed.appendVertex(operation: operation)
          for other in 0..<graph.vertexCount {
            if sources >> UInt8(other) & 1 == 1 { changed.addEdge(from: other, to: vertex) }
            if targets >> UInt8(other) & 1 == 1 { changed.addEdge(from: vertex, to: other) }
          }
          found.append(NASBench101Cell(canonicalCode: changed.canonicalCode()))
        }
      }
    }
    return found
  }
}

extension NASBench101Graph {
  /// Pairs (source, target) of different vertices with no edge into the input or out of the output.
  fileprivate var possibleEdges: [(Int, Int)] {
    (0..<vertexCount).filter { $0 != Self.output }.flatMap { source in
      (0..<vertexCount).filter { $0 != Self.input && $0 != source }.map { (source, $0) }
    }
  }

  fileprivate var edges: [(Int, Int)] {
    possibleEdges.filter { hasEdge(from: $0.0, to: $0.1) }
  }
}
