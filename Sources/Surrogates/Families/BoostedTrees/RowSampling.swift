import Nets

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
      let kernels = TreeKernels.fastest
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { sizes in
        guard let sizes = sizes.baseAddress else { return }
        for row in 0..<count { sizes[row] = lambda }
        for part in 0..<dimension {
          let first = first + part * count
          for row in 0..<count { sizes[row] += first[row] * first[row] }
        }
        for row in 0..<count { sizes[row].formSquareRoot() }
        for start in stride(from: 0, to: count, by: Self.blockSize) {
          let rows = min(Self.blockSize, count - start)
          let threshold = kernels.threshold(rows, sizes + start, fraction * Double(rows))
          kernels.draw(rows, sizes + start, threshold, normal.skip(rows), weights + start)
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
}
