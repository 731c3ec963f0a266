import Nets
import Records
import Testing

/// The sequence auto-encoder as a whole: against PyTorch in double precision, against central differences, and row by row.
@Suite struct AutoencoderTests {
  private func shape(_ golden: LayerCase) -> AutoencoderShape {
    AutoencoderShape(
      tokens: golden.config.classes!, positions: golden.config.steps!, width: golden.config.width!,
      valueWidth: golden.config.hidden, dropout: 0)
  }

  @Test(arguments: LayerCase.of("autoencoder"), LayerSetting.all)
  func autoencoder(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let bench = LayerBench(golden, setting)
    let shape = shape(golden)
    let network = SequenceAutoencoder(
      shape, capacity: bench.count + setting.spareRows, instructionSet: setting.instructionSet)
    #expect(network.weights.count == shape.weightCount)
    for tensor in network.parameters.tensors {
      let values = try golden.fill(tensor.name)
      network.parameters.fill(tensor) { values[$0] }
    }
    let tokens = try #require(golden.codes?["input.tokens"]).values
    let targets = shape.valueWidth == nil ? [] : try golden.fill("input.target")
    let hasValue = shape.valueWidth != nil
    let step = SequenceAutoencoder.Step(
      count: bench.count, share: 1 / Float(bench.count), reconstruction: hasValue ? 0.2 : 1,
      error: hasValue ? 0.8 : 0, key: 1)
    let loss = network.gradients(
      step, token: { Int32(tokens[$0 * shape.positions + $1]) }, target: { targets[$0] })
    try bench.expectOutput([Float(loss)])
    try bench.expectOutput(
      (0..<bench.count * shape.width).map { network.embedding(row: $0 / shape.width, channel: $0 % shape.width) },
      "embedding")
    if hasValue { try bench.expectOutput((0..<bench.count).map { network.value(row: $0) }, "value") }
    #expect(Set(network.parameters.tensors.map(\.name)) == Set(golden.gradients.keys))
    for tensor in network.parameters.tensors {
      try bench.expectGradient(network.parameters.readGradient(tensor), tensor.name)
    }
  }

  private static let small = AutoencoderShape(tokens: 6, positions: 5, width: 7, valueWidth: 4, dropout: 0.3)

  private static func network(_ set: InstructionSet, capacity: Int = 20) -> SequenceAutoencoder {
    let network = SequenceAutoencoder(small, capacity: capacity, instructionSet: set)
    network.initialise(from: SeededGenerator(seed: 3))
    return network
  }

  private static func token(_ row: Int, _ position: Int) -> Int32 {
    Int32(GoldenFill.unit("tokens", row * 5 + position) * 6)
  }

  /// With dropout, whose masks follow from the key, so that the loss is a function of the parameters.
  @Test(arguments: LayerSetting.instructionSets)
  func gradientsAreSlopes(_ set: InstructionSet) {
    let network = Self.network(set)
    let parameters = network.parameters
    let step = SequenceAutoencoder.Step(count: 19, share: 1 / 19, reconstruction: 0.5, error: 0.7, key: 11)
    func value() -> Double {
      network.gradients(step, token: Self.token, target: { GoldenFill.unit("targets", $0) })
    }
    _ = value()
    let gradients = parameters.tensors.map(parameters.readGradient)
    for (tensor, gradient) in zip(parameters.tensors, gradients) {
      let room = Double(gradient.map(abs).max() ?? 0)
      for element in stride(from: 0, to: tensor.count, by: max(1, (tensor.count + 9) / 10)) {
        let place = tensor.place(of: element)
        let held = parameters.values[place]
        var slope = 0.0
        var fits = false
        // A second, shorter step: the first may cross the kink of a ReLU.
        for step: Float in [4e-3, 5e-4] where !fits {
          parameters.values[place] = held + step
          let up = value()
          parameters.values[place] = held - step
          slope = (up - value()) / (2 * Double(step))
          parameters.values[place] = held
          fits = abs(Double(gradient[element]) - slope) <= 2e-2 * max(abs(slope), room) + 1e-4
        }
        #expect(fits, "\(tensor.name)[\(element)]: \(gradient[element]), central difference \(slope)")
      }
    }
  }

  /// A row's embedding and value have the same bits alone and in any batch, on both instruction sets.
  @Test func rowsDoNotMeet() {
    let networks = LayerSetting.instructionSets.map { Self.network($0, capacity: 40) }
    func bits(_ network: SequenceAutoencoder, _ row: Int) -> [UInt32] {
      [network.value(row: row).bitPattern]
        + (0..<Self.small.width).map { network.embedding(row: row, channel: $0).bitPattern }
    }
    networks[0].encode(40, Self.token)
    let expected = (0..<40).map { bits(networks[0], $0) }
    #expect(Set(expected).count > 1)
    for network in networks {
      network.encode(40, Self.token)
      #expect((0..<40).map { bits(network, $0) } == expected)
      for row in 0..<40 {
        network.encode(1) { Self.token(row, $1) }
        #expect(bits(network, 0) == expected[row])
      }
    }
  }

  @Test func masksFollowTheKey() {
    let network = Self.network(LayerSetting.instructionSets[0])
    func value(_ key: UInt64?) -> Float {
      network.encode(3, dropoutKey: key, Self.token)
      return network.value(row: 0)
    }
    let (plain, first) = (value(nil), value(1))
    #expect(first != plain && value(2) != first && value(1) == first && value(nil) == plain)
  }

  @Test func weightsGoOutAndIn() {
    let network = Self.network(LayerSetting.instructionSets[0])
    let other = SequenceAutoencoder(Self.small, capacity: 16, instructionSet: .avx2)
    other.weights = network.weights
    #expect(other.weights == network.weights && network.weights.count == Self.small.weightCount)
  }
}
