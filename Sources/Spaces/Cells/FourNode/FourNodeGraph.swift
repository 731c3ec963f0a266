/// The graph of NAS-Bench-201 (Dong and Yang, ICLR 2020): four nodes, an operation on every edge from an earlier to a
/// later node, node 0 the input, node 3 the output, a node the sum of its edges.
enum FourNodeGraph {
  /// In the order of the published text: by target, then by source.
  static let edges: [(source: Int, target: Int)] = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]

  /// Operations an edge can hold.
  static let operationCount = 5

  /// 5⁶.
  static let cellCount = 15_625

  /// The ways from input to output as indexes into ``edges``, the shortest first.
  static let paths = [[3], [0, 4], [1, 5], [0, 2, 5]]

  /// Positions of ``edges`` in the order by source, then by target; it is its own inverse.
  static let sourceOrder = [0, 1, 3, 2, 4, 5]
}
