import Nets
import Testing

/// Outputs and gradients of the decoder's layers, against PyTorch in double precision.
@Suite struct DecoderGoldenTests {
  @Test(arguments: LayerCase.of("crossattention"), LayerSetting.all)
  func crossAttention(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (width, queries) = (golden.config.width!, golden.config.queryLength!)
    let bench = LayerBench(golden, setting)
    let layer = CrossAttention(
      bench.context, "crossattention", channels: width, hidden: golden.config.hidden!, heads: golden.config.heads!,
      queries: queries)
    try bench.begin()
    let size = width * bench.context.stride
    let x = try bench.tokens(golden.fill("input"), queries: queries, width: width)
    let memory = try bench.sequences(golden.fill("memory"), width: width)
    let y = bench.tokens(nil, queries: queries, width: width)
    layer.forward(x, memory: { memory + $0 * size }, into: y, lanes: bench.lanes)
    try bench.expectOutput(bench.readTokens(y, queries: queries, width: width))
    let gradient = try bench.tokens(golden.fill("upstream"), queries: queries, width: width, gradient: true)
    let memoryGradient = bench.sequences(nil, width: width)
    layer.backward(
      x, gradient, memory: { memory + $0 * size },
      memoryGradient: { (memoryGradient + $0 * size).update(from: $1, count: size) },
      gradientRoom: bench.context.arena.floats(size), into: gradient, lanes: bench.lanes)
    try bench.expectGradient(bench.readTokens(gradient, queries: queries, width: width), "input")
    try bench.expectGradient(bench.readSequences(memoryGradient, width: width), "memory")
    try bench.expectParameterGradients(inputs: ["input", "memory"])
  }

  /// The attention among the decoder's queries computes what the attention among positions does.
  @Test(arguments: LayerCase.of("selfattention"), LayerSetting.all)
  func queryAttention(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (width, queries) = (golden.config.width!, golden.config.steps!)
    let bench = LayerBench(golden, setting)
    let layer = QueryAttention(
      bench.context, "attention", channels: width, hidden: golden.config.hidden!, heads: golden.config.heads!,
      queries: queries)
    try bench.begin()
    let x = try bench.tokens(golden.fill("input"), queries: queries, width: width)
    let y = bench.tokens(nil, queries: queries, width: width)
    layer.forward(x, into: y, lanes: bench.lanes)
    try bench.expectOutput(bench.readTokens(y, queries: queries, width: width))
    let gradient = try bench.tokens(golden.fill("upstream"), queries: queries, width: width, gradient: true)
    layer.backward(x, gradient, into: gradient, lanes: bench.lanes)
    try bench.expectGradient(bench.readTokens(gradient, queries: queries, width: width), "input")
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("decoderlayer"), LayerSetting.all)
  func decoderLayer(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (width, queries) = (golden.config.width!, golden.config.queryLength!)
    let bench = LayerBench(golden, setting)
    let shape = NetworkBlueprint.DecoderLayer(
      selfHeads: golden.config.selfHeads!, crossHeads: golden.config.crossHeads!)
    let layer = DecoderLayer(
      bench.context, "decoder.0", shape: shape, channels: width, hidden: golden.config.hidden!, queries: queries,
      dropout: 0)
    try bench.begin()
    let x = try bench.tokens(golden.fill("input"), queries: queries, width: width)
    let memory = try bench.sequences(golden.fill("memory"), width: width)
    layer.forward(x, encoded: memory, lanes: bench.lanes)
    try bench.expectOutput(bench.readTokens(x, queries: queries, width: width))
    let gradient = try bench.tokens(golden.fill("upstream"), queries: queries, width: width, gradient: true)
    let memoryGradient = bench.sequences(nil, width: width, gradient: true)
    layer.backward(gradient, encoded: memory, encodedGradient: memoryGradient, lanes: bench.lanes)
    try bench.expectGradient(bench.readTokens(gradient, queries: queries, width: width), "input")
    try bench.expectGradient(bench.readSequences(memoryGradient, width: width), "memory")
    try bench.expectParameterGradients(inputs: ["input", "memory"])
  }
}
