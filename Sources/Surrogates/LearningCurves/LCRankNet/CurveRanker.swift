import Nets

/// LCRankNet that has learnt.
struct CurveRanker: CurvePredictor {
  static let kind = "lcranknet"
  private let shape: CurveRankerShape
  private let vocabulary: CurveRankerVocabulary
  private let weights: [Float]
  private static let tile = 64

  init(shape: CurveRankerShape, vocabulary: CurveRankerVocabulary, weights: [Float]) {
    self.shape = shape
    self.vocabulary = vocabulary
    self.weights = weights
  }

  var encodings: [EncodingChoice] { vocabulary.encodings.map { EncodingChoice($0) } }

  /// A score a run, with no deviation: scores have no unit.
  func predict(_ curves: CurveSet) throws -> [Prediction] {
    let inputs = try vocabulary.inputs(of: curves)
    let network = CurveRankerNetwork(shape, rows: Self.tile, instructionSet: try .forPredictors)
    network.parameters.snapshot = weights
    return stride(from: 0, to: curves.count, by: Self.tile).flatMap { start in
      let rows = start..<min(start + Self.tile, curves.count)
      let scores = network.forward(rows.map(inputs.run))
      return rows.map { Prediction(mean: Double(scores[$0 - start])) }
    }
  }

  // MARK: Model file

  private struct Settings: Codable {
    let shape: CurveRankerShape
    let vocabulary: CurveRankerVocabulary
  }

  func write(to archive: inout ModelArchive) throws {
    try archive.setSettings(Settings(shape: shape, vocabulary: vocabulary))
    archive.set("weights", weights)
  }

  init(from archive: ModelArchive) throws {
    let settings = try archive.settings(Settings.self)
    let (shape, vocabulary) = (settings.shape, settings.vocabulary)
    guard shape.epochs == vocabulary.epochs, shape.positions == vocabulary.positions,
      (1..<60_001).contains(vocabulary.known), shape.tokens == vocabulary.tokens,
      shape.datasets == vocabulary.datasets.count, (shape.positions == 0) == vocabulary.encodings.isEmpty,
      vocabulary.shift.isFinite, vocabulary.scale.isFinite, vocabulary.scale > 0
    else { throw SurrogatesError.damagedModel("the settings of \(Self.kind) do not fit together") }
    self.init(shape: shape, vocabulary: vocabulary, weights: try archive.floats("weights", count: shape.count))
  }
}
