/// The Weisfeiler–Lehman subtree kernel of labelled directed graphs (Shervashidze et al., 2011): what two graphs have in
/// common of labels, of labels with those of their successors, of these with theirs, and so on.
package struct WeisfeilerLehmanKernel: StructureKernel, Hashable {
  package static let kind = "weisfeiler-lehman-process"
  static let deepest = 8

  /// How counts of a label are compared.
  package enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
    /// The smaller one: the best assignment of vertices to vertices (Kriege, Giscard and Wilson, 2016).
    case assignment
    /// Their product.
    case product
  }

  /// Labels by level: at 0 the graph's own, at each next one those of a vertex and its successors before.
  package struct Graph: Sendable {
    /// Pairs of label and count, ascending by label.
    let histograms: [[(label: UInt64, count: Double)]]
  }

  package let levels: Int
  package let comparison: Comparison

  package init(levels: Int, comparison: Comparison) {
    self.levels = levels
    self.comparison = comparison
  }

  package var isValid: Bool { (0...Self.deepest).contains(levels) }

  /// A vertex count, labels, and the upper triangle of the adjacency, for as many vertices as the numbers suffice for.
  package static func structure(_ row: ArraySlice<Double>) -> Graph {
    let numbers = Array(row)
    // 1 + V + V(V - 1)/2 numbers for V vertices.
    var capacity = 0
    while 1 + (capacity + 1) + (capacity + 1) * capacity / 2 <= numbers.count { capacity += 1 }
    let count = Int(min(Double(capacity), max(0, numbers.first.map { $0.isFinite ? $0 : 0 } ?? 0)))
    var successors = [[Int]](repeating: [], count: count)
    var place = 1 + capacity
    for source in 0..<capacity {
      for target in source + 1..<max(capacity, source + 1) {
        if numbers[place] == 1, target < count { successors[source].append(target) }
        place += 1
      }
    }
    var labels = (0..<count).map { numbers[1 + $0].bitPattern }
    var histograms = [histogram(labels)]
    for _ in 0..<deepest {
      labels = labels.indices.map { vertex in refine(labels[vertex], successors[vertex].map { labels[$0] }) }
      histograms.append(histogram(labels))
    }
    return Graph(histograms: histograms)
  }

  /// A name for a label with its successors', in any order: the same on every machine, and for 64 bits as good as unique.
  private static func refine(_ label: UInt64, _ successors: [UInt64]) -> UInt64 {
    var name = mix(label ^ 0x9e37_79b9_7f4a_7c15)
    for successor in successors.sorted() { name = mix(name &* 0x0000_0100_0000_01b3 ^ mix(successor)) }
    return name
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  private static func histogram(_ labels: [UInt64]) -> [(label: UInt64, count: Double)] {
    var found: [(label: UInt64, count: Double)] = []
    for label in labels.sorted() {
      if let last = found.last, last.label == label {
        found[found.count - 1].count += 1
      } else {
        found.append((label, 1))
      }
    }
    return found
  }

  package func similarity(_ first: Graph, _ second: Graph) -> Double {
    (0...levels).reduce(Self.floor) { $0 + shared(first.histograms[$1], second.histograms[$1]) }
  }

  /// An empty graph is like nothing but itself; a little keeps its norm from 0.
  private static let floor = 1e-12

  private func shared(
    _ first: [(label: UInt64, count: Double)], _ second: [(label: UInt64, count: Double)]
  ) -> Double {
    var (left, right) = (0, 0)
    var sum = 0.0
    while left < first.count, right < second.count {
      if first[left].label == second[right].label {
        sum +=
          comparison == .product
          ? first[left].count * second[right].count : min(first[left].count, second[right].count)
        left += 1
        right += 1
      } else if first[left].label < second[right].label {
        left += 1
      } else {
        right += 1
      }
    }
    return sum
  }
}
