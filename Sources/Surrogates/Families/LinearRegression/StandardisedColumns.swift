/// The columns of a training set that vary, each brought to mean 0 and variance 1; what is unknown counts as the mean.
struct StandardisedColumns: Hashable, Sendable, Codable {
  /// Places among the D columns of the features.
  let sources: [Int]
  let shifts: [Double]
  let scales: [Double]

  init(_ features: FeatureMatrix) {
    var kept: (sources: [Int], shifts: [Double], scales: [Double]) = ([], [], [])
    for source in 0..<features.width {
      let known = (0..<features.count).map { features.values[$0 * features.width + source] }.filter(\.isFinite)
      guard !known.isEmpty else { continue }
      let mean = known.reduce(0, +) / Double(known.count)
      let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
      guard mean.isFinite, deviation.isFinite, deviation > 1e-12 * abs(mean) else { continue }
      kept.sources.append(source)
      kept.shifts.append(mean)
      kept.scales.append(deviation)
    }
    (sources, shifts, scales) = kept
  }

  /// C.
  var count: Int { sources.count }

  /// Whether it fits features of `width` columns: what a file must be asked.
  func isConsistent(width: Int) -> Bool {
    shifts.count == count && scales.count == count && sources.allSatisfy { (0..<width).contains($0) }
      && shifts.allSatisfy(\.isFinite) && scales.allSatisfy { $0.isFinite && $0 > 0 }
  }

  /// N×C, row-major.
  func apply(_ features: FeatureMatrix) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(features.count * count)
    for row in 0..<features.count {
      for (column, source) in sources.enumerated() {
        let value = features.values[row * features.width + source]
        values.append(value.isFinite ? (value - shifts[column]) / scales[column] : 0)
      }
    }
    return values
  }
}
