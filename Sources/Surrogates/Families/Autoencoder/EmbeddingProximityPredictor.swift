import Nets
import Records

/// An encoder and what it remembers.
///
/// The variance of a prediction is that of the neighbors' values around their weighted mean, times one factor that makes
/// it right on average for training architectures predicted from the others. It divides as the variance of a value and
/// that of a mean of so many neighbors do: epistemic² = Σ w² · aleatoric².
struct EmbeddingProximityPredictor: Predictor {
  static let kind = "emprox"
  private let model: AutoencoderModel
  private let memory: EmbeddingMemory
  private let values: [Double]
  private let neighbors: Int
  /// The factor, and the least variance before it.
  private var factor: Double
  private let floor: Double

  init(
    model: AutoencoderModel, memory: EmbeddingMemory, values: [Double], neighbors: Int,
    calibratedOn embeddings: [[Float]]
  ) throws {
    self.model = model
    self.memory = memory
    self.values = values
    self.neighbors = neighbors
    factor = 1
    floor = 0.01 * StandardizedValues(values).scale.squared
    guard floor > 0 else { return }
    var total = 0.0
    for (row, embedding) in embeddings.enumerated() {
      let (mean, variance, share) = estimate(embedding, except: row)
      total += (values[row] - mean).squared / (variance * (1 + share))
    }
    factor = total / Double(embeddings.count)
  }

  var encodings: [EncodingChoice] { model.encodings }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    try model.embeddings(model.sequences(features)).concurrentMap { embedding in
      let (mean, variance, share) = estimate(embedding)
      return Prediction(
        mean: mean, aleatoric: (factor * variance).squareRoot(), epistemic: (factor * variance * share).squareRoot())
    }
  }

  /// The weighted mean of the neighbors' values, the variance around it, and Σ w².
  private func estimate(_ embedding: [Float], except: Int? = nil) -> (mean: Double, variance: Double, share: Double) {
    let weights = memory.weights(of: embedding, nearest: neighbors, except: except)
    let mean = weights.reduce(0) { $0 + $1.weight * values[$1.row] }
    let variance = weights.reduce(0) { $0 + $1.weight * (values[$1.row] - mean).squared }
    return (mean, max(variance, floor), weights.reduce(0) { $0 + $1.weight.squared })
  }

  // MARK: Model file

  private struct Settings: Codable {
    let model: AutoencoderModel.Header
    let neighbors: Int
    let factor: Double
    let floor: Double
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(model: model.header, neighbors: neighbors, factor: factor, floor: floor))
    archive.set("weights", model.weights)
    archive.set("embeddings", memory.numbers)
    archive.set("rows", memory.rows)
    archive.set("values", values)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    model = try AutoencoderModel(settings.model, from: archive)
    values = try archive.doubles("values")
    memory = try EmbeddingMemory(
      width: model.shape.width, rows: archive.integers("rows"), numbers: archive.floats("embeddings"),
      below: values.count)
    (neighbors, factor, floor) = (settings.neighbors, settings.factor, settings.floor)
    guard (1...100_000).contains(neighbors), factor.isFinite, factor >= 0, floor.isFinite, floor >= 0,
      values.allSatisfy(\.isFinite)
    else { throw DamagedArchive("the settings of \(Self.kind) are out of range") }
  }
}

extension AutoencoderModel {
  /// The embedding of each row of `table`.
  func embeddings(_ table: TokenTable) throws -> [[Float]] {
    try encoded(table) { network, row in
      (0..<network.shape.width).map { network.embedding(row: row, channel: $0) }
    }
  }
}
