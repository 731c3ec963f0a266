import Nets
import Testing

/// Outputs and gradients of the layers over steps, against PyTorch in double precision.
@Suite struct StepGoldenTests {
  @Test(arguments: LayerCase.of("tokenembedding"), LayerSetting.all)
  func tokenEmbedding(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (width, tokens) = (golden.config.width!, golden.config.classes!)
    let bench = LayerBench(golden, setting)
    let layer = TokenEmbedding(bench.context, "embedding", tokens: tokens, width: width)
    try bench.begin()
    let codes = try bench.codes("input.tokens")
    let y = bench.steps(nil, width: width)
    layer.forward(codes, into: y)
    try bench.expectOutput(bench.readSteps(y, width: width))
    layer.backward(codes, try bench.steps(golden.fill("upstream"), width: width, gradient: true))
    try bench.expectParameterGradients(inputs: [])
  }

  @Test(arguments: LayerCase.of("lstm"), LayerSetting.all)
  func longShortTermMemory(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (inputs, width) = (golden.config.fanIn!, golden.config.width!)
    let bench = LayerBench(golden, setting)
    let layer = LongShortTermMemory(bench.context, "rnn", inputs: inputs, width: width)
    try bench.begin()
    let step = width * bench.lanes
    let starts = golden.fills.contains { $0.name == "state" }
    func state(_ names: (String, String)?) throws -> LongShortTermMemory.State {
      (
        try bench.steps(names.map { try golden.fill($0.0) }, width: width, steps: 1, gradient: names == nil),
        try bench.steps(names.map { try golden.fill($0.1) }, width: width, steps: 1, gradient: names == nil)
      )
    }
    let initial = starts ? try state(("state", "cell")) : nil
    let initialGradient = starts ? try state(nil) : nil
    let x = try bench.steps(golden.fill("input"), width: inputs)
    let y = bench.steps(nil, width: width)
    layer.forward(x, into: y, step: step, from: initial)
    try bench.expectOutput(bench.readSteps(y, width: width))
    let dy = try bench.steps(golden.fill("upstream"), width: width, gradient: true)
    let dx = bench.steps(nil, width: inputs)
    layer.backward(x, y, dy, step: step, into: dx, from: initial, initialGradient: initialGradient)
    try bench.expectGradient(bench.readSteps(dx, width: inputs), "input")
    if let initialGradient {
      try bench.expectGradient(bench.readSteps(initialGradient.state, width: width, steps: 1), "state")
      try bench.expectGradient(bench.readSteps(initialGradient.cell, width: width, steps: 1), "cell")
    }
    try bench.expectParameterGradients(inputs: ["input", "state", "cell"])
  }

  @Test(arguments: LayerCase.of("bilstm"), LayerSetting.all)
  func bidirectionalMemory(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (inputs, width) = (golden.config.fanIn!, golden.config.width!)
    let bench = LayerBench(golden, setting)
    let layer = BidirectionalMemory(bench.context, "rnn", inputs: inputs, width: width)
    try bench.begin()
    let x = try bench.steps(golden.fill("input"), width: inputs)
    let y = bench.steps(nil, width: 2 * width)
    layer.forward(x, into: y)
    try bench.expectOutput(bench.readSteps(y, width: 2 * width))
    let dx = bench.steps(nil, width: inputs)
    layer.backward(x, y, try bench.steps(golden.fill("upstream"), width: 2 * width, gradient: true), into: dx)
    try bench.expectGradient(bench.readSteps(dx, width: inputs), "input")
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("steplinear"), LayerSetting.all)
  func stepLinear(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let (inputs, outputs) = (golden.config.fanIn!, golden.config.fanOut!)
    let bench = LayerBench(golden, setting)
    let layer = StepLinear(
      bench.context, "linear", inputs: inputs, outputs: outputs, hasBias: golden.gradients["linear.bias"] != nil)
    try bench.begin()
    let x = try bench.steps(golden.fill("input"), width: inputs)
    let y = bench.steps(nil, width: outputs)
    layer.forward(bench.positions, x, into: y)
    try bench.expectOutput(bench.readSteps(y, width: outputs))
    let dx = bench.steps(nil, width: inputs)
    layer.backward(
      bench.positions, x, try bench.steps(golden.fill("upstream"), width: outputs, gradient: true), into: dx)
    try bench.expectGradient(bench.readSteps(dx, width: inputs), "input")
    try bench.expectParameterGradients(inputs: ["input"])
  }

