/// A matrix of seven vertices with operations, where encodings and crossover have a place for every choice: a cell's inner
/// vertices stand at 1, 2, …, its output at 6, and vertices between them have no edge and no operation.
struct PaddedCell {
  static let vertexCount = 7
  static let empty = PaddedCell(
    edges: [[Bool]](repeating: [Bool](repeating: false, count: 7), count: 7),
    operations: [NASBench101Operation?](repeating: nil, count: 5))

  var edges: [[Bool]]
  /// Of vertices 1 to 5.
  var operations: [NASBench101Operation?]

  /// The pairs of vertices that an edge may join, row by row: 21.
  static let pairs = (0..<6).flatMap { source in ((source + 1)...6).map { (source: source, target: $0) } }

  private init(edges: [[Bool]], operations: [NASBench101Operation?]) {
    self.edges = edges
    self.operations = operations
  }

  init(_ cell: NASBench101Cell) {
    self = .empty
    let last = cell.vertexCount - 1
    for source in 0..<last {
      for target in cell.successors(of: source) { edges[source][target == last ? 6 : target] = true }
    }
    for (index, operation) in cell.operations.enumerated() { operations[index] = operation }
  }

  /// The pruned, canonical cell; a vertex without an operation must have no live edge. Throws as
  /// ``NASBench101Cell/init(matrix:operations:)``.
  func cell() throws -> NASBench101Cell {
    try NASBench101Cell(matrix: edges, operations: operations.map { $0 ?? .convolution3x3 })
  }
}
