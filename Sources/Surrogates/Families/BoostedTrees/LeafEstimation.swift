/// How the values of leaves follow from the rows in them.
public enum LeafMethod: String, Sendable, Codable, CaseIterable {
  /// Σ first / (−Σ second + λ).
  case newton = "Newton"
  /// Σ first / (count + λ).
  case gradient = "Gradient"
  /// The median of the residuals; for the absolute error.
  case exact = "Exact"
}

/// One step to the leaves' values. All rows count, whichever were drawn to find the splits.
struct LeafEstimation {
  let method: LeafMethod
  let l2: Double
  /// Whether each row's second derivative is −1, so that counts stand for their sums.
  let countsAreHessians: Bool

  /// Leaves×D values and how many rows each leaf has. leafOf: N; first, second: D×N.
  func values(
    _ leafOf: UnsafePointer<UInt32>, rows: Int, leaves: Int, dimension: Int, _ first: UnsafePointer<Double>,
    _ second: UnsafePointer<Double>, residual: (Int) -> Double, langevin: LangevinNoise?, _ normal: inout NormalDraws
  ) -> (values: [Double], counts: [Double]) {
    if method == .exact { return medians(leafOf, rows, leaves, residual) }
    var counts = [Double](repeating: 0, count: leaves)
    var values = [Double](repeating: 0, count: leaves * dimension)
    let usesCounts = method == .gradient || countsAreHessians
    for part in 0..<dimension {
      // Above and below the fraction.
      var sums = [SIMD2<Double>](repeating: .zero, count: leaves)
      sums.withUnsafeMutableBufferPointer { sums in
        let first = first + part * rows
        let second = second + part * rows
        for row in 0..<rows { sums[Int(leafOf[row])] += SIMD2(first[row], usesCounts ? 1 : -second[row]) }
      }
      if part == 0 {
        if usesCounts {
          for leaf in 0..<leaves { counts[leaf] = sums[leaf].y }
        } else {
          for row in 0..<rows { counts[Int(leafOf[row])] += 1 }
        }
      }
      for leaf in 0..<leaves where counts[leaf] > 0 {
        var top = sums[leaf].x
        if method == .gradient, let langevin {
          top += langevin.deviation * (counts[leaf] + l2).squareRoot() * normal.next()
        }
        let bottom = sums[leaf].y + l2
        values[leaf * dimension + part] = bottom > 0 ? top / bottom : 0
      }
    }
    return (values, counts)
  }

  private func medians(
    _ leafOf: UnsafePointer<UInt32>, _ rows: Int, _ leaves: Int, _ residual: (Int) -> Double
  ) -> (values: [Double], counts: [Double]) {
    var residuals = [[Float]](repeating: [], count: leaves)
    for row in 0..<rows { residuals[Int(leafOf[row])].append(Float(residual(row))) }
    return (residuals.map { SampleMedian.of(sorted: $0.sorted()) }, residuals.map { Double($0.count) })
  }
}
