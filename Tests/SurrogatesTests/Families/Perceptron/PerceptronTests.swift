import Nets
import Records
import Surrogates
import TestSupport
import Testing

@Suite struct PerceptronTests {
  private struct Golden: Decodable {
    let inputs: Int
    let width: Int
    let rows: Int
    let batches: [[Int]]
    let losses: [Double]
    let outputs: [Double]
    let outputWeights: [Double]
  }

  /// Six steps as PyTorch takes them, whichever lanes the rows stand in.
  @Test(arguments: InstructionSet.ofThisMachine)
  func stepsAreThoseOfPyTorch(_ instructionSet: InstructionSet) throws {
    let golden = try golden(Golden.self, "perceptron.json")
    let network = PerceptronNetwork(
      inputs: golden.inputs, hiddenLayers: 2, width: golden.width, rows: 4, instructionSet: instructionSet)
    for tensor in network.parameters.tensors {
      let scale = tensor.shape.count == 1 ? 0.1 : 1 / Float(tensor.shape[1]).squareRoot()
      let values = goldenFill(tensor.name, tensor.count, scale: scale)
      network.parameters.fill(tensor) { values[$0] }
    }
    let table = goldenFill("table", golden.rows * golden.inputs, scale: 2)
    let targets = goldenFill("targets", golden.rows, scale: 3, offset: 1)
    var settings = PerceptronSettings()
    settings.learningRate = 0.01
    let optimizer = network.optimizer(settings.adam)
    for (batch, loss) in zip(golden.batches, golden.losses) {
      let outputs = network.outputs(table, count: golden.rows, tile: 4)
      let error = batch.reduce(0) { $0 + abs(Double(outputs[$1] - targets[$1])) } / Double(batch.count)
      let weights = try #require(network.parameters.tensor(named: "out.weight"))
      let penalty = 0.2 * network.parameters.read(weights).reduce(0) { $0 + abs(Double($1)) }
      #expect(abs(error + penalty - loss) < 1e-5 * loss, "\(error + penalty), not \(loss)")
      network.step(table, batch[...], targets, settings, optimizer)
    }
    for (our, their) in zip(network.outputs(table, count: golden.rows, tile: 4), golden.outputs) {
      #expect(abs(Double(our) - their) < 1e-5)
    }
    let weights = try #require(network.parameters.tensor(named: "out.weight"))
    for (our, their) in zip(network.parameters.read(weights), golden.outputWeights) {
      #expect(abs(Double(our) - their) < 1e-5)
    }
  }

  @Test(arguments: [PerceptronMethod.mlp, .bananas])
  func keepsThePromisesOfPredictors(_ method: PerceptronMethod) throws {
    var method = method
    method.settings.hiddenLayers = 3
    method.settings.epochs = 60
    method.settings.learningRate = 0.01
    #expect(checkPredictor(method, on: try cellSample(method.encodings, count: 160)) == [])
  }

  @Test func membersDisagreeAndOneDoesNot() throws {
    let sample = try cellSample([.presentPaths], count: 60)
    var method = PerceptronMethod.bananas
    method.settings.epochs = 20
    let three = try method.fit(sample, seed: 1).predict(sample.features)
    #expect(three.allSatisfy { $0.epistemic > 0 })
    method.members = 1
    let one = try method.fit(sample, seed: 1).predict(sample.features)
    #expect(one.allSatisfy { $0.epistemic == 0 && $0.aleatoric > 0 })
  }

  /// The penalty on the output layer is one for percentages, so a fraction is learnt as one.
  @Test func fractionsAreLearntAsPercentages() throws {
    let sample = try cellSample([.slots], count: 60)
    var method = PerceptronMethod.mlp
    method.settings.epochs = 20
    let fractions = try method.fit(sample, seed: 1).predict(sample.features)
    let percentages = try method.fit(sample.replacing(sample.values.map { $0 * 100 }), seed: 1)
      .predict(sample.features)
    for (fraction, percentage) in zip(fractions, percentages) {
      #expect(abs(fraction.mean * 100 - percentage.mean) < 1e-9)
    }
  }

  @Test func settingsOutOfRange() throws {
    let sample = try cellSample([.slots], count: 10)
    for (setting, change) in [
      ("hiddenLayers", { $0.settings.hiddenLayers = 0 }), ("width", { $0.settings.width = 0 }),
      ("epochs", { $0.settings.epochs = 0 }), ("batchSize", { $0.settings.batchSize = -1 }),
      ("learningRate", { $0.settings.learningRate = .nan }), ("beta1", { $0.settings.beta1 = 1 }),
      ("beta2", { $0.settings.beta2 = -1 }), ("outputPenalty", { $0.settings.outputPenalty = -1 }),
      ("members", { $0.members = 0 }),
    ] as [(String, (inout PerceptronMethod) -> Void)] {
      var method = PerceptronMethod.mlp
      change(&method)
      let error = #expect(throws: SurrogatesError.self) { try method.fit(sample, seed: 1) }
      guard case .badSetting(_, setting, _, _)? = error else {
        Issue.record("\(setting): \(String(describing: error))")
        continue
      }
    }
  }
}
