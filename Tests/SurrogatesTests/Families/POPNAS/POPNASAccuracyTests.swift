import Foundation
import Nets
import Records
import Spaces
import Surrogates
import TestSupport
import Testing

@Suite struct POPNASAccuracyTests {
  /// The cells of the bridge with a smooth value and a little noise, shuffled.
  private func bridgeSample(count: Int, seed: UInt64 = 3) throws -> TrainingSet {
    let space = NASBench201Space()
    var generator = SeededGenerator(seed: seed)
    var cells = TwoBlockCell.allCells
    generator.shuffle(&cells)
    let texts = cells.prefix(count).map { space.canonicalText($0.cell) }
    let values = try texts.map { text in
      let summary = space.livePathSummary(of: try space.parse(text))
      return 0.9 - 0.4 * exp(-0.5 * summary[4] - 0.2 * summary[6]) + 0.01 * (generator.uniform() - 0.5)
    }
    let encoder = try ArchitectureEncoder(space.byText, [.named("popnas-blocks")])
    return try TrainingSet(encoder.features(of: texts), values)
  }

  private var small: POPNASAccuracy {
    var method = POPNASAccuracy()
    method.cells = 8
    method.epochs = 12
    method.members = 3
    return method
  }

  @Test func keepsThePromisesOfPredictors() throws {
    #expect(checkPredictor(small, on: try bridgeSample(count: 120), flips: 20) == [])
  }

  /// Gradients of a network of two blocks by central differences, every tensor.
  @Test(arguments: InstructionSet.ofThisMachine)
  func gradients(_ instructionSet: InstructionSet) throws {
    let shape = BlockNetworkShape(blocks: 2, inputTokens: 4, operationTokens: 6, embedding: 3, filters: 5, cells: 4)
    let network = BlockNetwork(shape, rows: 3, instructionSet: instructionSet)
    for tensor in network.parameters.tensors {
      let values = goldenFill(tensor.name, tensor.count, scale: 0.8)
      network.parameters.fill(tensor) { values[$0] }
    }
    let cells: [[Int32]] = [[1, 2, 1, 3, 1, 4, 2, 5], [1, 5, 1, 2, 0, 0, 0, 0], [1, 1, 1, 1, 2, 3, 1, 3]]
    let upstream: [Float] = [1, -2, 0.5]
    func total() -> Double {
      let scores = network.forward(cells.map { $0[...] })
      return upstream.indices.reduce(0) { $0 + Double(upstream[$1] * scores[$1]) }
    }
    _ = total()
    network.backward { upstream[$0] }
    let found = network.parameters.tensors.map { network.parameters.readGradient($0) }
    for (tensor, gradient) in zip(network.parameters.tensors, found) {
      let values = network.parameters.read(tensor)
      for index in stride(from: 0, to: tensor.count, by: max(1, tensor.count / 12)) {
        let step: Float = 4e-3
        func at(_ value: Float) -> Double {
          network.parameters.fill(tensor) { $0 == index ? value : values[$0] }
          return total()
        }
        let expected = (at(values[index] + step) - at(values[index] - step)) / Double(2 * step)
        network.parameters.fill(tensor) { values[$0] }
        #expect(
          abs(Double(gradient[index]) - expected) < 2e-3 + 0.02 * abs(expected),
          "\(tensor.name)[\(index)]: \(gradient[index]), not \(expected)")
      }
    }
  }

  @Test func beginsAsKerasDoes() throws {
    let shape = BlockNetworkShape(blocks: 2, inputTokens: 4, operationTokens: 6, embedding: 3, filters: 5, cells: 4)
    let network = BlockNetwork(shape, rows: 1, instructionSet: try #require(InstructionSet.ofThisMachine.last))
    network.initialise(from: SeededGenerator(seed: 1))
    let states = network.parameters.read(try #require(network.parameters.tensor(named: "rnn.weight_hh")))
    for one in 0..<4 {
      for two in 0...one {
        let dot = (0..<16).reduce(0) { $0 + Double(states[$1 * 4 + one] * states[$1 * 4 + two]) }
        #expect(abs(dot - (one == two ? 1 : 0)) < 1e-5)
      }
    }
    let bias = network.parameters.read(try #require(network.parameters.tensor(named: "rnn.bias_ih")))
    #expect(bias == [Float](repeating: 0, count: 4) + [1, 1, 1, 1] + [Float](repeating: 0, count: 8))
  }

  @Test func ranksCellsThatItHasNotSeen() throws {
    let sample = try bridgeSample(count: 271)
    let predictor = try POPNASAccuracy().fit(sample.rows(Array(0..<80)), seed: 5)
    let unseen = try sample.rows(Array(80..<271))
    let means = try predictor.predict(unseen.features).map(\.mean)
    var agreeing = 0
    var pairs = 0
    for one in means.indices {
      for two in 0..<one {
        pairs += 1
        if (means[one] - means[two]) * (unseen.values[one] - unseen.values[two]) > 0 { agreeing += 1 }
      }
    }
    #expect(Double(agreeing) > 0.8 * Double(pairs), "\(agreeing) of \(pairs)")
  }

  @Test func whatIsNotBlocksIsRefused() throws {
    let predictor = try small.fit(bridgeSample(count: 30), seed: 1)
    for row in [[Double](repeating: .nan, count: 8), [1, 99, 1, 1, 0, 0, 0, 0], [1, 1.5, 1, 1, 0, 0, 0, 0]] {
      #expect(throws: SurrogatesError.self) { try predictor.predict(FeatureMatrix("popnas-blocks", rows: [row])) }
    }
    #expect(throws: SurrogatesError.self) {
      try small.fit(TrainingSet(FeatureMatrix("popnas-blocks", rows: [[1, 2, 3]]), [1]), seed: 1)
    }
    var method = small
    method.patience = 0
    #expect(throws: SurrogatesError.self) { try method.fit(bridgeSample(count: 30), seed: 1) }
  }

  /// Two blocks that both read the cell before can stand in either order; the second here reads the first.
  @Test func ordersOfBlocksThatNoBlockReads() throws {
    let rows: [[Double]] = [[1, 2, 1, 3, 1, 4, 1, 4], [1, 2, 1, 3, 1, 4, 2, 4], [1, 2, 1, 3, 0, 0, 0, 0]]
    let table = try BlockTable(FeatureMatrix("popnas-blocks", rows: rows), inputTokens: 16, operationTokens: 32)
    #expect(table.equivalents(of: 0, lookbacks: 1) == [[1, 2, 1, 3, 1, 4, 1, 4], [1, 4, 1, 4, 1, 2, 1, 3]])
    #expect(table.equivalents(of: 1, lookbacks: 1) == [[1, 2, 1, 3, 1, 4, 2, 4]])
    #expect(table.equivalents(of: 2, lookbacks: 1) == [[1, 2, 1, 3, 0, 0, 0, 0]])
  }
}
