extension DiagramSpace where Self: FourNodeSpace {
  /// The four nodes, an operation on each arrow.
  func diagram(of architecture: Architecture) -> ArchitectureDiagram {
    ArchitectureDiagram(
      boxes: [.init("input", .input), .init("1", .node), .init("2", .node), .init("output", .output)],
      arrows: zip(FourNodeGraph.edges, architecture.operations).map { edge, operation in
        .init(edge.source, edge.target, operation.name, isLive: operation.role != .none)
      })
  }
}

extension NASBench201Space: DiagramSpace {}
extension SpikeNASSpace: DiagramSpace {}

extension NASBench101Space: DiagramSpace {
  /// Operations are boxes.
  func diagram(of architecture: NASBench101Cell) -> ArchitectureDiagram {
    ArchitectureDiagram(
      boxes: [.init("input", .input)] + architecture.operations.map { .init($0.publishedName, .operation) }
        + [.init("output", .output)],
      arrows: (0..<architecture.vertexCount).flatMap { source in
        architecture.successors(of: source).map { .init(source, $0) }
      })
  }
}

extension NASBenchGraphSpace: DiagramSpace {
  /// A tree whose leaves lead to the output.
  func diagram(of architecture: NASBenchGraphCell) -> ArchitectureDiagram {
    let link = architecture.link
    let known = operations
    return ArchitectureDiagram(
      boxes: [.init("input", .input)]
        + architecture.operations.map { .init(known[$0.rawValue].name, .operation) } + [.init("output", .output)],
      arrows: link.enumerated().map { .init($1, $0 + 1) }
        + (1...4).filter { !link.contains($0) }.map { .init($0, 5) })
  }
}

extension NATSSizeSpace: DiagramSpace {
  /// The stages, one behind the other.
  func diagram(of architecture: NATSSizeArchitecture) -> ArchitectureDiagram {
    .chain(
      [.init("image", .input)] + architecture.channels.map { .init("\($0) channels", .operation) }
        + [.init("classes", .output)])
  }
}
