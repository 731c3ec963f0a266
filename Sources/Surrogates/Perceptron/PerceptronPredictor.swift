import Nets

/// Perceptrons that have learnt: the mean of what they say, and their disagreement.
struct PerceptronPredictor: Predictor {
  static let kind = "perceptrons"
  let shape: PerceptronShape
  let encodings: [EncodingChoice]
  /// What values were multiplied by before they were learnt.
  let scale: Double
  /// Root mean square of the training residuals, in units of the values.
  var residual: Double
  /// Members × ``PerceptronShape/count``.
  let weights: [Float]

  private static let tile = 64

  init(shape: PerceptronShape, encodings: [EncodingChoice], scale: Double, residual: Double, weights: [Float]) {
    self.shape = shape
    self.encodings = encodings
    self.scale = scale
    self.residual = residual
    self.weights = weights
  }

  private var members: Int { weights.count / shape.count }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let features = try features.selecting(encodings)
    guard features.width == shape.inputs else {
      throw SurrogatesError.shape("the perceptron takes \(shape.inputs) features, not \(features.width)")
    }
    let table = features.values.map(Float.init)
    let network = try shape.network(rows: min(Self.tile, max(features.count, 1)))
    let outputs = (0..<members).map { member in
      network.parameters.snapshot = Array(weights[member * shape.count..<(member + 1) * shape.count])
      return network.outputs(table, count: features.count, tile: Self.tile)
    }
    return (0..<features.count).map { row in
      let votes = outputs.map { Double($0[row]) / scale }
      let mean = votes.reduce(0, +) / Double(votes.count)
      let squares = votes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let spread = votes.count > 1 ? (squares / Double(votes.count - 1)).squareRoot() : 0
      return Prediction(mean: mean, aleatoric: residual, epistemic: spread)
    }
  }

  // MARK: Model file

  private struct Settings: Codable {
    let shape: PerceptronShape
    let encodings: [String]
    let members: Int
    let scale: Double
    let residual: Double
  }

  func write(to archive: inout ModelArchive) throws {
    try archive.setSettings(
      Settings(
        shape: shape, encodings: encodings.map(\.description), members: members, scale: scale, residual: residual))
    archive.set("weights", weights)
  }

  init(from archive: ModelArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard (1...1_000).contains(settings.members), settings.scale.isFinite, settings.scale > 0,
      settings.residual.isFinite, settings.residual >= 0, !settings.encodings.isEmpty
    else { throw SurrogatesError.damagedModel("the settings of \(Self.kind) are out of range") }
    self.init(
      shape: settings.shape, encodings: settings.encodings.map { EncodingChoice($0) }, scale: settings.scale,
      residual: settings.residual,
      weights: try archive.floats("weights", count: settings.members * settings.shape.count))
  }
}
