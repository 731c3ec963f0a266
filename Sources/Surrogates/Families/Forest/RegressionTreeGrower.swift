import Foundation
import Records

/// Grows one regression tree: the splits with the least variance within their sides (Breiman et al., 1984), depth first.
final class RegressionTreeGrower {
  private let columns: ForestColumns
  /// Of each row, its value less the mean of all.
  private let values: [Double]
  private let method: RandomForest
  private let featureCount: Int
  private var generator: SeededGenerator
  private var trees = RegressionTrees()
  /// Distinct rows of the tree; a node has a stretch of them.
  private let rows: UnsafeMutableBufferPointer<Int32>
  private let search: SplitSearch

  /// A node that is not yet split.
  private struct Pending {
    let node: Int
    let rows: Range<Int>
    let depth: Int
    /// Columns that may have several values in the node.
    let candidates: [Int32]
  }

  /// `weights` says how often each row was drawn; `values` should have mean 0.
  init(
    _ columns: ForestColumns, _ values: [Double], weights: [Int32], method: RandomForest, generator: SeededGenerator
  ) {
    self.columns = columns
    self.values = values
    self.method = method
    self.generator = generator
    featureCount = max(1, Int(method.featureRatio * Double(columns.width)))
    let drawn = weights.indices.filter { weights[$0] > 0 }.map(Int32.init)
    rows = .allocate(capacity: drawn.count)
    _ = rows.initialize(from: drawn)
    search = SplitSearch(columns, values, weights: weights, minLeaf: Int32(method.minLeaf), rows: rows)
  }

  deinit {
    rows.deallocate()
    search.deallocate()
  }

  /// The tree, its leaves' means still less the mean of all values.
  func grow() -> RegressionTrees {
    trees.roots = [Int32(trees.appendLeaf())]
    let varied = (0..<columns.width).filter { columns.values[$0].count + (columns.hasMissing[$0] ? 1 : 0) > 1 }
    var pending = [Pending(node: 0, rows: 0..<rows.count, depth: 0, candidates: varied.map(Int32.init))]
    while let next = pending.popLast() {
      guard let (split, candidates) = split(of: next) else {
        finish(next)
        continue
      }
      let left = trees.split(next.node, split)
      let middle = search.partition(next.rows, by: split)
      let depth = next.depth + 1
      pending.append(
        Pending(node: left + 1, rows: middle..<next.rows.upperBound, depth: depth, candidates: candidates))
      pending.append(Pending(node: left, rows: next.rows.lowerBound..<middle, depth: depth, candidates: candidates))
    }
    return trees
  }

  /// The best split over columns drawn without replacement, and the columns that children should look at; nil for a leaf.
  ///
  /// As in scikit-learn, columns of one value count among the drawn, but drawing goes on until one column has several.
  private func split(of node: Pending) -> (TreeSplit, [Int32])? {
    guard node.rows.count >= max(2, method.minSplit, 2 * method.minLeaf), node.depth < method.maxDepth ?? .max,
      let total = search.total(of: node.rows)
    else { return nil }
    var candidates = node.candidates
    var unseen = candidates.count
    var undrawn = featureCount < columns.width ? columns.width : unseen
    var drawn = 0
    var hasVaried = false
    var best = TreeSplit()
    while unseen > 0, drawn < featureCount || !hasVaried {
      let draw = generator.integer(below: undrawn)
      undrawn -= 1
      drawn += 1
      // The rest of the columns have one value here, as the parent found.
      guard draw < unseen else { continue }
      unseen -= 1
      candidates.swapAt(draw, unseen)
      let column = Int(candidates[unseen])
      let isVaried =
        method.thresholds == .best
        ? search.bestSplit(column, node.rows, total, &best)
        : search.randomSplit(column, node.rows, total, &generator, &best)
      if isVaried {
        hasVaried = true
      } else {
        candidates.remove(at: unseen)
      }
    }
    return best.column < 0 ? nil : (best, candidates)
  }

  private func finish(_ leaf: Pending) {
    var (sum, weight) = (0.0, 0.0)
    for row in rows[leaf.rows] {
      let own = Double(search.weight(of: row))
      sum += own * values[Int(row)]
      weight += own
    }
    let mean = sum / weight
    var (squares, exponentials) = (0.0, 0.0)
    let largest = rows[leaf.rows].map { values[Int($0)] }.max() ?? 0
    for row in rows[leaf.rows] {
      let own = Double(search.weight(of: row))
      let value = values[Int(row)]
      squares += own * (value - mean) * (value - mean)
      exponentials += method.leaf == .logMeanExp ? own * exp(value - largest) : 0
    }
    trees.variances[leaf.node] = squares / weight
    trees.means[leaf.node] = method.leaf == .mean ? mean : largest + log(exponentials / weight)
  }
}
