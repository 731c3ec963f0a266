/// An operation that a cell may hold on an edge or a vertex.
public struct CellOperation: Hashable, Sendable {
  /// What an operation does to the data that passes, as far as encodings care.
  public enum Role: Hashable, Sendable {
    /// Passes nothing.
    case none
    /// Passes everything unchanged.
    case skip
    /// A convolution with a square window of `size`.
    case convolution(size: Int)
    case pooling
    /// Any other computation, such as a graph layer.
    case other
  }

  /// As the space's authors write it.
  public let name: String
  public let role: Role

  public init(name: String, role: Role) {
    self.name = name
    self.role = role
  }
}

/// A way through a cell along which data reaches its end.
public struct LivePath: Hashable, Sendable {
  /// The operations on the way that compute something, in order, as indexes into ``CellSpace/operations``: no skip, no
  /// none.
  public let operations: [Int]
  /// Operations on the way that pass everything unchanged.
  public let skips: Int

  public init(operations: [Int], skips: Int) {
    self.operations = operations
    self.skips = skips
  }
}

/// A space whose architectures are small directed graphs of operations.
public protocol CellSpace: Space {
  /// The operations, in the order in which encodings number them.
  var operations: [CellOperation] { get }

  /// The operation of every edge or vertex that holds one, in a fixed order.
  func operations(of architecture: Architecture) -> [Int]

  /// Every path from the cell's input to its output (to each leaf, where cells are trees) on which no operation is
  /// `none`, in a fixed order; equal paths are repeated.
  func livePaths(of architecture: Architecture) -> [LivePath]

  /// The operation of every edge or vertex that lies on some live path, skips included, in a fixed order.
  func liveOperations(of architecture: Architecture) -> [Int]
}
