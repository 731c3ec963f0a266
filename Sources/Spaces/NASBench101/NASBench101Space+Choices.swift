import Records

extension NASBench101Space {
  /// The published matrix of seven vertices: `edge_0_1` to `edge_5_6`, 1 for an edge, and the operations `op_node_1` to
  /// `op_node_5`, as HPOBench and NASLib have them.
  public var choices: SpaceChoices? {
    let vertices = 7
    let edges = (0..<vertices).flatMap { source in
      (source + 1..<max(source + 1, vertices)).map { "edge_\(source)_\($0)" }
    }
    let nodes = (1..<vertices - 1).map { "op_node_\($0)" }
    let matrix = (0..<vertices).flatMap { source in
      (0..<vertices).map { source < $0 ? "{edge_\(source)_\($0)}" : "0" }
    }
    return SpaceChoices(
      edges.map { SpaceChoices.Choice($0, [.integer(0), .integer(1)]) }
        + nodes.map { node in
          SpaceChoices.Choice(node, NASBench101Operation.allCases.map { .string($0.publishedName) })
        }, template: "matrix:\(matrix.joined()):" + nodes.map { "{\($0)}" }.joined(separator: ","),
      invalid: "Vertices that lie on no path from vertex 0 to vertex 6 are left out with their edges. A configuration "
        + "without such a path, or with more than 9 edges left, is no architecture.",
      remark: "Several configurations are one architecture: the text is read as its canonical form.")
  }
}
