import Records

extension FourNodeSpace {
  /// An operation on each of the six edges: `edge_0_1`, `edge_0_2`, … as NAS-Bench-201 names them.
  public var choices: SpaceChoices? {
    let operations = Operation.allCases.map { JSONValue.string($0.name) }
    func name(_ edge: (source: Int, target: Int)) -> String { "edge_\(edge.source)_\(edge.target)" }
    let nodes = (1...3).map { target in
      "|"
        + FourNodeGraph.edges.filter { $0.target == target }.map { "{\(name($0))}~\($0.source)" }.joined(separator: "|")
        + "|"
    }
    return SpaceChoices(
      FourNodeGraph.edges.map { SpaceChoices.Choice(name($0), operations) }, template: nodes.joined(separator: "+"),
      operations: Dictionary(
        uniqueKeysWithValues: Operation.allCases.map { operation in
          let everywhere = FourNodeGraph.edges.map { (name($0), [JSONValue.string(operation.name)]) }
          return (operation.name, Dictionary(uniqueKeysWithValues: everywhere))
        }))
  }
}
