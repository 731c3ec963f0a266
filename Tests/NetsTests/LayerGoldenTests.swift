import Nets
import Testing

/// Outputs and gradients of the layers that work on sequences and tokens, against PyTorch in double precision.
@Suite struct LayerGoldenTests {
  @Test(arguments: LayerCase.of("linear"), LayerSetting.all)
  func linear(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (inputs, outputs) = (golden.config.fanIn!, golden.config.fanOut!)
    let bench = LayerBench(golden, setting)
    let layer = Linear(bench.context, "linear", inputs: inputs, outputs: outputs)
    try bench.begin()
    let n = bench.lanes
    let x = try bench.tokens(golden.fill("input"), queries: 1, width: inputs)
    let y = bench.tokens(nil, queries: 1, width: outputs)
    layer.forward(n, x, n, into: y, n)
    try bench.expectOutput(bench.readTokens(y, queries: 1, width: outputs))
    let dy = try bench.tokens(golden.fill("upstream"), queries: 1, width: outputs, gradient: true)
    let dx = bench.tokens(nil, queries: 1, width: inputs)
    let rows = bench.context.arena.floats(n * padded(inputs))
    bench.context.kernels.transpose(inputs, n, x, n, rows, padded(inputs))
    layer.backwardWeight(n, dy, n, rows: rows)
    layer.backwardInput(n, dy, n, into: dx, n)
    bench.context.withPartials(layer.sums) { bench.context.kernels.addRowSums(outputs, n, dy, n, $0) }
    try bench.expectGradient(bench.readTokens(dx, queries: 1, width: inputs), "input")
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("layernorm"), LayerSetting.all)
  func layerNormalisation(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let width = golden.config.width!
    let bench = LayerBench(golden, setting)
    let n = bench.context.stride
    let layer = LayerNormalisation(bench.context, "norm", channels: width, groups: bench.count, n: n)
    try bench.begin()
    let x = try bench.sequences(golden.fill("input"), width: width)
    let y = bench.sequences(nil, width: width)
    let again = bench.sequences(nil, width: width)
    let dx = try bench.sequences(golden.fill("upstream"), width: width, gradient: true)
    bench.context.withPartials(layer.sums) { partials in
      for row in 0..<bench.count {
        let place = row * width * n
        layer.forward(n, group: row, x + place, n, into: y + place, n)
        layer.again(n, group: row, x + place, n, into: again + place, n)
        layer.backward(
          n, group: row, x + place, n, dx + place, n, into: dx + place, n, accumulate: false, partials: partials)
      }
    }
    try bench.expectOutput(bench.readSequences(y, width: width))
    try bench.expectOutput(bench.readSequences(again, width: width))
    try bench.expectGradient(bench.readSequences(dx, width: width), "input")
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("mish"), LayerSetting.all)
  func mish(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let width = golden.config.width!
    let bench = LayerBench(golden, setting)
    try bench.begin()
    let n = bench.context.stride
    let x = try bench.sequences(golden.fill("input"), width: width)
    let y = bench.sequences(nil, width: width)
    let dx = try bench.sequences(golden.fill("upstream"), width: width, gradient: true)
    let rows = bench.count * width
    bench.context.kernels.mish(rows, n, x, n, y, n)
    bench.context.kernels.mishBackward(rows, n, x, n, dx, n, dx, n)
    try bench.expectOutput(bench.readSequences(y, width: width))
    try bench.expectGradient(bench.readSequences(dx, width: width), "input")
  }

