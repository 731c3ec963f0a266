/// Four nodes with operations, each below an earlier node or below the cell's input: a NAS-Bench-Graph cell as users
/// write it, before the equivalences of the benchmark are applied.
struct NASBenchGraphTree: Hashable {
  /// All ways to hang four nodes below earlier ones: 24.
  static let shapes: [SIMD4<UInt8>] = (0..<24 as Range<UInt8>).map { (index: UInt8) -> SIMD4<UInt8> in
    SIMD4<UInt8>(0, index / 12, index / 4 % 3, index % 4)
  }
  /// The nine shapes that differ in more than the numbering, in the order in which hashes number them.
  static let canonicalShapes: [SIMD4<UInt8>] = shapes.filter {
    NASBenchGraphTree(parents: $0, operations: .zero).canonicallyNumbered().parents == $0
  }

  /// For each node 0 for the input or the number, from 1, of the node above.
  var parents: SIMD4<UInt8>
  /// Raw values of operations.
  var operations: SIMD4<UInt8>

  private static let skip = UInt8(NASBenchGraphOperation.skip.rawValue)

  var isAllSkip: Bool { operations == SIMD4(repeating: Self.skip) }

  /// The representative of the tree's class, whose hash the benchmark calls valid: skips rise to the input where that
  /// changes nothing, and of all numberings the smallest is taken.
  func canonical() -> NASBenchGraphTree { canonicallyNumbered().withRaisedSkips().canonicallyNumbered() }

  /// Of all numberings in which parents come first, that with the smallest parents, then the smallest operations.
  func canonicallyNumbered() -> NASBenchGraphTree {
    var best = (key: UInt64.max, tree: self)
    for order in Self.orders {
      guard let tree = numbered(by: order) else { continue }
      let key =
        (0..<4).reduce(0 as UInt64) { $0 << 8 | UInt64(tree.parents[$1]) } << 32
        | (0..<4).reduce(0 as UInt64) { $0 << 8 | UInt64(tree.operations[$1]) }
      if key < best.key { best = (key, tree) }
    }
    return best.tree
  }

  /// All orders of four nodes.
  private static let orders: [SIMD4<UInt8>] = (0...255 as ClosedRange<UInt8>).map { (index: UInt8) -> SIMD4<UInt8> in
    SIMD4<UInt8>(index >> 6, index >> 4 & 3, index >> 2 & 3, index & 3)
  }.filter { order in Set((0..<4).map { order[$0] }).count == 4 }

  /// The tree whose node i is node `order[i]` of this one, from 0; nil where a node would come before its parent.
  private func numbered(by order: SIMD4<UInt8>) -> NASBenchGraphTree? {
    // Index 0 is the input.
    var numbers = SIMD8<UInt8>.zero
    var result = self
    for new in 0..<4 {
      let old = Int(order[new])
      let parent = Int(parents[old])
      guard parent == 0 || numbers[parent] != 0 else { return nil }
      result.parents[new] = numbers[parent]
      result.operations[new] = operations[old]
      numbers[old + 1] = UInt8(new + 1)
    }
    return result
  }

  /// Each skip in turn becomes the root of the whole cell if it has a node below, or no sibling, or nothing but skips
  /// above: then it can stand anywhere on its way. A skip that is one leaf of several stays: it passes its parent's result
  /// to the cell's output.
  private func withRaisedSkips() -> NASBenchGraphTree {
    var tree = self
    for node in 0..<4 where tree.operations[node] == Self.skip {
      let hasChild = (0..<4).contains { Int(tree.parents[$0]) == node + 1 }
      let hasSibling = (0..<4).contains { $0 != node && tree.parents[$0] == tree.parents[node] }
      if hasChild || !hasSibling || tree.hasOnlySkipsAbove(node) { tree.raise(node) }
    }
    return tree
  }

  private func hasOnlySkipsAbove(_ node: Int) -> Bool {
    var above = Int(parents[node])
    while above > 0 {
      if operations[above - 1] != Self.skip { return false }
      above = Int(parents[above - 1])
    }
    return true
  }

  /// Takes `node` out, its children going to its parent, and puts it below the input with all else below it.
  private mutating func raise(_ node: Int) {
    let before = self
    parents[0] = 0
    operations[0] = before.operations[node]
    for (index, old) in (0..<4).filter({ $0 != node }).enumerated() {
      let isChild = Int(before.parents[old]) == node + 1
      let parent = isChild ? before.parents[node] : before.parents[old]
      // Nodes before `node` move back by one, and the raised node is the new input.
      parents[index + 1] = Int(parent) <= node ? parent + 1 : parent
      operations[index + 1] = before.operations[old]
    }
  }
}
