public import Records

/// The search space of NAS-Bench-Graph (Qin et al., 2022): 26,206 cells of four nodes with nine operations on graphs.
public struct NASBenchGraphSpace: CellSpace {
  public typealias Architecture = NASBenchGraphCell

  public init() {}

  public var name: String { "nas-bench-graph" }

  /// `hash`.
  public var publishedIndex: String? { "hash" }

  public var architectureCount: UInt64 { 26_206 }

  /// All cells, ascending by published hash.
  public var architectures: [NASBenchGraphCell] { NASBenchGraphForms.all.cells }

  public func contains(_ architecture: NASBenchGraphCell) -> Bool { true }

  /// Draws as published: one of the nine link lists and each operation uniform; again for a cell of skips alone.
  public func sample(using generator: inout SeededGenerator) -> NASBenchGraphCell {
    while true {
      var tree = NASBenchGraphTree(parents: generator.pick(NASBenchGraphTree.canonicalShapes), operations: .zero)
      for node in 0..<4 { tree.operations[node] = UInt8(generator.integer(below: 9)) }
      if let cell = try? NASBenchGraphCell(tree) { return cell }
    }
  }

  /// The cells at one operation or one link: a and b are neighbors exactly when a form of a and a form of b, as lists
  /// before the benchmark's equivalences, differ in one entry. Ascending by hash.
  public func neighbors(of architecture: NASBenchGraphCell) -> [NASBenchGraphCell] {
    NASBenchGraphForms.all.neighbors(of: architecture)
  }

  /// One of ``neighbors(of:)``, uniformly.
  public func mutate(
    _ architecture: NASBenchGraphCell, using generator: inout SeededGenerator
  ) -> NASBenchGraphCell {
    generator.pick(neighbors(of: architecture))
  }

  /// Takes each link and each operation of the canonical lists from either parent; the child's canonical lists may number
  /// them otherwise. Draws again for a cell of skips alone, at most 100 times; then the child is one of the parents.
  public func crossOver(
    _ first: NASBenchGraphCell, _ second: NASBenchGraphCell, using generator: inout SeededGenerator
  ) -> NASBenchGraphCell {
    let parents = [first.tree, second.tree]
    for _ in 0..<100 {
      var child = parents[0]
      for node in 0..<4 {
        child.parents[node] = generator.pick(parents).parents[node]
        child.operations[node] = generator.pick(parents).operations[node]
      }
      if let cell = try? NASBenchGraphCell(child) { return cell }
    }
    return generator.pick([first, second])
  }

  public func canonicalText(_ architecture: NASBenchGraphCell) -> String { architecture.canonicalText }

  /// As ``NASBenchGraphCell/init(text:)``.
  public func parse(_ text: String) throws -> NASBenchGraphCell { try NASBenchGraphCell(text: text) }

  /// The links of nodes 2, 3 and 4 (2 + 3 + 4 slots), then 9 operations for each of 4 nodes.
  public var encodingLength: Int { 45 }

  public func encode(_ architecture: NASBenchGraphCell) -> [UInt8] {
    let tree = architecture.tree
    let links = (1..<4).flatMap { node in (0...node).map { Int(tree.parents[node]) == $0 ? 1 as UInt8 : 0 } }
    return links + (0..<4).flatMap { node in (0..<9).map { Int(tree.operations[node]) == $0 ? 1 as UInt8 : 0 } }
  }

  /// Reads ``encode(_:)``. Throws ``SpacesError/encoding(space:encoding:problem:)`` for slots of another number or value,
  /// and for those of a form that is not canonical, and ``CellError/onlySkips(space:)``.
  public func decode(_ slots: [UInt8]) throws -> NASBenchGraphCell {
    func failure(_ problem: String) -> SpacesError { .encoding(space: name, encoding: "one-hot", problem: problem) }
    guard slots.count == encodingLength else { throw failure("\(slots.count) slots instead of \(encodingLength)") }
    var rest = slots[...]
    func choice(of count: Int) -> UInt8 {
      let group = rest.prefix(count)
      rest = rest.dropFirst(count)
      return UInt8(group.firstIndex(of: 1).map { $0 - group.startIndex } ?? 0)
    }
    var tree = NASBenchGraphTree(parents: .zero, operations: .zero)
    for node in 1..<4 { tree.parents[node] = choice(of: node + 1) }
    for node in 0..<4 { tree.operations[node] = choice(of: 9) }
    let cell = try NASBenchGraphCell(tree)
    guard encode(cell) == slots else { throw failure("they are not a cell in canonical form") }
    return cell
  }

  /// 7 numbers: the links of nodes 2, 3 and 4, then the operations of the four nodes as 0 to 8.
  public func categoricalEncoding(of architecture: NASBenchGraphCell) -> [Double] {
    architecture.link.dropFirst().map(Double.init) + architecture.operations.map { Double($0.rawValue) }
  }

  public var operations: [CellOperation] {
    NASBenchGraphOperation.allCases.map { CellOperation(name: $0.publishedName, role: $0 == .skip ? .skip : .other) }
  }

  public func operations(of architecture: NASBenchGraphCell) -> [Int] { architecture.operations.map(\.rawValue) }

  /// The way from the input to each leaf, in the order of leaves.
  public func livePaths(of architecture: NASBenchGraphCell) -> [LivePath] {
    let link = architecture.link
    let operations = architecture.operations
    return (1...4).filter { !link.contains($0) }.map { leaf in
      var way: [NASBenchGraphOperation] = []
      var node = leaf
      while node > 0 {
        way.append(operations[node - 1])
        node = link[node - 1]
      }
      return LivePath(
        operations: way.reversed().filter { $0 != .skip }.map(\.rawValue), skips: way.count { $0 == .skip })
    }
  }

  /// Of all four nodes: each lies on the way to a leaf.
  public func liveOperations(of architecture: NASBenchGraphCell) -> [Int] { architecture.operations.map(\.rawValue) }
}
