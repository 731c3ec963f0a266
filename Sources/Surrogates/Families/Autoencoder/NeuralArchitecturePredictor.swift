import Nets
import Records

/// An auto-encoder with a value head that has learnt standardized values.
struct NeuralArchitecturePredictor: Predictor {
  static let kind = "nao"
  let model: AutoencoderModel
  /// Of the training values; scale is their standard deviation.
  let mean: Double
  let scale: Double
  /// Root mean square of the training residuals.
  var residual: Double
  let dropoutSamples: Int

  init(model: AutoencoderModel, mean: Double, scale: Double, residual: Double, dropoutSamples: Int) {
    self.model = model
    self.mean = mean
    self.scale = scale
    self.residual = residual
    self.dropoutSamples = dropoutSamples
  }

  var encodings: [EncodingChoice] { model.encodings }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let table = try model.sequences(features)
    let values = try model.encoded(table) { Double($0.value(row: $1)) }
    let deviations = try model.deviations(table, samples: dropoutSamples)
    return zip(values, deviations).map {
      Prediction(mean: mean + scale * $0, aleatoric: residual, epistemic: scale * $1)
    }
  }

  // MARK: Model file

  private struct Settings: Codable {
    let model: AutoencoderModel.Header
    let mean: Double
    let scale: Double
    let residual: Double
    let dropoutSamples: Int
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(
        model: model.header, mean: mean, scale: scale, residual: residual, dropoutSamples: dropoutSamples))
    archive.set("weights", model.weights)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard settings.mean.isFinite, settings.scale.isFinite, settings.scale >= 0, settings.residual.isFinite,
      settings.residual >= 0, (0...1_000).contains(settings.dropoutSamples), settings.model.valueWidth != nil
    else { throw DamagedArchive("the settings of \(Self.kind) are out of range") }
    self.init(
      model: try AutoencoderModel(settings.model, from: archive), mean: settings.mean, scale: settings.scale,
      residual: settings.residual, dropoutSamples: settings.dropoutSamples)
  }
}
