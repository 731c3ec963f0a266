extension NASBenchGraphSpace {
  /// The node above nodes 2 to 4, then the operation of each node.
  public var slotGroups: [SlotGroup]? {
    let names = operations.map(\.name)
    return (1..<4).map { node in
      SlotGroup("node \(node + 1) below", (0...node).map { $0 == 0 ? "input" : "\($0)" })
    } + (1...4).map { SlotGroup("operation of node \($0)", names) }
  }

  /// A tree whose leaves lead to the output.
  public func diagram(of architecture: NASBenchGraphCell) -> ArchitectureDiagram? {
    let link = architecture.link
    let known = operations
    return ArchitectureDiagram(
      boxes: [.init("input", .input)]
        + architecture.operations.map { .init(known[$0.rawValue].name, .operation) } + [.init("output", .output)],
      arrows: link.enumerated().map { .init($1, $0 + 1) }
        + (1...4).filter { !link.contains($0) }.map { .init($0, 5) })
  }
}
