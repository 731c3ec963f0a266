import Foundation
import Nets
import Testing

/// The two ends of a network and the loss, against PyTorch in double precision.
///
/// The numeric features are data: nothing is trained in front of them, so the stem computes no gradient for them.
@Suite struct StemHeadGoldenTests {
  /// A stem, its batch, and what comes in and goes out.
  private func run(
    _ bench: LayerBench, _ shape: NetworkBlueprint.Stem, numeric: [Float] = [], lengths: [Int]? = nil,
    upstream: Bool = true, prepare: (LayerBench, Stem) throws -> Void = { _, _ in }
  ) throws -> (stem: Stem, output: [Float]) {
    let golden = bench.golden
    let stem = Stem(bench.context, shape: shape)
    try bench.begin()
    try prepare(bench, stem)
    let batch = GoldenBatch(
      prefix: "", lengths: lengths ?? Array(repeating: bench.positions, count: bench.count),
      positions: bench.positions, rows: shape.tableRows, features: 0, classes: 1)
    batch.numeric = numeric
    if let times = golden.times?["input.times"] { batch.times = times.values.map(Float.init) }
    for (name, codes) in golden.codes ?? [:] {
      let feature = Int(name.split(separator: ".").last!)!
      for (event, code) in codes.values.enumerated() {
        #expect(Int(batch.categorical[event * shape.tableRows.count + feature]) == code, "the fill of \(name)")
      }
    }
    let x = bench.sequences(nil, width: shape.channels)
    batch.withBatch { rows, _ in stem.forward(rows, into: x) }
    let output = bench.readSequences(x, width: shape.channels)
    if upstream {
      stem.backward(try bench.sequences(golden.fill("upstream"), width: shape.channels, gradient: true))
    }
    return (stem, output)
  }

  @Test(arguments: LayerCase.of("embedding"), LayerSetting.all)
  func embedding(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let bench = LayerBench(golden, setting)
    let shape = NetworkBlueprint.Stem(
      tableRows: golden.config.rows!.values, tableWidths: [golden.config.width!], numericCount: 0, numericWidth: 0,
      kernelSize: 1, dropout: 0, timeEncoding: false)
    try bench.expectOutput(run(bench, shape).output)
    try bench.expectParameterGradients(inputs: [])
  }

  /// A convolution with one tap of weight 1 hands the normalised numbers through.
  @Test(arguments: LayerCase.of("batchnorm"), LayerSetting.all)
  func batchNormalisation(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let features = golden.config.features!
    let training = golden.config.training!
    let bench = LayerBench(golden, setting)
    let shape = NetworkBlueprint.Stem(
      tableRows: [], tableWidths: [], numericCount: features, numericWidth: 1, kernelSize: 1, dropout: 0,
      timeEncoding: false)
    let (stem, output) = try run(
      bench, shape, numeric: golden.fill("input.numeric"), lengths: golden.config.lengths!
    ) { bench, stem in
      try bench.set("stem.conv.weight", Array(repeating: 1, count: features))
      guard !training else { return }
      try stem.runningMean.update(from: golden.fill("running_mean"), count: features)
      try stem.runningVariance.update(from: golden.fill("running_variance"), count: features)
    }
    try bench.expectOutput(output)
    if training {
      try bench.expectOutput((0..<features).map { stem.runningMean[$0] }, "running_mean")
      try bench.expectOutput((0..<features).map { stem.runningVariance[$0] }, "running_variance")
    }
    try bench.expectParameterGradients(inputs: ["input.numeric"])
  }

  /// A norm with running statistics of 0 and 1 hands the numbers through.
  @Test(arguments: LayerCase.of("groupedconvolution"), LayerSetting.all)
  func groupedConvolution(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let bench = LayerBench(golden, setting)
    bench.context.training = false
    let features = golden.config.features!
    let shape = NetworkBlueprint.Stem(
      tableRows: [], tableWidths: [], numericCount: features, numericWidth: golden.config.numericEmbedding!,
      kernelSize: golden.config.kernel!, dropout: 0, timeEncoding: false)
    let (_, output) = try run(bench, shape, numeric: golden.fill("input")) { bench, stem in
      try bench.set("stem.norm.weight", Array(repeating: 1, count: features))
      stem.runningVariance.update(repeating: 1 - 1e-5, count: features)
    }
    try bench.expectOutput(output)
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("timeencoding"), LayerSetting.all)
  func timeEncoding(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let bench = LayerBench(golden, setting)
    let shape = NetworkBlueprint.Stem(
      tableRows: [1], tableWidths: [golden.config.width!], numericCount: 0, numericWidth: 0, kernelSize: 1, dropout: 0,
      timeEncoding: true)
    try bench.expectOutput(run(bench, shape, lengths: golden.config.lengths!, upstream: false).output)
  }

  @Test(arguments: LayerCase.of("stem"), LayerSetting.all)
  func wholeStem(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let config = golden.config
    let bench = LayerBench(golden, setting)
    let rows = config.rows!.values
    let shape = NetworkBlueprint.Stem(
      tableRows: rows, tableWidths: rows.map { _ in config.embedding! }, numericCount: config.features!,
      numericWidth: config.numericEmbedding!, kernelSize: config.kernel!, dropout: 0, timeEncoding: false)
    let (_, output) = try run(bench, shape, numeric: golden.fill("input.numeric"), lengths: config.lengths!)
    try bench.expectOutput(output)
    try bench.expectParameterGradients(inputs: ["input.numeric"])
  }

