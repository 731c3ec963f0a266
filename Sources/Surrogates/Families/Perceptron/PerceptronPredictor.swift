import Nets
import Records

/// Perceptrons that have learnt: the mean of what they say, and their disagreement.
struct PerceptronPredictor: Predictor {
  static let kind = "perceptrons"
  let networks: NetworkEnsemble<PerceptronShape>
  let encodings: [EncodingChoice]
  /// What values were multiplied by before they were learnt.
  let scale: Double
  /// Root mean square of the training residuals, in units of the values.
  var residual: Double

  private static let tile = 64

  init(networks: NetworkEnsemble<PerceptronShape>, encodings: [EncodingChoice], scale: Double, residual: Double) {
    self.networks = networks
    self.encodings = encodings
    self.scale = scale
    self.residual = residual
  }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let features = try features.selecting(encodings)
    let shape = networks.shape
    guard features.width == shape.inputs else {
      throw SurrogatesError.shape("the perceptron takes \(shape.inputs) features, not \(features.width)")
    }
    let table = features.values.map(Float.init)
    let network = try shape.network(rows: min(Self.tile, max(features.count, 1)))
    let votes = networks.votes(network.parameters) {
      network.outputs(table, count: features.count, tile: Self.tile).map { Double($0) / scale }
    }
    return Prediction.joining(votes, aleatoric: residual)
  }

  // MARK: Model file

  private struct Settings: Codable {
    let shape: PerceptronShape
    let encodings: [String]
    let scale: Double
    let residual: Double
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(
        shape: networks.shape, encodings: encodings.map(\.description), scale: scale, residual: residual))
    networks.write(to: &archive)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard settings.scale.isFinite, settings.scale > 0, settings.residual.isFinite, settings.residual >= 0,
      !settings.encodings.isEmpty
    else { throw DamagedArchive("the settings of \(Self.kind) are out of range") }
    self.init(
      networks: try NetworkEnsemble(settings.shape, from: archive),
      encodings: settings.encodings.map { EncodingChoice($0) }, scale: settings.scale, residual: settings.residual)
  }
}
