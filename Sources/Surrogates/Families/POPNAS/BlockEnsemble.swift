import Nets
import Records

/// Networks over blocks that have learnt: the mean of what they say, and their disagreement.
struct BlockEnsemble: Predictor {
  static let kind = "block-ensemble"
  let networks: NetworkEnsemble<BlockNetworkShape>
  let encodings: [EncodingChoice]
  let output: BlockOutput
  /// What values were divided by before they were learnt.
  let scale: Double
  /// Root mean square error on what members did not see, in units of the values.
  var residual: Double

  private static let tile = 64

  init(
    networks: NetworkEnsemble<BlockNetworkShape>, encodings: [EncodingChoice], output: BlockOutput, scale: Double,
    residual: Double
  ) {
    self.networks = networks
    self.encodings = encodings
    self.output = output
    self.scale = scale
    self.residual = residual
  }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let features = try features.selecting(encodings)
    let shape = networks.shape
    guard features.width == shape.blocks * 4 else {
      throw SurrogatesError.shape("\(features.width) numbers are not \(shape.blocks) blocks of four")
    }
    let table = try BlockTable(features, inputTokens: shape.inputTokens, operationTokens: shape.operationTokens)
    return Prediction.joining(try votes(table), aleatoric: residual)
  }

  /// Members × rows.
  func votes(_ table: BlockTable) throws -> [[Double]] {
    let network = BlockNetwork(networks.shape, rows: Self.tile, instructionSet: try .forPredictors)
    let width = networks.shape.blocks * 4
    return networks.votes(network.parameters) {
      stride(from: 0, to: table.count, by: Self.tile).flatMap { start in
        let rows = start..<min(start + Self.tile, table.count)
        let scores = network.forward(rows.map { table.tokens[$0 * width..<($0 + 1) * width] })
        return rows.map { Double(output.value(scores[$0 - start])) * scale }
      }
    }
  }

  // MARK: Model file

  private struct Settings: Codable {
    let shape: BlockNetworkShape
    let encodings: [String]
    let output: BlockOutput
    let scale: Double
    let residual: Double
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(
        shape: networks.shape, encodings: encodings.map(\.description), output: output, scale: scale,
        residual: residual))
    networks.write(to: &archive)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard settings.scale.isFinite, settings.scale > 0, settings.residual.isFinite, settings.residual >= 0,
      !settings.encodings.isEmpty
    else { throw DamagedArchive("the settings of \(Self.kind) are out of range") }
    self.init(
      networks: try NetworkEnsemble(settings.shape, from: archive),
      encodings: settings.encodings.map { EncodingChoice($0) }, output: settings.output, scale: settings.scale,
      residual: settings.residual)
  }
}
