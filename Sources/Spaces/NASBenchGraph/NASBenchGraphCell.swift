/// A cell of NAS-Bench-Graph (Qin et al., 2022): four nodes, each below an earlier one or below the input; the leaves
/// make the output. Cells that the benchmark holds for equal are equal.
public struct NASBenchGraphCell: Hashable, Sendable {
  /// The key of the published tables, `Arch.valid_hash()` of the `nas-bench-graph` package: the number of the shape, then
  /// a decimal digit for each operation.
  public let publishedHash: Int

  /// `tree` must be canonical.
  init(canonical tree: NASBenchGraphTree) {
    let shape = NASBenchGraphTree.canonicalShapes.firstIndex(of: tree.parents) ?? 0
    publishedHash = (0..<4).reduce(shape) { $0 * 10 + Int(tree.operations[$1]) }
  }

  /// The cell of published lists: `link` holds for each of four nodes 0 for the input or the number, from 1, of an earlier
  /// node; `operations` is one a node.
  ///
  /// Throws for other numbers of nodes, for links that lead to no earlier node, and for cells of skips alone.
  public init(link: [Int], operations: [NASBenchGraphOperation]) throws {
    for (quantity, found) in [("links", link.count), ("operations", operations.count)] where found != 4 {
      throw CellError.size(space: "nas-bench-graph", quantity: quantity, found: found, allowed: 4...4)
    }
    var tree = NASBenchGraphTree(parents: .zero, operations: .zero)
    for node in 0..<4 {
      guard (0...node).contains(link[node]) else {
        throw CellError.edge(space: "nas-bench-graph", from: link[node], to: node + 1)
      }
      tree.parents[node] = UInt8(link[node])
      tree.operations[node] = UInt8(operations[node].rawValue)
    }
    try self.init(tree)
  }

  /// Throws ``CellError/onlySkips(space:)``.
  init(_ tree: NASBenchGraphTree) throws {
    guard !tree.isAllSkip else { throw CellError.onlySkips(space: "nas-bench-graph") }
    self.init(canonical: tree.canonical())
  }

  /// The cell whose key in the published tables is `hash`; nil for a number that is no key.
  public init?(publishedHash hash: Int) {
    guard (0..<90_000).contains(hash) else { return nil }
    var digits = SIMD4<UInt8>.zero
    var rest = hash
    for node in (0..<4).reversed() {
      digits[node] = UInt8(rest % 10)
      rest /= 10
    }
    let tree = NASBenchGraphTree(parents: NASBenchGraphTree.canonicalShapes[rest], operations: digits)
    guard digits.max() < 9, !tree.isAllSkip, tree.canonical() == tree else { return nil }
    publishedHash = hash
  }

  var tree: NASBenchGraphTree {
    var tree = NASBenchGraphTree(parents: NASBenchGraphTree.canonicalShapes[publishedHash / 10_000], operations: .zero)
    var rest = publishedHash
    for node in (0..<4).reversed() {
      tree.operations[node] = UInt8(rest % 10)
      rest /= 10
    }
    return tree
  }

  /// For each node 0 for the input or the number, from 1, of the node above: one of the nine published lists.
  public var link: [Int] { (0..<4).map { Int(tree.parents[$0]) } }

  /// One a node.
  public var operations: [NASBenchGraphOperation] {
    (0..<4).map { NASBenchGraphOperation(rawValue: Int(tree.operations[$0])) ?? .skip }
  }
}

extension NASBenchGraphCell: CustomStringConvertible {
  /// The one spelling of the cell, its link list and its operations: `0,0,1,2:gcn,gat,skip,fc`.
  public var canonicalText: String {
    link.map { "\($0)" }.joined(separator: ",") + ":" + operations.map(\.publishedName).joined(separator: ",")
  }

  public var description: String { canonicalText }

  /// Reads ``canonicalText`` and, in the same form, any cell that the benchmark holds for equal; or `hash:` and the key of
  /// the published tables. In any case, with white space around it.
  ///
  /// Throws ``SpacesError/text(section:column:found:allowed:suggestion:)``,
  /// ``SpacesError/unknownIdentifier(space:name:found:allowed:)`` and ``CellError/onlySkips(space:)``.
  public init(text: String) throws {
    let whole = try TextField(text, maximumLength: 128).lowercased
    let parts = whole.split(at: ":")
    guard parts.count == 2 else {
      throw whole.error("cell", allowed: ["0,0,1,2:gcn,gat,skip,fc", "hash: and a number"])
    }
    if parts[0].text == "hash" {
      let hash = try parts[1].integer("hash", in: 0...89_999)
      guard let cell = Self(publishedHash: hash) else {
        throw SpacesError.unknownIdentifier(
          space: "nas-bench-graph", name: "hash", found: "\(hash)", allowed: "the valid_hash of a cell")
      }
      self = cell
      return
    }
    let links = parts[0].split(at: ",")
    let names = parts[1].split(at: ",")
    guard links.count == 4 else { throw parts[0].error("links", allowed: ["four numbers between commas"]) }
    guard names.count == 4 else { throw parts[1].error("operations", allowed: ["four operations between commas"]) }
    let spellings = NASBenchGraphOperation.allCases.map { ($0.publishedName, $0) }
    try self.init(
      link: links.enumerated().map { try $1.integer("link of node \($0 + 1)", in: 0...$0) },
      operations: names.enumerated().map { try $1.value("operation of node \($0 + 1)", of: spellings) })
  }
}
