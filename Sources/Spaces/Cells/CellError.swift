import Records

/// What can be wrong with a cell.
public enum CellError: SpaceError, Hashable {
  /// The matrix of a cell has no path from the input to the output.
  case withoutPath(space: String)
  /// A cell has too many or too few vertices, edges, operations or entries.
  case size(space: String, quantity: String, found: Int, allowed: ClosedRange<Int>)
  /// An edge of a matrix does not lead to a later vertex.
  case edge(space: String, from: Int, to: Int)
  /// All operations of a cell are skips.
  case onlySkips(space: String)

  public var code: String {
    switch self {
    case .withoutPath: "spaces.cell_without_path"
    case .size: "spaces.cell_size"
    case .edge: "spaces.cell_edge"
    case .onlySkips: "spaces.cell_of_skips"
    }
  }

  public var message: String {
    switch self {
    case .withoutPath(let space):
      "the \(space) cell has no path from its input to its output"
    case .size(let space, let quantity, let found, let allowed):
      "the \(space) cell has \(found) \(quantity); allowed: \(range(allowed))"
    case .edge(let space, let from, let to):
      "the \(space) cell has an edge from vertex \(from) to vertex \(to); allowed: edges to a later vertex"
    case .onlySkips(let space):
      "all operations of the \(space) cell are skip; allowed: at least one other"
    }
  }
}
