import Foundation
import Nets
import Records
import Surrogates
import TestSupport
import Testing

@Suite struct LCRankNetTests {
  /// Runs of `datasets` whose curves rise to what the number of a token says, at another level on every data set.
  private func sample(
    count: Int, datasets: [String], direction: CurveSet.Direction = .largerIsBetter, seed: UInt64 = 5
  ) throws -> CurveTrainingSet {
    var generator = SeededGenerator(seed: seed)
    var curves: [[Double]] = []
    var rows: [[Double]] = []
    var labels: [String] = []
    for index in 0..<count {
      let tokens = (0..<4).map { _ in Double(generator.integer(below: 5)) }
      let quality = tokens.reduce(0, +) / 16 * 0.2 + 0.2 * generator.uniform()
      let level = datasets[index % datasets.count].hasSuffix("hard") ? 0.3 : 0.5
      let rate = 0.4 + 0.8 * generator.uniform()
      curves.append(
        (1...30).map { epoch in
          let accuracy = level + quality - 0.3 * pow(Double(epoch), -rate) + 0.01 * (generator.uniform() - 0.5)
          return direction == .largerIsBetter ? accuracy : 1 - accuracy
        })
      rows.append(tokens)
      labels.append(datasets[index % datasets.count])
    }
    return try CurveTrainingSet(
      CurveSet(curves, direction, features: FeatureMatrix("sequence", rows: rows), datasets: labels),
      observedEpochs: 6)
  }

  private var small: LCRankNet {
    var method = LCRankNet()
    method.filters = 6
    method.memory = 6
    method.hidden = 12
    method.epochs = 25
    method.learningRate = 0.01
    method.members = 2
    return method
  }

  /// Members agree more on runs like those learnt from than on curves from nowhere; one alone has nobody to disagree
  /// with; scores begin at the mean of the training runs.
  @Test func membersDisagree() throws {
    let training = try sample(count: 80, datasets: ["easy", "hard"])
    var method = small
    method.members = 4
    let together = try method.fit(training, seed: 3)
    let known = try together.predict(training.observed)
    #expect(known.allSatisfy { $0.epistemic > 0 && $0.aleatoric == 0 })
    #expect(abs(known.reduce(0) { $0 + $1.mean }) < 1e-3 * Double(known.count))
    let nowhere = try CurveSet(
      training.curves.curves.map { $0.map { 40 * $0 } }, features: training.curves.features,
      datasets: training.curves.datasets)
    let lost = try together.predict(nowhere.prefix(6))
    func spread(_ predictions: [Prediction]) -> Double { predictions.reduce(0) { $0 + $1.epistemic } }
    #expect(spread(lost) > 3 * spread(known))
    method.members = 1
    #expect(try method.fit(training, seed: 3).predict(training.observed).allSatisfy { $0.epistemic == 0 })
    method.members = 0
    #expect(throws: SurrogatesError.self) { try method.fit(training, seed: 3) }
  }

  @Test(arguments: CurveSet.Direction.allCases)
  func keepsThePromisesOfCurvePredictors(_ direction: CurveSet.Direction) throws {
    let sample = try sample(count: 80, datasets: ["easy", "hard"], direction: direction)
    #expect(checkCurvePredictor(small, on: sample) == [])
  }

  @Test func withoutArchitectures() throws {
    var method = small
    method.encodings = []
    #expect(checkCurvePredictor(method, on: try sample(count: 60, datasets: ["easy"])) == [])
  }

  /// A data set that was left out is ranked from curves and architectures of the others.
  @Test func ranksADataSetThatWasLeftOut() throws {
    let training = try sample(count: 160, datasets: ["easy", "other easy", "hard"])
    let unseen = try sample(count: 60, datasets: ["new"], seed: 8)
    let scores = try small.fit(training, seed: 2).predict(unseen.observed).map(\.mean)
    #expect(share(scores, unseen.values) > 0.8)
    // Fewer epochs say less than architectures and curves together.
    let last = unseen.observed.curves.map { $0[5] }
    #expect(share(scores, unseen.values) > share(last, unseen.values))
  }

