import Nets
import Testing

/// Logits and all gradients of whole networks, against PyTorch in double precision.
@Suite struct NetworkGoldenTests {
  private func blueprint(_ config: LayerCase.Config) -> NetworkBlueprint {
    let rows = config.rows!.values
    return NetworkBlueprint(
      stem: .init(
        tableRows: rows, tableWidths: rows.map { _ in config.embedding! }, numericCount: config.features!,
        numericWidth: config.numericEmbedding!, kernelSize: config.kernel!, dropout: 0, timeEncoding: config.time!),
      encoder: config.encoder!.map { layer in
        layer.operations!.map { LayerCase.part($0, heads: layer.heads!) }
      }, decoder: config.decoder!.map { .init(selfHeads: $0.selfHeads!, crossHeads: $0.crossHeads!) },
      queries: config.classes!, dropout: 0, spatialDropout: 0, pooling: LayerCase.pooling(config.pooling!),
      positions: config.steps!, hidden: config.hidden!, classes: config.classes!)
  }

  @Test(arguments: LayerCase.of("network"), LayerSetting.all)
  func network(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let config = golden.config
    let bench = LayerBench(golden, setting)
    let network = SequenceNetwork(
      blueprint(config), batchSize: config.batch + setting.spareRows, instructionSet: setting.instructionSet)
    GoldenFill.fill(network)
    let batch = GoldenBatch(
      prefix: "", lengths: config.lengths!, positions: config.steps!, rows: config.rows!.values,
      features: config.features!, classes: config.classes!)
    #expect(batch.times == golden.times!["input.times"]!.values.map(Float.init))
    let upstream = try golden.fill("upstream")
    batch.withBatch { rows, _ in
      network.forward(rows, training: true)
      for row in 0..<config.batch {
        for index in 0..<config.classes! {
          network.logitGradient[index * padded(config.batch) + row] = upstream[row * config.classes! + index]
        }
      }
      network.backward()
    }
    try bench.expectOutput(
      (0..<config.batch).flatMap { row in (0..<config.classes!).map { network.logit(row: row, class: $0) } })
    #expect(Set(network.parameters.tensors.map(\.name)) == Set(golden.gradients.keys), "\(golden.name)")
    for tensor in network.parameters.tensors {
      try bench.expectGradient(network.parameters.readGradient(tensor), tensor.name)
    }
  }

  /// Every golden case is read by one of the suites.
  @Test func everyLayerIsCovered() {
    let covered: Set = [
      "linear", "layernorm", "mish", "convolution", "gru", "selfattention", "feedforward", "encoderlayer",
      "crossattention", "decoderlayer", "embedding", "batchnorm", "groupedconvolution", "timeencoding", "stem", "head",
      "pooling", "crossentropy", "distillation", "network", "tokenembedding", "lstm", "bilstm", "steplinear",
      "stepnormalisation", "stepattention", "tokenloss", "autoencoder",
    ]
    #expect(Set(LayerCase.all.map(\.layer)) == covered)
    #expect(LayerCase.all.count == 72)
  }
}
