/// The training rows as trees see them: a byte a feature and row, and once more a bit for binary features.
final class QuantisedFeatures {
  /// N.
  let count: Int
  let borders: [FeatureBorders]
  let candidates: SplitCandidates
  /// F×N: how many borders a value is above.
  let bins: UnsafeMutablePointer<UInt8>
  /// N words or more of 64 columns: a bit is clear where a binary feature is above its border, and in one column more.
  let zeros: UnsafeMutablePointer<UInt64>

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
    let words = (candidates.binaryWidth + 63) / 64
    let zeros = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, count * words))
    zeros.initialize(repeating: .max, count: count * words)
    func clear(_ row: Int, _ column: Int) { zeros[row * words + column / 64] &= ~(1 << UInt64(column % 64)) }
    for (column, feature) in candidates.binary.enumerated() {
      for row in 0..<count where bins[feature * count + row] > 0 { clear(row, column) }
    }
    for row in 0..<count { clear(row, candidates.binary.count) }
    self.count = count
    self.borders = borders
    self.candidates = candidates
    self.bins = bins
    self.zeros = zeros
  }

  deinit {
    bins.deallocate()
    zeros.deallocate()
  }
}