  @Test(arguments: LayerCase.of("stepnormalisation"), LayerSetting.all)
  func stepNormalisation(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let width = golden.config.width!
    let bench = LayerBench(golden, setting)
    let layer = StepNormalisation(bench.context, width: width, steps: bench.positions)
    try bench.begin()
    let y = try bench.steps(golden.fill("input"), width: width)
    layer.forward(bench.positions, y, into: y)
    try bench.expectOutput(bench.readSteps(y, width: width))
    let gradient = try bench.steps(golden.fill("upstream"), width: width, gradient: true)
    layer.backward(bench.positions, y, gradient)
    try bench.expectGradient(bench.readSteps(gradient, width: width), "input")
  }

  @Test(arguments: LayerCase.of("stepattention"), LayerSetting.all)
  func stepAttention(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let width = golden.config.width!
    let bench = LayerBench(golden, setting)
    let layer = StepAttention(bench.context, width: width)
    try bench.begin()
    let queries = try bench.steps(golden.fill("input"), width: width)
    let source = try bench.steps(golden.fill("memory"), width: width)
    let mix = bench.steps(nil, width: width)
    let step = width * bench.lanes
    layer.forward(queries, source, into: mix, step: step)
    try bench.expectOutput(bench.readSteps(mix, width: width))
    let dq = bench.steps(nil, width: width)
    let sourceGradient = bench.steps(nil, width: width, gradient: true)
    layer.backward(
      queries, source, try bench.steps(golden.fill("upstream"), width: width, gradient: true), step: step, into: dq,
      addingTo: sourceGradient)
    try bench.expectGradient(bench.readSteps(dq, width: width), "input")
    try bench.expectGradient(bench.readSteps(sourceGradient, width: width), "memory")
  }

  @Test(arguments: LayerCase.of("tokenloss"), LayerSetting.all)
  func tokenLoss(_ golden: LayerCase, _ setting: LayerSetting) throws {
    let tokens = golden.config.classes!
    let bench = LayerBench(golden, setting)
    try bench.begin()
    let logits = try bench.steps(golden.fill("input"), width: tokens)
    let loss = TokenLoss.evaluate(
      bench.context, tokens: tokens, codes: try bench.codes("input.tokens"), logits: logits,
      weight: 1 / Float(bench.count * bench.positions))
    try bench.expectOutput([Float(loss)])
    try bench.expectGradient(bench.readSteps(logits, width: tokens), "input")
  }
}

extension LayerBench {
  /// B×T×width as T blocks of width×n.
  func steps(_ values: [Float]?, width: Int, steps: Int? = nil, gradient: Bool = false) -> Floats {
    let steps = steps ?? positions
    let size = steps * width * lanes
    let blocks = context.arena.floats(size)
    blocks.update(repeating: gradient ? 0 : 0.75, count: size)
    for (index, value) in (values ?? []).enumerated() { blocks[place(index, width, steps)] = value }
    return blocks
  }

  func readSteps(_ blocks: Floats, width: Int, steps: Int? = nil) -> [Float] {
    let steps = steps ?? positions
    return (0..<count * steps * width).map { blocks[place($0, width, steps)] }
  }

  /// Codes of the case as T×n.
  func codes(_ name: String) throws -> UnsafeMutablePointer<Int32> {
    let codes = UnsafeMutableRawPointer(context.arena.floats(positions * lanes)).bindMemory(
      to: Int32.self, capacity: positions * lanes)
    for (index, value) in try #require(golden.codes?[name]).values.enumerated() {
      codes[index % positions * lanes + index / positions] = Int32(value)
    }
    return codes
  }

  /// Where the element `index` of B×T×width lies.
  private func place(_ index: Int, _ width: Int, _ steps: Int) -> Int {
    let (token, channel) = (index / width, index % width)
    return (token % steps * width + channel) * lanes + token / steps
  }
}
