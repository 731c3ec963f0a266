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

  /// Leaves×D values and how many rows each leaf has. first, second: D×N.
  func values(
    _ leafOf: [Int32], leaves: Int, dimension: Int, _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>,
    residual: (Int) -> Double, langevin: LangevinNoise?, _ normal: inout NormalDraws
  ) -> (values: [Double], counts: [Double]) {
    var counts = [Double](repeating: 0, count: leaves)
    for leaf in leafOf { counts[Int(leaf)] += 1 }
    var values = [Double](repeating: 0, count: leaves * dimension)
    if method == .exact {
      var residuals = [[Float]](repeating: [], count: leaves)
      for (row, leaf) in leafOf.enumerated() { residuals[Int(leaf)].append(Float(residual(row))) }
      for leaf in 0..<leaves {
        residuals[leaf].sort()
        values[leaf] = SampleMedian.of(sorted: residuals[leaf])
      }
      return (values, counts)
    }
    for part in 0..<dimension {
      var tops = [Double](repeating: 0, count: leaves)
      var bottoms = [Double](repeating: 0, count: leaves)
      let offset = part * leafOf.count
      for (row, leaf) in leafOf.enumerated() {
        tops[Int(leaf)] += first[offset + row]
        bottoms[Int(leaf)] -= second[offset + row]
      }
      for leaf in 0..<leaves {
        var top = tops[leaf]
        if method == .gradient {
          bottoms[leaf] = counts[leaf]
          if let langevin, counts[leaf] > 0 {
            top += langevin.deviation * (counts[leaf] + l2).squareRoot() * normal.next()
          }
        }
        let bottom = bottoms[leaf] + l2
        values[leaf * dimension + part] = counts[leaf] > 0 && bottom > 0 ? top / bottom : 0
      }
    }
    return (values, counts)
  }
}
