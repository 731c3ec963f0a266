import Nets
import Records

/// EmProx (Franken et al., 2022): an auto-encoder that has learnt nothing but to repeat token sequences; the value of an
/// architecture is the mean of the nearest embeddings' values, weighted by the inverse of their distance.
public struct EmbeddingProximity: PredictorMethod {
  /// What a new embedding is compared with.
  public enum Memory: String, Hashable, Sendable, Codable, CaseIterable {
    /// The embeddings of every batch of every epoch, under dropout, as the authors' program keeps them.
    case faithful
    /// The embeddings after training, without dropout: one an architecture.
    case clean
  }

  public let name: String
  public var encodings: [EncodingChoice] = [.sequence]
  public var settings = AutoencoderSettings(width: 32)
  public var memory: Memory
  /// K.
  public var neighbors: Int

  private init(name: String, memory: Memory, neighbors: Int) {
    self.name = name
    self.memory = memory
    self.neighbors = neighbors
  }

  /// As published: 60 neighbors among all embeddings of 50 epochs.
  public static let faithful = EmbeddingProximity(name: "emprox", memory: .faithful, neighbors: 60)
  /// 10 neighbors, each another architecture.
  public static let clean = EmbeddingProximity(name: "emprox-clean", memory: .clean, neighbors: 10)

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try settings.validate(for: name)
    guard neighbors >= 1, neighbors <= 100_000 else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "neighbors", found: "\(neighbors)", allowed: "1 to 100000")
    }
    guard encodings.count == 1 else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "encodings", found: "\(encodings.count)", allowed: "one sequence")
    }
    guard training.count >= 2 else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2)
    }
    let training = try training.selecting(encodings)
    let table = try TokenTable(training.features)
    let shape = AutoencoderShape(
      tokens: table.vocabulary, positions: table.positions, width: settings.width, valueWidth: nil,
      dropout: settings.dropout)
    let trainer = try AutoencoderTrainer(shape, settings, SeededGenerator(seed: seed))
    var known = EmbeddingMemory(width: settings.width)
    trainer.train(
      table, targets: [], rows: Array(0..<table.count),
      loss: AutoencoderTrainer.Loss(reconstruction: 1, error: 0)
    ) { batch in
      guard memory == .faithful else { return }
      for (place, row) in batch.enumerated() {
        known.append(row: row) { trainer.embedding(place, batch: batch.count, channel: $0) }
      }
    }
    let model = AutoencoderModel(encodings: encodings, shape: shape, weights: trainer.weights)
    guard model.weights.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("\(name) diverged; choose a smaller learning rate")
    }
    let final = try model.embeddings(table)
    if memory == .clean {
      for (row, embedding) in final.enumerated() { known.append(row: row) { embedding[$0] } }
    }
    return try EmbeddingProximityPredictor(
      model: model, memory: known, values: training.values, neighbors: neighbors, calibratedOn: final)
  }
}
