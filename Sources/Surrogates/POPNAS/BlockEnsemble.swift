import Nets

/// Networks over blocks that have learnt: the mean of what they say, and their disagreement.
struct BlockEnsemble: Predictor {
  static let kind = "block-ensemble"
  let shape: BlockNetworkShape
  let encodings: [EncodingChoice]
  let output: BlockOutput
  /// What values were divided by before they were learnt.
  let scale: Double
  /// Root mean square error on what members did not see, in units of the values.
  var residual: Double
  /// Members × ``BlockNetworkShape/count``.
  let weights: [Float]

  private static let tile = 64

  init(
    shape: BlockNetworkShape, encodings: [EncodingChoice], output: BlockOutput, scale: Double, residual: Double,
    weights: [Float]
  ) {
    self.shape = shape
    self.encodings = encodings
    self.output = output
    self.scale = scale
    self.residual = residual
    self.weights = weights
  }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let features = try features.selecting(encodings)
    guard features.width == shape.blocks * 4 else {
      throw SurrogatesError.shape("\(features.width) numbers are not \(shape.blocks) blocks of four")
    }
    let table = try BlockTable(features, inputTokens: shape.inputTokens, operationTokens: shape.operationTokens)
    let votes = try votes(table)
    return (0..<features.count).map { row in
      let column = votes.map { $0[row] }
      let mean = column.reduce(0, +) / Double(column.count)
      let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let spread = column.count > 1 ? (squares / Double(column.count - 1)).squareRoot() : 0
      return Prediction(mean: mean, aleatoric: residual, epistemic: spread)
    }
  }

  /// Members × rows.
  func votes(_ table: BlockTable) throws -> [[Double]] {
    let network = BlockNetwork(shape, rows: Self.tile, instructionSet: try .forPredictors)
    let width = shape.blocks * 4
    return (0..<weights.count / shape.count).map { member in
      network.parameters.snapshot = Array(weights[member * shape.count..<(member + 1) * shape.count])
      return stride(from: 0, to: table.count, by: Self.tile).flatMap { start in
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
    let members: Int
    let scale: Double
    let residual: Double
  }

  func write(to archive: inout ModelArchive) throws {
    try archive.setSettings(
      Settings(
        shape: shape, encodings: encodings.map(\.description), output: output, members: weights.count / shape.count,
        scale: scale, residual: residual))
    archive.set("weights", weights)
  }

  init(from archive: ModelArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard (1...100).contains(settings.members), settings.scale.isFinite, settings.scale > 0,
      settings.residual.isFinite, settings.residual >= 0, !settings.encodings.isEmpty
    else { throw SurrogatesError.damagedModel("the settings of \(Self.kind) are out of range") }
    self.init(
      shape: settings.shape, encodings: settings.encodings.map { EncodingChoice($0) }, output: settings.output,
      scale: settings.scale, residual: settings.residual,
      weights: try archive.floats("weights", count: settings.members * settings.shape.count))
  }
}
