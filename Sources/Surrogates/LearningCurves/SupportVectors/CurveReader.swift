/// Turns beginnings of curves, and what is known of their architectures, into rows of features.
struct CurveReader: Hashable, Sendable, Codable {
  let epochs: Int
  let direction: CurveSet.Direction
  let takesWholeCurve: Bool
  /// Names of blocks.
  let encodings: [String]

  /// One row a curve. Throws ``SurrogatesError`` for short curves and missing blocks, and
  /// ``SurrogatesError/badValue(row:value:)`` for a feature that is not finite.
  func rows(_ curves: CurveSet) throws -> [[Double]] {
    try curves.require(direction, epochs: epochs)
    var features: FeatureMatrix?
    if !encodings.isEmpty {
      features = try curves.features?.selecting(encodings.map { EncodingChoice($0) })
      guard features != nil else { throw SurrogatesError.noEncoding(wanted: encodings[0], known: []) }
    }
    return try curves.curves.indices.map { index in
      let known = features.map { Array($0.row(index)) } ?? []
      if let odd = known.first(where: { !$0.isFinite }) { throw SurrogatesError.badValue(row: index, value: odd) }
      return read(Array(curves.curves[index].prefix(epochs))) + known
    }
  }

  private func read(_ curve: [Double]) -> [Double] {
    let slopes = zip(curve.dropFirst(), curve).map { $0 - $1 }
    let bends = zip(slopes.dropFirst(), slopes).map { $0 - $1 }
    let moments = [curve, slopes, bends].flatMap(Self.moments)
    return takesWholeCurve ? curve + slopes + bends + moments : moments
  }

  /// Mean and standard deviation; 0 of nothing.
  private static func moments(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [0, 0] }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return [mean, variance.squareRoot()]
  }
}
