extension FourNodeSpace {
  /// The five operations of each edge.
  public var slotGroups: [SlotGroup]? {
    let names = Operation.allCases.map(\.name)
    return FourNodeGraph.edges.map { edge in
      SlotGroup("edge \(Self.node(edge.source))→\(Self.node(edge.target))", names)
    }
  }

  private static func node(_ number: Int) -> String { ["input", "1", "2", "output"][number] }

  /// The four nodes, an operation on each arrow.
  public func diagram(of architecture: Architecture) -> ArchitectureDiagram? {
    ArchitectureDiagram(
      boxes: [.init("input", .input), .init("1", .node), .init("2", .node), .init("output", .output)],
      arrows: zip(FourNodeGraph.edges, architecture.operations).map { edge, operation in
        .init(edge.source, edge.target, operation.name, isLive: operation.role != .none)
      })
  }
}
