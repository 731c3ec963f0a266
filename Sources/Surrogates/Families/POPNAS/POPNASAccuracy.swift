import Nets
import Records

/// The accuracy predictor of POPNAS (Falanti et al., 2023): an ensemble of attention and LSTM over the blocks of a cell,
/// each member on all folds but one.
///
/// Reads the blocks of `popnas-blocks` (see ``Spaces/TwoBlockCell``) or any encoding of (input, operation, input,
/// operation) a block. Values within 0...1, or 0...100 as percentages, pass a sigmoid; others do not. The aleatoric
/// deviation is that of the folds that members did not see.
public struct POPNASAccuracy: PredictorMethod {
  public let name = "popnas-accuracy"
  public var encodings: [EncodingChoice] = [.named("popnas-blocks")]
  public var embedding = 10
  public var filters = 16
  public var cells = 48
  public var epochs = 30
  public var batchSize = 8
  public var learningRate: Float = 0.004
  /// λ of λ·Σw² over the weights of the LSTMs and of the last layer.
  public var weightPenalty: Float = 1e-5
  /// Epochs without a smaller training loss after which a member stops; it keeps its best weights.
  public var patience = 5
  public var members = 5
  /// Inputs that are cells before: 1 on the bridge to NAS-Bench-201, 2 in POPNAS's own searches.
  public var lookbacks = 1
  /// Learn also from every order of blocks that no block reads, as POPNAS does. Not on the bridge to NAS-Bench-201, where
  /// the output of a block that no block reads is lost and its place counts.
  public var augments = false
  /// One more than the largest input and the largest operation.
  public var inputTokens = 16
  public var operationTokens = 32

  public init() {}

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try validate()
    let training = try training.selecting(encodings)
    guard training.count >= members else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: members)
    }
    let table = try BlockTable(training.features, inputTokens: inputTokens, operationTokens: operationTokens)
    let shape = BlockNetworkShape(
      blocks: table.blocks, inputTokens: inputTokens, operationTokens: operationTokens, embedding: embedding,
      filters: filters, cells: cells)
    let scale = training.values.allSatisfy { abs($0) <= 1 } ? 1 : 100.0
    let output: BlockOutput = training.values.allSatisfy { (0...scale).contains($0) } ? .sigmoid : .linear
    let targets = training.values.map { Float($0 / (output == .sigmoid ? scale : 1)) }
    let generator = SeededGenerator(seed: seed)
    var order = Array(0..<training.count)
    var shuffler = generator.stream("folds")
    shuffler.shuffle(&order)
    let folds = (0..<members).map { fold in
      Array(order[training.count * fold / members..<training.count * (fold + 1) / members])
    }
    let networks = try NetworkEnsemble(shape, members: members, of: name) { member in
      let unseen = Set(members > 1 ? folds[member] : [])
      let seen = (0..<training.count).filter { !unseen.contains($0) }
      return try learn(table, targets, seen, shape, output, generator.stream("member \(member)"))
    }
    var predictor = BlockEnsemble(
      networks: networks, encodings: encodings, output: output, scale: output == .sigmoid ? scale : 1, residual: 0)
    let votes = try predictor.votes(table)
    let squares = folds.enumerated().flatMap { fold, rows in
      rows.map { row in (votes[fold][row] - training.values[row]) * (votes[fold][row] - training.values[row]) }
    }
    predictor.residual = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    return predictor
  }

  /// The weights with the smallest loss that a member saw.
  private func learn(
    _ table: BlockTable, _ targets: [Float], _ rows: [Int], _ shape: BlockNetworkShape, _ output: BlockOutput,
    _ generator: SeededGenerator
  ) throws -> [Float] {
    let network = BlockNetwork(shape, rows: batchSize, instructionSet: try .forPredictors)
    network.initialise(from: generator.stream("weights"))
    let optimizer = network.optimizer(
      OptimizerSettings(kind: .adam, learningRate: learningRate, weightDecay: 0, epsilon: 1e-7))
    var shuffler = generator.stream("order")
    let samples = rows.flatMap { row in
      (augments ? table.equivalents(of: row, lookbacks: lookbacks) : [table.row(row).flatMap { $0 }])
        .map { (cell: $0, target: targets[row]) }
    }
    var order = Array(samples.indices)
    var best: (loss: Double, weights: [Float]) = (.infinity, network.parameters.snapshot)
    var waited = 0
    for _ in 0..<epochs {
      shuffler.shuffle(&order)
      var total = 0.0
      for start in stride(from: 0, to: order.count, by: batchSize) {
        let batch = order[start..<min(start + batchSize, order.count)]
        let loss = network.step(
          batch.map { samples[$0].cell[...] }, batch.map { samples[$0].target }, output, penalty: weightPenalty,
          optimizer)
        total += loss * Double(batch.count)
      }
      if total < best.loss {
        best = (total, network.parameters.snapshot)
        waited = 0
      } else {
        waited += 1
        if waited >= patience { break }
      }
    }
    return best.weights
  }

  private func validate() throws {
    for (setting, value, allowed) in [
      ("embedding", embedding, 1...1_024), ("filters", filters, 1...1_024), ("cells", cells, 1...1_024),
      ("epochs", epochs, 1...100_000), ("batchSize", batchSize, 1...4_096), ("patience", patience, 1...100_000),
      ("members", members, 1...100), ("lookbacks", lookbacks, 1...8), ("inputTokens", inputTokens, 2...1_024),
      ("operationTokens", operationTokens, 2...1_024),
    ] where !allowed.contains(value) {
      throw SurrogatesError.badSetting(
        predictor: name, setting: setting, found: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
    for (setting, value, most) in [("learningRate", learningRate, 1 as Float), ("weightPenalty", weightPenalty, 1_000)]
    where !(value >= 0 && value <= most) {
      throw SurrogatesError.badSetting(
        predictor: name, setting: setting, found: "\(value)", allowed: "0 to \(most)")
    }
  }
}
