/// Which four-node cells are the same network, as NAS-Bench-201 counts it: 6,466 classes.
///
/// Two cells are equal when their *unique strings* are (Dong and Yang, 2020, and the `get_unique_str` of their code).
/// A node is spelled as the sum of what comes in: an edge is `(source)@operation`; skip is the source itself; none, and
/// any edge from a node spelled `#`, is `#`; the terms are sorted as texts and joined by `+`. Dead terms stay in the sum
/// (`#+(0)@nor_conv_3x3`) and sums behind a skip are not merged into the sum they enter, so cells of two classes may still
/// compute the same; cells of one class do.
struct FourNodeClasses<Operation: FourNodeOperation>: Sendable {
  /// For each code the smallest code of its class.
  let representatives: [UInt16]

  init() {
    var first: [String: UInt16] = [:]
    first.reserveCapacity(8_192)
    representatives = (0..<FourNodeGraph.cellCount).map { code in
      let unique = Self.uniqueString(of: FourNodeCell(code: code))
      if let smallest = first[unique] { return smallest }
      first[unique] = UInt16(code)
      return UInt16(code)
    }
  }

  static func uniqueString(of cell: FourNodeCell<Operation>) -> String {
    var nodes = ["0"]
    var terms: [String] = []
    for (edge, operation) in zip(FourNodeGraph.edges, cell.operations) {
      let source = nodes[edge.source]
      switch operation.role {
      case .none: terms.append("#")
      case _ where source == "#": terms.append("#")
      case .skip: terms.append(source)
      default: terms.append("(\(source))@\(operation.name)")
      }
      if edge.source == edge.target - 1 {
        nodes.append(terms.sorted().joined(separator: "+"))
        terms.removeAll(keepingCapacity: true)
      }
    }
    return nodes[3]
  }
}