  @Test(arguments: LayerCase.of("convolution", "gru", "selfattention"), LayerSetting.all)
  func partsOfTheEncoder(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let width = golden.config.width!
    // The part works on the channels behind the first two and before the last one.
    let (first, channels) = (2, width + 3)
    let bench = LayerBench(golden, setting)
    let context = bench.context
    let forward: (Floats, Floats) -> Void
    let backward: (Floats, Floats, Floats) -> Void
    switch golden.layer {
    case "convolution":
      let layer = Convolution(context, "convolution", firstChannel: first, width: width, channels: channels)
      (forward, backward) = ({ layer.forward($0, into: $1) }, { layer.backward($0, $1, into: $2) })
    case "gru":
      let layer = GatedRecurrentUnit(context, "gru", firstChannel: first, width: width, channels: channels)
      (forward, backward) = ({ layer.forward($0, into: $1) }, { layer.backward($0, $1, into: $2) })
    default:
      let layer = SequenceAttention(
        context, "attention", firstChannel: first, width: width, channels: channels, hidden: golden.config.hidden!,
        heads: golden.config.heads!)
      (forward, backward) = ({ layer.forward($0, into: $1) }, { layer.backward($0, $1, into: $2) })
    }
    try bench.begin()
    let untouched: Float = 41
    func widen(_ values: [Float]) -> [Float] {
      (0..<bench.count * bench.positions).flatMap { event in
        [untouched, untouched] + values[event * width..<(event + 1) * width] + [untouched]
      }
    }
    func narrow(_ values: [Float]) -> [Float] {
      (0..<bench.count * bench.positions).flatMap { values[$0 * channels + first..<$0 * channels + first + width] }
    }
    let x = try bench.sequences(widen(golden.fill("input")), width: channels)
    let y = bench.sequences(widen([Float](repeating: 0, count: bench.count * bench.positions * width)), width: channels)
    forward(x, y)
    let output = bench.readSequences(y, width: channels)
    try bench.expectOutput(narrow(output))
    #expect(output == widen(narrow(output)), "\(golden.name): channels of other parts changed")
    // In place, as the encoder layer calls it.
    let gradient = try bench.sequences(widen(golden.fill("upstream")), width: channels, gradient: true)
    backward(x, gradient, gradient)
    let inputGradient = bench.readSequences(gradient, width: channels)
    try bench.expectGradient(narrow(inputGradient), "input")
    #expect(inputGradient == widen(narrow(inputGradient)), "\(golden.name): gradients of other parts changed")
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("feedforward"), LayerSetting.all)
  func feedForward(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let width = golden.config.width!
    let bench = LayerBench(golden, setting)
    let n = bench.context.stride
    let layer = FeedForward(
      bench.context, "feedforward", channels: width, hidden: golden.config.hidden!, groups: bench.count, n: n,
      dropout: 0)
    try bench.begin()
    let x = try bench.sequences(golden.fill("input"), width: width)
    let zero = bench.context.arena.floats(width * n)
    let y = bench.sequences(nil, width: width)
    let dx = try bench.sequences(golden.fill("upstream"), width: width, gradient: true)
    bench.context.withPartials(layer.sums) { partials in
      for row in 0..<bench.count {
        let place = row * width * n
        layer.forward(n, group: row, x + place, residual: zero, into: y + place)
        layer.backward(
          n, group: row, terms: bench.positions, x + place, dx + place, into: dx + place, partials: partials)
      }
    }
    try bench.expectOutput(bench.readSequences(y, width: width))
    try bench.expectGradient(bench.readSequences(dx, width: width), "input")
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("encoderlayer"), LayerSetting.all)
  func encoderLayer(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let width = golden.config.width!
    let bench = LayerBench(golden, setting)
    let parts = golden.config.operations!.map { LayerCase.part($0, heads: golden.config.heads!) }
    let layer = EncoderLayer(
      bench.context, "encoder.0", parts: parts, channels: width, hidden: golden.config.hidden!, dropout: 0)
    try bench.begin()
    let x = try bench.sequences(golden.fill("input"), width: width)
    layer.forward(x)
    try bench.expectOutput(bench.readSequences(x, width: width))
    let gradient = try bench.sequences(golden.fill("upstream"), width: width, gradient: true)
    layer.backward(gradient)
    try bench.expectGradient(bench.readSequences(gradient, width: width), "input")
    try bench.expectParameterGradients(inputs: ["input"])
  }
}
