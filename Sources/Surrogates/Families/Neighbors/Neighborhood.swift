import Records

/// The rows that a nearest-neighbors method has seen, with their values.
///
/// With weights wᵢ, Σwᵢ = 1, over the neighbors: the mean is Σwᵢyᵢ, the aleatoric variance s² = Σwᵢ(yᵢ − mean)², and
/// the epistemic variance that of a mean of 1/Σwᵢ² such values, s²·Σwᵢ².
struct Neighborhood: Predictor {
  static let kind = "neighbors"

  let encodings: [EncodingChoice]
  private let neighbors: Int
  private let distance: NearestNeighbors.Distance
  private let weights: NearestNeighbors.Weights
  /// N×D as given.
  private let rows: FeatureMatrix
  private let values: [Double]
  /// By column, what differences are multiplied by.
  private let scales: [Double]

  init(method: NearestNeighbors, rows: FeatureMatrix, values: [Double], scales: [Double]) {
    encodings = method.encodings
    neighbors = method.neighbors
    distance = method.distance
    weights = method.weights
    self.rows = rows
    self.values = values
    self.scales = scales
  }

  /// O(rows · N · D), on all processors.
  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let own = try features.selecting(encodings)
    guard own.blocks == rows.blocks else {
      throw SurrogatesError.shape("the features have other widths than in training")
    }
    return try (0..<own.count).map { $0 }.concurrentMap { predict(own.row($0)) }
  }

  private func predict(_ row: ArraySlice<Double>) -> Prediction {
    let distances = row.withUnsafeBufferPointer { row in
      rows.values.withUnsafeBufferPointer { all in
        scales.withUnsafeBufferPointer { scales in
          (0..<rows.count).map { index in
            distance(row, UnsafeBufferPointer(rebasing: all[index * row.count..<(index + 1) * row.count]), scales)
          }
        }
      }
    }
    let reach = distances.sorted()[min(neighbors, distances.count) - 1]
    let near = distances.indices.filter { distances[$0] <= reach }
    let isTouching = near.contains { distances[$0] == 0 }
    let own = near.map { weight(distances[$0], isTouching: isTouching) }
    let total = own.reduce(0, +)
    let shares = own.map { $0 / total }
    // Counted from the first value, equal values have it as their exact mean.
    let first = values[near[0]]
    let mean = zip(shares, near).reduce(0) { $0 + $1.0 * (values[$1.1] - first) }
    let variance = zip(shares, near).reduce(0) { sum, each in
      let difference = values[each.1] - first - mean
      return sum + each.0 * difference * difference
    }
    let concentration = shares.reduce(0) { $0 + $1 * $1 }
    return Prediction(
      mean: first + mean, aleatoric: variance.squareRoot(), epistemic: (variance * concentration).squareRoot())
  }

  private func weight(_ distance: Double, isTouching: Bool) -> Double {
    if weights == .uniform { return 1 }
    if isTouching { return distance == 0 ? 1 : 0 }
    // What shares no number counts next to nothing, and all alike where there is nothing else.
    return distance.isFinite ? min(1 / distance, 1e200) : 1e-200
  }

  private func distance(
    _ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, _ scales: UnsafeBufferPointer<Double>
  ) -> Double {
    var sum = 0.0
    var unknown = 0
    for column in a.indices {
      let difference = (a[column] - b[column]) * scales[column]
      if difference.isNaN {
        unknown += 1
      } else {
        sum += distance == .euclidean ? difference * difference : difference != 0 ? 1 : 0
      }
    }
    if unknown == a.count, unknown > 0 { return .infinity }
    if unknown > 0 { sum *= Double(a.count) / Double(a.count - unknown) }
    return distance == .euclidean ? sum.squareRoot() : sum
  }

  // MARK: Model files

  private struct Settings: Codable {
    let encodings: [String]
    let blocks: [FeatureMatrix.Block]
    let neighbors: Int
    let distance: NearestNeighbors.Distance
    let weights: NearestNeighbors.Weights
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(
        encodings: encodings.map(\.description), blocks: rows.blocks, neighbors: neighbors, distance: distance,
        weights: weights))
    archive.set("rows", rows.values)
    archive.set("values", values)
    archive.set("scales", scales)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard settings.neighbors >= 1, settings.blocks.map(\.name) == settings.encodings, !settings.blocks.isEmpty,
      settings.blocks.count <= 1 << 10, settings.blocks.allSatisfy({ (0...1 << 20).contains($0.width) })
    else { throw DamagedArchive("the settings of its neighbors are invalid") }
    encodings = settings.encodings.map { EncodingChoice($0) }
    neighbors = settings.neighbors
    distance = settings.distance
    weights = settings.weights
    values = try archive.doubles("values")
    let width = settings.blocks.reduce(0) { $0 + $1.width }
    rows = try FeatureMatrix(
      blocks: settings.blocks, count: values.count,
      values: archive.doubles("rows", count: values.count * width))
    scales = try archive.doubles("scales", count: width)
    guard !values.isEmpty, values.allSatisfy(\.isFinite), scales.allSatisfy(\.isFinite) else {
      throw DamagedArchive("the values of its neighbors are invalid")
    }
  }
}
