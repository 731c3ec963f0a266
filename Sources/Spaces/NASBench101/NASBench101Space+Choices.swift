import Records

extension NASBench101Space {
  /// The published matrix of seven vertices: `edge_0_1` to `edge_5_6`, 1 for an edge, and the operations `op_node_1` to
  /// `op_node_5`, as HPOBench and NASLib have them. Several configurations are one cell; see ``choiceText(_:)``.
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
      isOneToOne: false,
      invalid: "Vertices that lie on no path from vertex 0 to vertex 6 are left out with their edges. A configuration "
        + "without such a path, or with more than 9 edges left, is no architecture.",
      remark: "Several configurations are one architecture: the text is read as its canonical form.")
  }

  /// The canonical configuration of a cell: its canonical matrix with the inner vertices from 1 and the output at 6.
  /// Vertices between them have no edges and the first operation.
  public func choiceText(_ architecture: NASBench101Cell) -> String {
    let padded = PaddedCell(architecture)
    let matrix = padded.edges.joined().map { $0 ? "1" : "0" }.joined()
    let first = NASBench101Operation.allCases[0]
    let operations = padded.operations.map { ($0 ?? first).publishedName }
    return "matrix:\(matrix):\(operations.joined(separator: ","))"
  }
}
