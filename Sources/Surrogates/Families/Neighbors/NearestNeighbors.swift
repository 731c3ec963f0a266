/// The mean of the k nearest architectures' values; all that are as far as the k-th count too.
public struct NearestNeighbors: ColumnMethod {
  /// How far two rows of D numbers are apart. Over numbers that both rows have; those that one lacks (NaN) count as the
  /// others do on average, and rows that share none are infinitely far apart.
  public enum Distance: String, Hashable, Sendable, Codable, CaseIterable {
    /// √Σ(a − b)².
    case euclidean
    /// How many numbers differ.
    case hamming
  }

  /// How neighbors count.
  public enum Weights: String, Hashable, Sendable, Codable, CaseIterable {
    case uniform
    /// 1/distance; where some are equal to the row, these alone.
    case inverseDistance = "inverse-distance"
  }

  public var name: String
  public var encodings: [EncodingChoice]
  /// k.
  public var neighbors: Int
  public var distance: Distance
  public var weights: Weights
  /// Divides each column by its standard deviation over the training rows.
  public var standardizes: Bool

  /// Five neighbors by Euclidean distance on standardized summaries.
  public init(
    _ name: String = "k-nearest-neighbors", encodings: [EncodingChoice] = [.summary], neighbors: Int = 5,
    distance: Distance = .euclidean, weights: Weights = .inverseDistance, standardizes: Bool = true
  ) {
    self.name = name
    self.encodings = encodings
    self.neighbors = neighbors
    self.distance = distance
    self.weights = weights
    self.standardizes = standardizes
  }

  /// Keeps the rows. Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)`` and, for an empty set,
  /// ``SurrogatesError/tooFew(predictor:count:needed:)``.
  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    guard neighbors >= 1 else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "neighbors", found: "\(neighbors)", allowed: "1 and more")
    }
    guard !encodings.isEmpty else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "encodings", found: "none", allowed: "one or more")
    }
    let own = try training.selecting(encodings)
    guard own.count > 0 else { throw SurrogatesError.tooFew(predictor: name, count: 0, needed: 1) }
    let scales = (0..<own.features.width).map { standardizes ? Self.scale(of: $0, in: own.features) : 1 }
    return Neighborhood(method: self, rows: own.features, values: own.values, scales: scales)
  }

  /// 1/σ of the numbers that are known of a column; 1 where they are all equal.
  private static func scale(of column: Int, in features: FeatureMatrix) -> Double {
    let known = (0..<features.count).map { features.values[$0 * features.width + column] }.filter { !$0.isNaN }
    guard let first = known.first, known.contains(where: { $0 != first }) else { return 1 }
    let mean = known.reduce(0, +) / Double(known.count)
    let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
    return deviation > 0 && (1 / deviation).isFinite ? 1 / deviation : 1
  }
}
