extension NASBench101Space {
  /// The edges from each vertex, then the operation of each inner vertex.
  public var slotGroups: [SlotGroup]? {
    func name(_ vertex: Int) -> String { vertex == 0 ? "input" : vertex == 6 ? "output" : "\(vertex)" }
    return (0..<6).map { source in SlotGroup("edges from \(name(source))", (source + 1...6).map(name)) }
      + (1...5).map { SlotGroup("operation of \($0)", NASBench101Operation.allCases.map(\.publishedName)) }
  }

  /// Operations are boxes.
  public func diagram(of architecture: NASBench101Cell) -> ArchitectureDiagram? {
    ArchitectureDiagram(
      boxes: [.init("input", .input)] + architecture.operations.map { .init($0.publishedName, .operation) }
        + [.init("output", .output)],
      arrows: (0..<architecture.vertexCount).flatMap { source in
        architecture.successors(of: source).map { .init(source, $0) }
      })
  }
}