  @Test(arguments: LayerCase.of("head"), LayerSetting.all)
  func head(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (width, classes, positions) = (golden.config.width!, golden.config.classes!, golden.config.steps!)
    for decodes in [false, true] {
      let bench = LayerBench(golden, setting)
      let lanes = decodes ? positions * padded(bench.count + setting.spareRows) : bench.context.stride
      let head = Head(
        bench.context, channels: width, classes: classes, pooling: LayerCase.pooling(golden.config.kind!),
        spatialDropout: 0, lanes: lanes)
      try bench.begin()
      let logits = bench.tokens(nil, queries: 1, width: classes)
      let upstream = try bench.tokens(golden.fill("upstream"), queries: 1, width: classes, gradient: true)
      let inputGradient: [Float]
      if decodes {
        let x = try bench.tokens(golden.fill("input"), queries: positions, width: width)
        let dx = bench.tokens(nil, queries: positions, width: width)
        head.forward(tokens: x, queries: positions, into: logits)
        head.backward(tokens: x, queries: positions, upstream, into: dx)
        inputGradient = bench.readTokens(dx, queries: positions, width: width)
      } else {
        let x = try bench.sequences(golden.fill("input"), width: width)
        let dx = bench.sequences(nil, width: width)
        head.forward(sequences: x, into: logits)
        head.backward(sequences: x, upstream, into: dx)
        inputGradient = bench.readSequences(dx, width: width)
      }
      try bench.expectOutput(bench.readTokens(logits, queries: 1, width: classes))
      try bench.expectGradient(inputGradient, "input")
      try bench.expectParameterGradients(inputs: ["input"])
    }
  }

  /// The head's Mish and linear layer are undone: Mish rises on [1, 3], where the case's numbers plus 2 lie, and the
  /// linear layer is the identity.
  @Test(arguments: LayerCase.of("pooling"), LayerSetting.all)
  func pooling(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (width, shift) = (golden.config.width!, 2.0)
    let bench = LayerBench(golden, setting)
    let head = Head(
      bench.context, channels: width, classes: width, pooling: LayerCase.pooling(golden.config.kind!),
      spatialDropout: 0, lanes: bench.context.stride)
    try bench.begin()
    try bench.set("head.linear.weight", (0..<width * width).map { $0 % (width + 1) == 0 ? 1 : 0 })
    let beforeMish = try golden.fill("input").map { Mish.inverse(Double($0) + shift) }
    let x = bench.sequences(beforeMish.map { Float($0) }, width: width)
    let logits = bench.tokens(nil, queries: 1, width: width)
    head.forward(sequences: x, into: logits)
    try bench.expectOutput(bench.readTokens(logits, queries: 1, width: width).map { $0 - Float(shift) })
    let upstream = try bench.tokens(golden.fill("upstream"), queries: 1, width: width, gradient: true)
    let dx = bench.sequences(nil, width: width)
    head.backward(sequences: x, upstream, into: dx)
    let gradient = zip(bench.readSequences(dx, width: width), beforeMish).map { $0 / Float(Mish.slope($1)) }
    try bench.expectGradient(gradient, "input")
  }

  @Test(arguments: LayerCase.of("crossentropy", "distillation"), LayerSetting.all)
  func loss(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let classes = golden.config.classes!
    let bench = LayerBench(golden, setting)
    try bench.begin()
    let labels = try #require(golden.codes?["input.labels"]).values.map(Int32.init)
    let logits = try bench.tokens(golden.fill("input"), queries: 1, width: classes)
    let gradient = bench.tokens(nil, queries: 1, width: classes)
    let teachers = try (golden.config.missing ?? []).enumerated().map { index, missing in
      let values = UnsafeMutablePointer<Float>.allocate(capacity: bench.count * classes)
      try values.update(from: golden.fill("teacher.\(index)"), count: bench.count * classes)
      for row in missing { (values + row * classes).update(repeating: .nan, count: classes) }
      return UnsafePointer(values)
    }
    defer { for teacher in teachers { teacher.deallocate() } }
    let value = ClassificationLoss(classWeights: golden.config.classWeights!).evaluate(
      logits: logits, lanes: bench.lanes, rows: bench.count, classes: classes, labels: labels, teachers: teachers,
      gradient: gradient)
    try bench.expectOutput([value])
    try bench.expectGradient(bench.readTokens(gradient, queries: 1, width: classes), "input")
    for lane in bench.count..<bench.lanes {
      for index in 0..<classes { #expect(gradient[index * bench.lanes + lane] == 0) }
    }
  }
}

/// Mish in double precision.
enum Mish {
  static func value(_ x: Double) -> Double { x * tanh(log1p(exp(x))) }

  static func slope(_ x: Double) -> Double {
    let gate = tanh(log1p(exp(x)))
    return gate + x * (1 - gate * gate) / (1 + exp(-x))
  }

  /// The x ≥ 0 with Mish(x) = y, by Newton's method.
  static func inverse(_ y: Double) -> Double {
    (0..<30).reduce(y) { x, _ in x - (value(x) - y) / slope(x) }
  }
}
