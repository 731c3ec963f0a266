/// The training rows as trees see them: a byte a feature and row, and once more zeros and ones for binary features.
final class QuantisedFeatures {
  /// N.
  let count: Int
  let borders: [FeatureBorders]
  let candidates: SplitCandidates
  /// F×N: how many borders a value is above.
  let bins: UnsafeMutablePointer<UInt8>
  /// N×binaryWidth: the binary features, side by side, then ones.
  let ones: UnsafeMutablePointer<Double>

  init(_ features: FeatureMatrix, borderCount: Int, missing: MissingValues) {
    let count = features.count
    let width = features.width
    let bins = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, count * width))
    var borders: [FeatureBorders] = []
    for feature in 0..<width {
      let column = (0..<count).map { Float(features.values[$0 * width + feature]) }
      let cuts = FeatureBorders(of: column, atMost: borderCount, missing: missing)
      for (row, value) in column.enumerated() { bins[feature * count + row] = UInt8(cuts.bin(value)) }
      borders.append(cuts)
    }
    let candidates = SplitCandidates(borders, rows: count) { feature, row in bins[feature * count + row] > 0 }
    let ones = UnsafeMutablePointer<Double>.allocate(capacity: max(1, count * candidates.binaryWidth))
    ones.initialize(repeating: 0, count: count * candidates.binaryWidth)
    for (column, feature) in candidates.binary.enumerated() {
      for row in 0..<count where bins[feature * count + row] > 0 {
        ones[row * candidates.binaryWidth + column] = 1
      }
    }
    for row in 0..<count { ones[row * candidates.binaryWidth + candidates.binary.count] = 1 }
    self.count = count
    self.borders = borders
    self.candidates = candidates
    self.bins = bins
    self.ones = ones
  }

  deinit {
    bins.deallocate()
    ones.deallocate()
  }
}
