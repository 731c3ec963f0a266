/// What a predictor learns from: N architectures with their values, and perhaps some without.
public struct TrainingSet: Sendable {
  /// N×D.
  public let features: FeatureMatrix
  /// N finite values.
  public let values: [Double]
  /// Architectures of the space whose values are not known, for methods that learn from them; the same blocks.
  public let unlabelled: FeatureMatrix?

  /// Throws ``SurrogatesError/shape(_:)`` where there are not as many values as rows, and
  /// ``SurrogatesError/badValue(row:value:)`` for a value that is not finite.
  public init(_ features: FeatureMatrix, _ values: [Double], unlabelled: FeatureMatrix? = nil) throws {
    guard features.count == values.count else {
      throw SurrogatesError.shape("\(values.count) values for \(features.count) architectures")
    }
    if let unlabelled, unlabelled.blocks != features.blocks {
      throw SurrogatesError.shape("architectures without values have other encodings than architectures with values")
    }
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw SurrogatesError.badValue(row: row, value: values[row])
    }
    self.features = features
    self.values = values
    self.unlabelled = unlabelled
  }

  public var count: Int { values.count }

  /// The rows at `indices`, in their order, with all that has no values.
  public func rows(_ indices: [Int]) throws -> TrainingSet {
    try TrainingSet(features.rows(indices), indices.map { values[$0] }, unlabelled: unlabelled)
  }

  /// The same architectures with other values.
  public func replacing(_ values: [Double]) throws -> TrainingSet {
    try TrainingSet(features, values, unlabelled: unlabelled)
  }

  /// The blocks that `choices` ask for.
  public func selecting(_ choices: [EncodingChoice]) throws -> TrainingSet {
    try TrainingSet(features.selecting(choices), values, unlabelled: unlabelled?.selecting(choices))
  }
}
