/// N values brought to mean 0 and variance 1, and the way back.
package struct StandardisedValues: Sendable {
  package let standardised: [Double]
  let mean: Double
  /// 1 where all values are equal.
  package let scale: Double

  /// N is 1 or more.
  package init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    // Equal values whose mean is rounded deviate a little.
    scale = deviation > 1e-12 * abs(mean) ? deviation : 1
    self.mean = mean
    standardised = values.map { [scale] in ($0 - mean) / scale }
  }
}
