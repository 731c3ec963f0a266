/// Which rows a tree's splits are found with.
public enum RowSampling: Sendable, Hashable {
  case none
  /// Minimal variance sampling (Ibragimov and Gusev, 2019) of this fraction: large derivatives are surely drawn, small
  /// ones with a probability that their weight makes up for.
  case minimalVariance(Double)
  /// Each row with this probability.
  case bernoulli(Double)

  /// Sets the weight of each row, 0 for rows that are not drawn, one at least for those that are.
  ///
  /// first: D×N derivatives; `lastLeaves` are the leaves of the tree before, D numbers each, empty for the first tree.
  func weights(
    _ first: UnsafePointer<Double>, count: Int, dimension: Int, lastLeaves: ArraySlice<Double>,
    _ normal: inout NormalDraws, into weights: UnsafeMutablePointer<Double>
  ) {
    switch self {
    case .none, .minimalVariance(1), .bernoulli(1):
      weights.update(repeating: 1, count: count)
      return
    case .bernoulli(let fraction):
      for row in 0..<count { weights[row] = normal.uniform() < fraction ? 1 : 0 }
    case .minimalVariance(let fraction):
      let lambda = Self.lambda(first, count, dimension, lastLeaves)
      for start in stride(from: 0, to: count, by: Self.blockSize) {
        let end = min(start + Self.blockSize, count)
        var sizes = [Double](repeating: lambda, count: end - start)
        for part in 0..<dimension {
          for row in start..<end { sizes[row - start] += first[part * count + row] * first[part * count + row] }
        }
        for place in sizes.indices { sizes[place] = sizes[place].squareRoot() }
        let threshold = Self.threshold(sizes, fraction * Double(sizes.count))
        for row in start..<end {
          let size = sizes[row - start]
          let probability = size > threshold ? 1 : size / threshold
          let drawn = probability > 0x1p-52 && normal.uniform() < probability
          weights[row] = drawn ? 1 / probability : 0
        }
      }
    }
    if (0..<count).allSatisfy({ weights[$0] == 0 }) { weights.update(repeating: 1, count: count) }
  }

  /// Rows that share a threshold.
  private static let blockSize = 8192

  /// The square of the mean size of the last tree's leaves; of the derivatives for the first tree.
  private static func lambda(
    _ first: UnsafePointer<Double>, _ count: Int, _ dimension: Int, _ lastLeaves: ArraySlice<Double>
  ) -> Double {
    var total = 0.0
    let size = lastLeaves.isEmpty ? count : lastLeaves.count / dimension
    for place in 0..<size {
      var square = 0.0
      for part in 0..<dimension {
        let value =
          lastLeaves.isEmpty
          ? first[part * count + place] : lastLeaves[lastLeaves.startIndex + place * dimension + part]
        square += value * value
      }
      total += square.squareRoot()
    }
    let mean = total / Double(size)
    return mean * mean
  }

  /// The μ with Σ min(1, size / μ) = wanted.
  static func threshold(_ sizes: [Double], _ wanted: Double) -> Double {
    // With all shares below one, μ = Σ size / wanted; every size above that is surely drawn, and the rest share what is
    // left, until no more are. It only falls, so that ends.
    var threshold = 0.0
    var above = -1
    while true {
      var below = 0.0
      var sure = 0
      for size in sizes {
        let isSure = threshold > 0 && size > threshold
        below += isSure ? 0 : size
        sure += isSure ? 1 : 0
      }
      let left = wanted - Double(sure)
      guard sure > above, left > 0 else { return threshold }
      above = sure
      threshold = below / left
    }
  }
}
