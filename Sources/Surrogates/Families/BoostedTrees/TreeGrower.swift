import Nets

/// How the worth of a split is measured, from what its leaves' means explain.
public enum SplitScore: String, Sendable, Codable, CaseIterable {
  /// The cosine between derivatives and leaf means.
  case cosine = "Cosine"
  /// What leaf means take from the squared derivatives.
  case l2 = "L2"
}

/// Finds the splits of one tree after another, level by level: the sums of every leaf over the right side of every
/// candidate, for the smaller of two sisters from its rows, for the larger as the mother's less the smaller's.
final class TreeGrower {
  private struct Leaf {
    /// Bit d: the answer to split d.
    let number: Int
    /// Its rows: this range of `rows`.
    let rows: Range<Int>
    /// Where its histogram stands.
    let slot: Int
  }

  private let features: QuantisedFeatures
  private let dimension: Int
  private let depth: Int
  private let l2: Double
  private let score: SplitScore
  /// A factor a feature, or none.
  private let featureWeights: [Double]
  private let kernels = TreeKernels.fastest

  private let width: Int
  /// The drawn rows, leaf after leaf.
  private var rows: UnsafeMutablePointer<Int32>
  /// Those of the level before.
  private var spare: UnsafeMutablePointer<Int32>
  private let side: UnsafeMutablePointer<UInt8>
  /// Slots×D×2×width: sums of derivatives, then of weights.
  private let histograms: UnsafeMutablePointer<Double>
  private let top: UnsafeMutablePointer<Double>
  private let bottom: UnsafeMutablePointer<Double>
  /// The leaf of every row, drawn or not.
  let leafOf: UnsafeMutablePointer<UInt32>

  init(
    _ features: QuantisedFeatures, dimension: Int, depth: Int, l2: Double, score: SplitScore, featureWeights: [Double]
  ) {
    self.features = features
    self.dimension = dimension
    self.depth = depth
    self.l2 = l2
    self.score = score
    self.featureWeights = featureWeights
    width = features.candidates.width
    let slots = min(1 << max(0, depth - 1), max(1, features.count))
    rows = .allocate(capacity: max(1, features.count))
    spare = .allocate(capacity: max(1, features.count))
    side = .allocate(capacity: max(1, features.count))
    histograms = .allocate(capacity: max(1, slots * dimension * 2 * width))
    top = .allocate(capacity: max(1, width))
    bottom = .allocate(capacity: max(1, width))
    histograms.initialize(repeating: 0, count: max(1, slots * dimension * 2 * width))
    leafOf = .allocate(capacity: max(1, features.count))
  }

  deinit {
    rows.deallocate()
    spare.deallocate()
    side.deallocate()
    histograms.deallocate()
    top.deallocate()
    bottom.deallocate()
    leafOf.deallocate()
  }

  /// The splits of a tree, the first the lowest bit of ``leafOf``. gradients: D×N times weights: N; rows of weight 0 do
  /// not count. `noise` is the deviation of what is added to scores.
  func grow(
    _ gradients: UnsafePointer<Double>, _ weights: UnsafePointer<Double>, noise: Double, _ normal: inout NormalDraws
  ) -> [SplitCandidates.Candidate] {
    let count = features.count
    leafOf.initialize(repeating: 0, count: count)
    guard !features.candidates.groups.isEmpty else { return [] }
    var drawn = 0
    let rows = rows
    for row in 0..<count {
      rows[drawn] = Int32(row)
      // 1 for weights above 0, without a branch to guess wrong.
      drawn &+= Int((0 &- weights[row].bitPattern) >> 63)
    }
    var leaves = [Leaf(number: 0, rows: 0..<drawn, slot: 0)]
    fill(leaves[0], gradients, weights)
    var splits: [SplitCandidates.Candidate] = []
    var before = 0.0
    for level in 0..<depth {
      measure(leaves)
      guard let best = select(noise, before, &normal) else { break }
      before = top[best.place]
      splits.append(best)
      kernels.divide(count, features.bins + best.feature * count, UInt8(best.border), level, side, leafOf)
      if let redundant = redundantSplit(levels: level + 1, leaves, best) {
        splits.remove(at: redundant)
        forget(bit: redundant)
        break
      }
      if level + 1 < depth { leaves = children(of: leaves, level, gradients, weights) }
    }
    return splits
  }

  // MARK: Sums

  private func histogram(_ slot: Int, _ part: Int) -> UnsafeMutablePointer<Double> {
    histograms + (slot * dimension + part) * 2 * width
  }

  /// The sums of a leaf from its rows.
  private func fill(_ leaf: Leaf, _ gradients: UnsafePointer<Double>, _ weights: UnsafePointer<Double>) {
    let candidates = features.candidates
    for part in 0..<dimension {
      let sums = histogram(leaf.slot, part)
      let gradient = gradients + part * features.count
      if candidates.binaryWidth > 0 {
        kernels.histogram(
          rows + leaf.rows.lowerBound, leaf.rows.count, features.zeros, candidates.binaryWidth, gradient, weights,
          sums + candidates.binaryStart, sums + width + candidates.binaryStart)
      }
      for (feature, place) in candidates.manyValued {
        fill(leaf.rows, feature, gradient, weights, sums + place, sums + width + place)
      }
    }
  }

