import Records

/// Regression trees as flat arrays, one tree after another; the children of a node stand side by side, behind it.
struct RegressionTrees: Hashable, Sendable {
  /// Of the features, that which decides at the node; −1 at leaves.
  var columns: [Int32] = []
  /// Rows whose feature is at most this go to the left child.
  var thresholds: [Double] = []
  /// The left child; the right one follows it. 0 at leaves.
  var children: [Int32] = []
  /// 1 where rows go left whose feature is NaN.
  var missingLeft: [UInt8] = []
  /// At leaves the prediction, and the variance of the values that it was made of.
  var means: [Double] = []
  var variances: [Double] = []
  /// The first node of each tree.
  var roots: [Int32] = []

  var nodeCount: Int { columns.count }

  /// Appends a leaf and returns its number.
  mutating func appendLeaf() -> Int {
    columns.append(-1)
    thresholds.append(0)
    children.append(0)
    missingLeft.append(0)
    means.append(0)
    variances.append(0)
    return columns.count - 1
  }

  /// Makes a leaf decide; returns its new left child.
  mutating func split(_ node: Int, _ split: TreeSplit) -> Int {
    let left = appendLeaf()
    _ = appendLeaf()
    columns[node] = Int32(split.column)
    thresholds[node] = split.threshold
    children[node] = Int32(left)
    missingLeft[node] = split.missingLeft ? 1 : 0
    return left
  }

  /// Appends all of `other`.
  mutating func append(_ other: RegressionTrees) {
    let offset = Int32(nodeCount)
    columns += other.columns
    thresholds += other.thresholds
    children += zip(other.columns, other.children).map { $0 < 0 ? 0 : $1 + offset }
    missingLeft += other.missingLeft
    means += other.means
    variances += other.variances
    roots += other.roots.map { $0 + offset }
  }

  /// Calls `body` with each tree's number and, for each of the N rows of `features` (N×D, row-major), the row's number and
  /// leaf. Tree by tree, so that a tree stays in the processor's cache.
  @inline(__always)
  func forEachLeaf(
    of features: UnsafeBufferPointer<Double>, width: Int, trees: Range<Int>, rows: Range<Int>,
    _ body: (_ tree: Int, _ row: Int, _ leaf: Int) -> Void
  ) {
    columns.withUnsafeBufferPointer { columns in
      thresholds.withUnsafeBufferPointer { thresholds in
        children.withUnsafeBufferPointer { children in
          for tree in trees {
            for row in rows {
              var node = Int(roots[tree])
              while columns[node] >= 0 {
                let value = features[row * width + Int(columns[node])]
                let goesLeft = value.isNaN ? missingLeft[node] == 1 : value <= thresholds[node]
                node = Int(children[node]) + (goesLeft ? 0 : 1)
              }
              body(tree, row, node)
            }
          }
        }
      }
    }
  }
}

// MARK: Model files

extension RegressionTrees {
  func write(to archive: inout ArrayArchive) {
    archive.set("columns", columns)
    archive.set("thresholds", thresholds)
    archive.set("children", children)
    archive.set("missing-left", missingLeft)
    archive.set("means", means)
    archive.set("variances", variances)
    archive.set("roots", roots)
  }

  /// Total: throws ``DamagedArchive`` for arrays of other lengths, for nodes whose children are not
  /// behind them in the same tree, and for numbers that trees over `width` features cannot have.
  init(from archive: ArrayArchive, width: Int) throws {
    columns = try archive.integers("columns")
    let count = columns.count
    thresholds = try archive.doubles("thresholds", count: count)
    children = try archive.integers("children", count: count)
    missingLeft = try archive.bytes("missing-left", count: count)
    means = try archive.doubles("means", count: count)
    variances = try archive.doubles("variances", count: count)
    roots = try archive.integers("roots")
    guard roots.first == 0, zip(roots, roots.dropFirst()).allSatisfy(<), roots.allSatisfy({ $0 < count }) else {
      throw DamagedArchive("its trees do not follow each other")
    }
    for (tree, root) in roots.enumerated() {
      let end = tree + 1 < roots.count ? Int(roots[tree + 1]) : count
      for node in Int(root)..<end {
        let isSound =
          columns[node] < 0
          ? means[node].isFinite && variances[node].isFinite && variances[node] >= 0
          : columns[node] < width && Int(children[node]) > node && Int(children[node]) + 1 < end
            && !thresholds[node].isNaN
        guard isSound else { throw DamagedArchive("node \(node) of its trees is invalid") }
      }
    }
  }
}
