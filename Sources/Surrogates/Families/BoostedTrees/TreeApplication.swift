import Nets

/// Sums over trees, for many rows at once and for one; the same order of additions in both.
extension ObliviousTrees {
  /// Rows that go through the trees together.
  private static let blockSize = 64
  /// Fewer rows than this go one by one.
  private static let fewest = 12

  /// Calls `visit(row, cut, sums)` for every row and each cut in its turn, with the D sums of bias and all trees before
  /// the cut. `cuts` ascend and are at most T.
  func apply(
    to features: FeatureMatrix, cuts: [Int],
    _ visit: (_ row: Int, _ cut: Int, _ sums: UnsafePointer<Double>) -> Void
  ) {
    let shallow = (0..<count).allSatisfy { levelStarts[$0 + 1] - levelStarts[$0] <= 8 }
    var row = 0
    while row < features.count {
      let left = features.count - row
      if shallow && left >= Self.fewest {
        applyBlock(features, row..<row + min(left, Self.blockSize), cuts, visit)
        row += Self.blockSize
      } else {
        applyOne(features, row, cuts, visit)
        row += 1
      }
    }
  }

  private func applyBlock(
    _ features: FeatureMatrix, _ rows: Range<Int>, _ cuts: [Int],
    _ visit: (_ row: Int, _ cut: Int, _ sums: UnsafePointer<Double>) -> Void
  ) {
    let size = Self.blockSize
    var answers = [UInt8](repeating: 0, count: max(1, questions.count * size))
    features.values.withUnsafeBufferPointer { values in
      answers.withUnsafeMutableBufferPointer { answers in
        for (place, question) in questions.enumerated() {
          var number = rows.lowerBound * features.width + Int(question.feature)
          for offset in 0..<rows.count {
            let value = question.standin.value(Float(values[number]))
            answers[place * size + offset] = value > question.border ? 1 : 0
            number += features.width
          }
        }
      }
    }
    var sums = [Double](repeating: 0, count: size * dimension)
    for place in sums.indices { sums[place] = bias[place % dimension] }
    sums.withUnsafeMutableBufferPointer { sums in
      guard let base = sums.baseAddress else { return }
      var first = 0
      for (cut, end) in cuts.enumerated() {
        TreeKernels.fastest.apply(first..<end, answers, levels, levelStarts, leafStarts, leaves, dimension, base)
        for offset in 0..<rows.count { visit(rows.lowerBound + offset, cut, base + offset * dimension) }
        first = end
      }
    }
  }

  private func applyOne(
    _ features: FeatureMatrix, _ row: Int, _ cuts: [Int],
    _ visit: (_ row: Int, _ cut: Int, _ sums: UnsafePointer<Double>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: questions.count) { answers in
      features.values.withUnsafeBufferPointer { values in
        for (place, question) in questions.enumerated() {
          let value = question.standin.value(Float(values[row * features.width + Int(question.feature)]))
          answers[place] = value > question.border ? 1 : 0
        }
      }
      var sums = bias
      sums.withUnsafeMutableBufferPointer { sums in
        guard let base = sums.baseAddress else { return }
        levels.withUnsafeBufferPointer { levels in
          leaves.withUnsafeBufferPointer { leaves in
            var first = 0
            for (cut, end) in cuts.enumerated() {
              for tree in first..<end {
                var leaf = 0
                var level = Int(levelStarts[tree + 1])
                let lowest = Int(levelStarts[tree])
                while level > lowest {
                  level &-= 1
                  leaf = leaf &+ leaf &+ answers[Int(levels[level])]
                }
                let value = Int(leafStarts[tree]) &+ leaf &* dimension
                for part in 0..<dimension { base[part] += leaves[value &+ part] }
              }
              visit(row, cut, base)
              first = end
            }
          }
        }
      }
    }
  }
}
