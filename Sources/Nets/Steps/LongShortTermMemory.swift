/// An LSTM over T steps, each a block of channels×n with sequences in the lanes (n is the padded batch); all states go out.
///
/// Where a direction of two writes, blocks of the output may be further apart than m×n: `step` is the distance.
package final class LongShortTermMemory {
  package enum Direction: Sendable { case forward, backward }

  /// m×n each: the state and the cell before the first step, or their gradients.
  package typealias State = (state: Floats, cell: Floats)

  private let context: LayerContext
  private let inputs: Int
  private let width: Int
  private let direction: Direction
  private let inputWeight: Int
  private let stateWeight: Int
  private let inputBias: Int
  private let stateBias: Int
  private let sums: GradientSums
  /// T × (i, f, g, o) × m×n; the gradients of the pre-activations after the backward pass.
  private let gates: Floats
  /// T × m×n: the cells, and their hyperbolic tangents.
  private let cells: Floats
  private let squashed: Floats
  private let stateGradient: ScratchPool.Handle
  private let cellGradient: ScratchPool.Handle
  private let rows: ScratchPool.Handle
  private let bias: ScratchPool.Handle

  /// Parameters as PyTorch's LSTM has them: `weight_ih` 4m×inputs, `weight_hh` 4m×m, `bias_ih` and `bias_hh` 4m.
  package init(
    _ context: LayerContext, _ name: String, inputs: Int, width: Int, direction: Direction = .forward
  ) {
    self.context = context
    self.inputs = inputs
    self.width = width
    self.direction = direction
    inputWeight = context.parameters.matrix("\(name).weight_ih", 4 * width, inputs, fanIn: width)
    stateWeight = context.parameters.matrix("\(name).weight_hh", 4 * width, width)
    inputBias = context.parameters.vector("\(name).bias_ih", 4 * width, fanIn: width)
    stateBias = context.parameters.vector("\(name).bias_hh", 4 * width, fanIn: width)
    sums = [(inputBias, 4 * width), (stateBias, 4 * width)]
    let block = width * padded(context.capacity)
    gates = context.arena.floats(context.positions * 4 * block)
    cells = context.arena.floats(context.positions * block)
    squashed = context.arena.floats(context.positions * block)
    let pool = context.scratch
    stateGradient = pool.reserve("memory.stateGradient", block)
    cellGradient = pool.reserve("memory.cellGradient", block)
    rows = pool.reserve("memory.rows", padded(context.capacity) * padded(max(inputs, width)))
    bias = pool.reserve("memory.bias", 4 * width)
    context.reservePartials(8 * width)
  }

  /// Steps in the order in which they are taken.
  private func order(_ index: Int) -> Int { direction == .forward ? index : context.positions - 1 - index }

  /// x: T × inputs×n; y: T × m×n, `step` floats apart, which the backward pass reads again.
  package func forward(_ x: Floats, into y: Floats, step: Int, from initial: State? = nil) {
    let n = padded(context.count)
    let block = width * n
    let bias = context.scratch[bias]
    let (inputBias, stateBias) = (context.weight(inputBias), context.weight(stateBias))
    for gate in 0..<4 * width { bias[gate] = inputBias[gate] + stateBias[gate] }
    var before = initial
    for index in 0..<context.positions {
      let time = order(index)
      let gates = self.gates + time * 4 * block
      context.product(
        4 * width, n, inputs, context.weight(inputWeight), padded(inputs), 1, x + time * inputs * n, n, into: gates, n,
        bias: bias)
      if let before {
        context.product(
          4 * width, n, width, context.weight(stateWeight), padded(width), 1, before.state, n, into: gates, n,
          accumulate: true)
      }
      let now = (state: y + time * step, cell: cells + time * block)
      context.kernels.memoryStep(width, n, gates, before?.cell, now.cell, squashed + time * block, now.state)
      before = now
    }
  }

  /// The gradient of x (T × inputs×n, added to when `accumulate`) and of the parameters, and, where asked for, added
  /// to that of the state before the first step.
  package func backward(
    _ x: Floats, _ y: Floats, _ dy: Floats, step: Int, into dx: Floats, accumulate: Bool = false,
    from initial: State? = nil, initialGradient: State? = nil
  ) {
    let kernels = context.kernels
    let n = padded(context.count)
    let block = width * n
    let stateGradient = context.scratch[stateGradient]
    let cellGradient = context.scratch[cellGradient]
    let rows = context.scratch[rows]
    stateGradient.update(repeating: 0, count: block)
    cellGradient.update(repeating: 0, count: block)
    context.withPartials(sums) { partials in
      for index in stride(from: context.positions - 1, through: 0, by: -1) {
        let time = order(index)
        let gates = self.gates + time * 4 * block
        let earlier = order(index - 1)
        let before = index > 0 ? (state: y + earlier * step, cell: cells + earlier * block) : initial
        kernels.scaleAdd(1, block, dy + time * step, block, 1, stateGradient, block, true)
        kernels.memoryStepBackward(
          width, n, gates, before?.cell, squashed + time * block, stateGradient, cellGradient)
        kernels.addRowSums(4 * width, n, gates, n, partials)
        context.product(
          inputs, n, 4 * width, context.weight(inputWeight), 1, padded(inputs), gates, n, into: dx + time * inputs * n,
          n, accumulate: accumulate)
        weightGradient(gates, n, x + time * inputs * n, inputs, rows, into: inputWeight)
        guard let before else { continue }
        weightGradient(gates, n, before.state, width, rows, into: stateWeight)
        context.product(
          width, n, 4 * width, context.weight(stateWeight), 1, padded(width), gates, n, into: stateGradient, n)
      }
      (partials + 4 * width * 16).update(from: partials, count: 4 * width * 16)
    }
    guard let initialGradient else { return }
    kernels.scaleAdd(1, block, stateGradient, block, 1, initialGradient.state, block, true)
    kernels.scaleAdd(1, block, cellGradient, block, 1, initialGradient.cell, block, true)
  }

  /// dW += gates·xᵀ for x of channels×n.
  private func weightGradient(
    _ gates: Floats, _ n: Int, _ x: Floats, _ channels: Int, _ rows: Floats, into weight: Int
  ) {
    let leading = padded(channels)
    context.kernels.transpose(channels, n, x, n, rows, leading)
    context.product(
      4 * width, leading, n, gates, n, 1, rows, leading, into: context.gradient(weight), leading, accumulate: true)
  }
}
