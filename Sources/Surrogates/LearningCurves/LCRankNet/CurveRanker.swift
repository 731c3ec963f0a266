import Nets
import Records

/// LCRankNet that has learnt.
struct CurveRanker: CurvePredictor {
  static let kind = "lcranknet"
  private let networks: NetworkEnsemble<CurveRankerShape>
  private let vocabulary: CurveRankerVocabulary
  private static let tile = 64

  init(networks: NetworkEnsemble<CurveRankerShape>, vocabulary: CurveRankerVocabulary) {
    self.networks = networks
    self.vocabulary = vocabulary
  }

  var encodings: [EncodingChoice] { vocabulary.encodings.map { EncodingChoice($0) } }

  /// A score a run: the mean of all members. A difference of scores is the logarithm of the odds that the one run ends
  /// better; the epistemic deviation is that of the members' scores, each counted from its mean over the training runs.
  func predict(_ curves: CurveSet) throws -> [Prediction] {
    let inputs = try vocabulary.inputs(of: curves)
    let network = CurveRankerNetwork(networks.shape, rows: Self.tile, instructionSet: try .forPredictors)
    return Prediction.joining(
      networks.votes(network.parameters) { network.scores((0..<curves.count).map(inputs.run), tile: Self.tile) })
  }

  // MARK: Model file

  private struct Settings: Codable {
    let shape: CurveRankerShape
    let vocabulary: CurveRankerVocabulary
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(Settings(shape: networks.shape, vocabulary: vocabulary))
    networks.write(to: &archive)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    let (shape, vocabulary) = (settings.shape, settings.vocabulary)
    guard shape.epochs == vocabulary.epochs, shape.positions == vocabulary.positions,
      (1..<60_001).contains(vocabulary.known), shape.tokens == vocabulary.tokens,
      shape.datasets == vocabulary.datasets.count, (shape.positions == 0) == vocabulary.encodings.isEmpty,
      vocabulary.shift.isFinite, vocabulary.scale.isFinite, vocabulary.scale > 0
    else { throw DamagedArchive("the settings of \(Self.kind) do not fit together") }
    self.init(networks: try NetworkEnsemble(shape, from: archive), vocabulary: vocabulary)
  }
}