  /// The sums of one feature with several borders: over each bin, then over all bins above each border.
  private func fill(
    _ range: Range<Int>, _ feature: Int, _ gradient: UnsafePointer<Double>, _ weights: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Double>, _ totals: UnsafeMutablePointer<Double>
  ) {
    let borders = features.borders[feature].borders.count
    let bins = features.bins + feature * features.count
    for border in 0..<borders {
      sums[border] = 0
      totals[border] = 0
    }
    for place in range {
      let row = Int(rows[place])
      let bin = Int(bins[row])
      if bin > 0 {
        sums[bin - 1] += gradient[row]
        totals[bin - 1] += weights[row]
      }
    }
    for border in stride(from: borders - 2, through: 0, by: -1) {
      sums[border] += sums[border + 1]
      totals[border] += totals[border + 1]
    }
  }

  /// The leaves after a split of `leaves`, with their sums; without those that have no drawn rows.
  private func children(
    of leaves: [Leaf], _ level: Int, _ gradients: UnsafePointer<Double>, _ weights: UnsafePointer<Double>
  ) -> [Leaf] {
    var left: [Leaf] = []
    var right: [Leaf] = []
    var unused = leaves.count
    swap(&rows, &spare)
    for leaf in leaves {
      let start = leaf.rows.lowerBound
      let middle = start + kernels.partition(leaf.rows.count, spare + start, side, rows + start)
      let low = start..<middle
      let high = middle..<leaf.rows.upperBound
      let sister = leaf.number | 1 << level
      if low.isEmpty || high.isEmpty {
        if low.isEmpty {
          right.append(Leaf(number: sister, rows: high, slot: leaf.slot))
        } else {
          left.append(leaf)
        }
        continue
      }
      let leftIsSmaller = low.count < high.count
      let smaller = Leaf(
        number: leftIsSmaller ? leaf.number : sister, rows: leftIsSmaller ? low : high, slot: unused)
      let larger = Leaf(
        number: leftIsSmaller ? sister : leaf.number, rows: leftIsSmaller ? high : low, slot: leaf.slot)
      unused += 1
      fill(smaller, gradients, weights)
      kernels.subtract(dimension * 2 * width, histogram(larger.slot, 0), histogram(smaller.slot, 0))
      left.append(leftIsSmaller ? smaller : larger)
      right.append(leftIsSmaller ? larger : smaller)
    }
    return left + right
  }

  // MARK: Scores

  private func measure(_ leaves: [Leaf]) {
    for place in 0..<width {
      top[place] = 0
      bottom[place] = 1e-100
    }
    let total = features.candidates.totalPlace
    for leaf in leaves {
      for part in 0..<dimension {
        let sums = histogram(leaf.slot, part)
        kernels.scores(width, sums, sums + width, sums[total], sums[width + total], l2, top, bottom)
      }
    }
    guard score == .cosine else { return }
    for place in 0..<width { top[place] /= bottom[place].squareRoot() }
  }

  /// The best of all groups. A feature's weight is a factor on what the score gains over the one `before`.
  private func select(_ noise: Double, _ before: Double, _ normal: inout NormalDraws) -> SplitCandidates.Candidate? {
    var winner: SplitCandidates.Candidate?
    var highest = -Double.infinity
    for group in features.candidates.groups {
      var best: SplitCandidates.Candidate?
      var highestInGroup = -Double.infinity
      for candidate in group {
        let value = top[candidate.place] + (noise > 0 ? noise * normal.next() : 0)
        if value > highestInGroup {
          highestInGroup = value
          best = candidate
        }
      }
      guard let best else { continue }
      let factor = featureWeights.isEmpty ? 1 : featureWeights[best.feature]
      let value = (top[best.place] + (noise > 0 ? noise * normal.next() : 0) - before) * factor
      if value > highest {
        highest = value
        winner = best
      }
    }
    return winner
  }

  // MARK: Leaves of all rows

  /// The first split that divides no leaf in two that both have rows, drawn or not; `last` has just divided `leaves`.
  private func redundantSplit(levels: Int, _ leaves: [Leaf], _ last: SplitCandidates.Candidate) -> Int? {
    // The drawn rows are at hand as sums, and where they suffice the others cannot change the answer.
    var occupied = [Bool](repeating: false, count: 1 << levels)
    for leaf in leaves {
      let totals = histogram(leaf.slot, 0) + width
      let right = totals[last.place]
      if right >= 0.5 { occupied[leaf.number | 1 << (levels - 1)] = true }
      if totals[features.candidates.totalPlace] - right >= 0.5 { occupied[leaf.number] = true }
    }
    guard undivided(levels, occupied) != nil else { return nil }
    for row in 0..<features.count { occupied[Int(leafOf[row])] = true }
    return undivided(levels, occupied)
  }

  /// The lowest bit in which no two occupied leaves differ alone.
  private func undivided(_ levels: Int, _ occupied: [Bool]) -> Int? {
    (0..<levels).first { bit in
      occupied.indices.allSatisfy { !occupied[$0] || !occupied[$0 ^ 1 << bit] }
    }
  }

  private func forget(bit: Int) {
    let low = UInt32(1) << UInt32(bit) - 1
    for row in 0..<features.count {
      let leaf = leafOf[row]
      leafOf[row] = leaf & low | (leaf >> 1) & ~low
    }
  }
}