  /// Gradients of the pairs and of the tokens written again by central differences, every tensor.
  @Test(arguments: InstructionSet.ofThisMachine)
  func gradients(_ instructionSet: InstructionSet) throws {
    let shape = CurveRankerShape(
      epochs: 7, positions: 3, tokens: 6, datasets: 2, filters: 3, memory: 4, datasetWidth: 2, hidden: 5)
    let network = CurveRankerNetwork(shape, rows: 3, instructionSet: instructionSet)
    for tensor in network.parameters.tensors {
      let values = goldenFill(tensor.name, tensor.count, scale: 0.7)
      network.parameters.fill(tensor) { values[$0] }
    }
    let curves = goldenFill("curves", 21, scale: 1)
    let tokens: [Int32] = [1, 2, 3, 4, 1, 5, 2, 2, 1]
    let runs = (0..<3).map { run in
      CurveRankerNetwork.Run(
        curve: curves[run * 7..<(run + 1) * 7], tokens: tokens[run * 3..<(run + 1) * 3],
        dataset: [0, 1, nil][run])
    }
    let values = [0.3, 0.9, 0.5]
    func pairs() -> Double {
      let scores = network.forward(runs)
      var loss = 0.0
      for (better, worse) in [(1, 0), (1, 2), (2, 0)] {
        loss += log(1 + exp(Double(scores[worse] - scores[better]))) / 3
      }
      return loss
    }
    let scores = network.forward(runs)
    network.backward(LCRankNet.pairSlopes((0..<3).map { scores[$0] }, values), reconstruction: 0)
    let found = network.parameters.tensors.map { network.parameters.readGradient($0) }
    for (tensor, gradient) in zip(network.parameters.tensors, found) {
      let values = network.parameters.read(tensor)
      for index in stride(from: 0, to: tensor.count, by: max(1, tensor.count / 10)) {
        let step: Float = 4e-3
        func at(_ value: Float) -> Double {
          network.parameters.fill(tensor) { $0 == index ? value : values[$0] }
          return pairs()
        }
        let expected = (at(values[index] + step) - at(values[index] - step)) / Double(2 * step)
        network.parameters.fill(tensor) { values[$0] }
        #expect(
          abs(Double(gradient[index]) - expected) < 1e-3 + 0.02 * abs(expected),
          "\(tensor.name)[\(index)]: \(gradient[index]), not \(expected)")
      }
    }
    // Writing the tokens again pulls at the writer and, through the state between them, at the reader.
    _ = network.forward(runs)
    network.backward([0, 0, 0], reconstruction: 1)
    for tensor in network.parameters.tensors {
      let moves = network.parameters.readGradient(tensor).contains { $0 != 0 }
      #expect(moves == (tensor.name.hasPrefix("reader.") || tensor.name.hasPrefix("writer.")), "\(tensor.name)")
    }
  }

  @Test func settingsAndRunsThatTeachNothing() throws {
    let sample = try sample(count: 20, datasets: ["easy"])
    var method = small
    method.batchSize = 1
    #expect(throws: SurrogatesError.self) { try method.fit(sample, seed: 1) }
    #expect(throws: SurrogatesError.self) { try small.fit(sample.rows([3]), seed: 1) }
    let alone = try sample.rows([0, 1])
    let apart = try CurveTrainingSet(
      CurveSet(alone.curves.curves, features: alone.curves.features, datasets: ["one", "two"]), observedEpochs: 6)
    #expect(throws: SurrogatesError.self) { try small.fit(apart, seed: 1) }
    #expect(throws: SurrogatesError.self) { try small.fit(sample, seed: 1).predict(sample.observed.curvesAlone) }
  }

  /// The share of pairs that stand in order.
  private func share(_ scores: [Double], _ values: [Double]) -> Double {
    var agreeing = 0
    var pairs = 0
    for one in values.indices {
      for two in 0..<one {
        pairs += 1
        if (scores[one] - scores[two]) * (values[one] - values[two]) > 0 { agreeing += 1 }
      }
    }
    return Double(agreeing) / Double(pairs)
  }
}
