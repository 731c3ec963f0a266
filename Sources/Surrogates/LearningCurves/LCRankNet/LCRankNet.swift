import Foundation
import Nets
import Records

/// LCRankNet (Wistuba and Pedapati, 2020): learns from pairs of runs of one data set which of the two ends better.
///
/// p(i better than j) = σ(f(i) - f(j)), f from the beginning of the curve (convolutions over 2 to 5 epochs with global max
/// pooling), the architecture (an LSTM over its tokens, which a second one writes again) and the data set (a vector; for
/// one that was not learnt from, the mean of the others). The paper leaves sizes and rates open; those here are ours. So
/// is that several networks, each with a beginning and an order of its own, answer together: of one alone, how well it
/// ranks a data set that was left out depends on its beginning.
public struct LCRankNet: CurvePredictorMethod {
  public let name = "lcranknet"
  public let answer = CurveAnswer.score
  /// The tokens of the architecture; empty to rank by curve and data set alone.
  public var encodings: [EncodingChoice] = [.sequence]
  /// Channels of each convolution over the curve.
  public var filters = 16
  /// Channels of a token and units of the LSTMs.
  public var memory = 16
  /// Channels of a data set.
  public var datasetWidth = 4
  public var hidden = 32
  public var epochs = 100
  /// Runs of one data set that are compared with each other.
  public var batchSize = 32
  public var learningRate: Float = 0.002
  /// δ: what the mean negative log-likelihood of writing the architecture again counts beside the mean of the pairs.
  public var reconstruction: Float = 0.1
  /// Networks whose mean is the score.
  public var members = 5

  public init() {}

  public func fit(_ training: CurveTrainingSet, seed: UInt64) throws -> any CurvePredictor {
    try validate()
    guard training.count >= 2 else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2)
    }
    let curves = training.observed
    let vocabulary = try CurveRankerVocabulary(curves, encodings: encodings, epochs: training.observedEpochs)
    let shape = CurveRankerShape(
      epochs: training.observedEpochs, positions: vocabulary.positions, tokens: vocabulary.tokens,
      datasets: vocabulary.datasets.count, filters: filters, memory: memory, datasetWidth: datasetWidth,
      hidden: hidden)
    let inputs = try vocabulary.inputs(of: curves)
    let groups = Dictionary(grouping: 0..<training.count, by: { inputs.datasets[$0] ?? 0 })
      .sorted { $0.key < $1.key }.map(\.value)
    let rising = training.largerValueIsBetter ? training.values : training.values.map { -$0 }
    guard groups.contains(where: { group in group.contains { rising[$0] != rising[group[0]] } }) else {
      throw SurrogatesError.numerics("\(name) learns from runs of one data set that end differently; here none do")
    }
    let generator = SeededGenerator(seed: seed)
    let networks = try NetworkEnsemble(shape, members: members, of: name) { member in
      try learn(inputs, groups, rising, shape, generator.stream("member \(member)"))
    }
    return CurveRanker(networks: networks, vocabulary: vocabulary)
  }

  /// The weights of one network.
  private func learn(
    _ inputs: CurveRankerVocabulary.Inputs, _ groups: [[Int]], _ rising: [Double], _ shape: CurveRankerShape,
    _ generator: SeededGenerator
  ) throws -> [Float] {
    let network = CurveRankerNetwork(shape, rows: batchSize, instructionSet: try .forPredictors)
    network.initialise(from: generator.stream("weights"))
    let optimizer = network.optimizer(
      OptimizerSettings(kind: .adam, learningRate: learningRate, weightDecay: 0, maxGradientNorm: 5))
    var shuffler = generator.stream("order")
    for _ in 0..<epochs {
      for batch in batches(groups, &shuffler) {
        let scores = network.forward(batch.map(inputs.run))
        let slopes = Self.pairSlopes(batch.indices.map { scores[$0] }, batch.map { rising[$0] })
        network.backward(slopes, reconstruction: reconstruction)
        optimizer.step(learningRate: learningRate)
      }
    }
    // Pairs leave open where scores begin; members are to begin at one place.
    let scores = network.scores(rising.indices.map(inputs.run), tile: batchSize)
    network.subtract(scores.reduce(0, +) / Double(scores.count))
    return network.parameters.snapshot
  }

  /// Every run once, runs of one data set together, all in a drawn order.
  private func batches(_ groups: [[Int]], _ generator: inout SeededGenerator) -> [[Int]] {
    var batches: [[Int]] = []
    for group in groups {
      var order = group
      generator.shuffle(&order)
      for start in stride(from: 0, to: order.count, by: batchSize) {
        batches.append(Array(order[start..<min(start + batchSize, order.count)]))
      }
    }
    generator.shuffle(&batches)
    return batches
  }

  /// The gradient by each score of the mean of -ln σ(f(better) - f(worse)) over all pairs that differ.
  package static func pairSlopes(_ scores: [Float], _ values: [Double]) -> [Float] {
    var slopes = [Float](repeating: 0, count: scores.count)
    var pairs = 0
    for better in scores.indices {
      for worse in scores.indices where values[better] > values[worse] {
        let slope = 1 / (1 + exp(scores[better] - scores[worse]))
        slopes[better] -= slope
        slopes[worse] += slope
        pairs += 1
      }
    }
    return pairs == 0 ? slopes : slopes.map { $0 / Float(pairs) }
  }

  private func validate() throws {
    for (setting, value, allowed) in [
      ("filters", filters, 1...1_024), ("memory", memory, 1...1_024), ("datasetWidth", datasetWidth, 1...1_024),
      ("hidden", hidden, 1...1_024), ("epochs", epochs, 1...100_000), ("batchSize", batchSize, 2...4_096),
      ("members", members, 1...NetworkEnsemble<CurveRankerShape>.most),
    ] where !allowed.contains(value) {
      throw SurrogatesError.badSetting(
        predictor: name, setting: setting, found: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
    for (setting, value, most) in [
      ("learningRate", learningRate, 1 as Float), ("reconstruction", reconstruction, 1_000),
    ]
    where !(value >= 0 && value <= most) {
      throw SurrogatesError.badSetting(
        predictor: name, setting: setting, found: "\(value)", allowed: "0 to \(most)")
    }
  }
}
