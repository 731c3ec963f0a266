extension BoostedTreesPredictor {
  /// How much predictions change with each column, in percent of the change with all: CatBoost's
  /// `PredictionValuesChange`. All 0 where no tree asks anything.
  ///
  /// For every question and every two leaves that differ in its answer alone, the variance of their values, weighted
  /// with their training rows.
  public func importances() -> [Double] {
    var changes = [Double](repeating: 0, count: shape.blocks.reduce(0) { $0 + $1.width })
    let dimension = trees.dimension
    for tree in 0..<trees.count {
      let values = Array(trees.leaves(of: tree))
      let counts = Array(trees.leafCounts(of: tree))
      for (bit, question) in trees.levels(of: tree).enumerated() {
        let feature = Int(trees.questions[Int(question)].feature)
        for leaf in counts.indices where leaf & 1 << bit == 0 {
          let sister = leaf | 1 << bit
          let count = counts[leaf] + counts[sister]
          guard counts[leaf] > 0, counts[sister] > 0 else { continue }
          for part in 0..<dimension {
            let value = values[leaf * dimension + part]
            let other = values[sister * dimension + part]
            let mean = (value * counts[leaf] + other * counts[sister]) / count
            changes[feature] +=
              (value - mean) * (value - mean) * counts[leaf] + (other - mean) * (other - mean) * counts[sister]
          }
        }
      }
    }
    let total = changes.reduce(0, +)
    return total > 0 ? changes.map { $0 * 100 / total } : changes
  }
}
