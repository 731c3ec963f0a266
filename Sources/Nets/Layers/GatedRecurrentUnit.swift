/// A GRU over the positions of each sequence, hidden width m, on m of the d channels; all states go out.
///
/// Inside, time runs outside and sequences lie in the lanes, so that each step is one product for the whole batch.
package final class GatedRecurrentUnit {
  private let context: LayerContext
  private let firstChannel: Int
  private let width: Int
  private let channels: Int
  private let inputWeight: Int
  private let stateWeight: Int
  private let inputBias: Int
  private let stateBias: Int
  private let sums: GradientSums
  private var leading: Int { padded(width) }
  /// T × (r, z, candidate) × m×B.
  private let gates: Floats
  /// T × m×B: the state's part of the candidate.
  private let candidates: Floats
  /// T × m×B.
  private let states: Floats
  private let inputs: ScratchPool.Handle
  private let upstream: ScratchPool.Handle
  private let gradients: ScratchPool.Handle
  private let stateGradient: ScratchPool.Handle
  private let rows: ScratchPool.Handle
  private let bias: ScratchPool.Handle

  package init(_ context: LayerContext, _ name: String, firstChannel: Int, width: Int, channels: Int) {
    self.context = context
    self.firstChannel = firstChannel
    self.width = width
    self.channels = channels
    inputWeight = context.parameters.matrix("\(name).weight_ih", 3 * width, width)
    stateWeight = context.parameters.matrix("\(name).weight_hh", 3 * width, width)
    inputBias = context.parameters.vector("\(name).bias_ih", 3 * width, fanIn: width)
    stateBias = context.parameters.vector("\(name).bias_hh", 3 * width, fanIn: width)
    sums = [(inputBias, 3 * width), (stateBias, 3 * width)]
    let block = width * padded(context.capacity)
    gates = context.arena.floats(context.positions * 3 * block)
    candidates = context.arena.floats(context.positions * block)
    states = context.arena.floats(context.positions * block)
    let pool = context.scratch
    inputs = pool.reserve("recurrent.inputs", context.positions * block)
    upstream = pool.reserve("recurrent.upstream", context.positions * block)
    gradients = pool.reserve("recurrent.gradients", 4 * block)
    stateGradient = pool.reserve("recurrent.stateGradient", block)
    rows = pool.reserve("recurrent.rows", padded(context.capacity) * padded(width))
    bias = pool.reserve("recurrent.bias", 3 * width)
    context.reservePartials(6 * width)
  }

  /// Rows of this part of `batch` as T matrices of m×B.
  private func gather(_ batch: Floats, into steps: Floats, _ n: Int) {
    let stride = context.stride
    for channel in 0..<width {
      context.kernels.transpose(
        context.count, context.positions, batch + (firstChannel + channel) * stride, channels * stride,
        steps + channel * n, width * n)
    }
  }

  private func scatter(_ steps: Floats, into batch: Floats, _ n: Int) {
    let stride = context.stride
    for channel in 0..<width {
      context.kernels.transpose(
        context.positions, context.count, steps + channel * n, width * n,
        batch + (firstChannel + channel) * stride, channels * stride)
    }
  }

  package func forward(_ x: Floats, into y: Floats) {
    let n = padded(context.count)
    let block = width * n
    let inputs = context.scratch[inputs]
    let bias = context.scratch[bias]
    let inputWeight = context.weight(inputWeight)
    let stateWeight = context.weight(stateWeight)
    let inputBias = context.weight(inputBias)
    let stateBias = context.weight(stateBias)
    for gate in 0..<3 * width { bias[gate] = inputBias[gate] + (gate < 2 * width ? stateBias[gate] : 0) }
    gather(x, into: inputs, n)
    for step in 0..<context.positions {
      let gates = self.gates + step * 3 * block
      let previous = step > 0 ? states + (step - 1) * block : nil
      context.product(
        3 * width, n, width, inputWeight, leading, 1, inputs + step * block, n, into: gates, n, bias: bias)
      if let previous {
        context.product(
          2 * width, n, width, stateWeight, leading, 1, previous, n, into: gates, n, accumulate: true)
      }
      context.product(
        width, n, previous == nil ? 0 : width, stateWeight + 2 * width * leading, leading, 1, previous ?? inputs, n,
        into: candidates + step * block, n, bias: stateBias + 2 * width)
      context.kernels.recurrentStep(
        width, n, gates, gates + block, gates + 2 * block, candidates + step * block, previous, states + step * block)
    }
    scatter(states, into: y, n)
  }

  package func backward(_ x: Floats, _ dy: Floats, into dx: Floats) {
    let kernels = context.kernels
    let n = padded(context.count)
    let block = width * n
    let inputs = context.scratch[inputs]
    let upstream = context.scratch[upstream]
    let gradients = context.scratch[gradients]
    let stateGradient = context.scratch[stateGradient]
    let rows = context.scratch[rows]
    let inputWeight = context.weight(inputWeight)
    let stateWeight = context.weight(stateWeight)
    let dInputWeight = context.gradient(self.inputWeight)
    let dStateWeight = context.gradient(self.stateWeight)
    let candidateGradient = gradients + 3 * block
    gather(x, into: inputs, n)
    gather(dy, into: upstream, n)
    stateGradient.update(repeating: 0, count: block)
    context.withPartials(sums) { partials in
      let statePartials = partials + 3 * width * 16
      for step in stride(from: context.positions - 1, through: 0, by: -1) {
        let gates = self.gates + step * 3 * block
        let previous = step > 0 ? states + (step - 1) * block : nil
        kernels.scaleAdd(1, block, upstream + step * block, block, 1, stateGradient, block, true)
        kernels.recurrentStepBackward(
          width, n, gates, gates + block, gates + 2 * block, candidates + step * block, previous, stateGradient,
          gradients, gradients + block, candidateGradient, gradients + 2 * block)
        kernels.addRowSums(2 * width, n, gradients, n, partials)
        kernels.addRowSums(width, n, candidateGradient, n, partials + 2 * width * 16)
        kernels.addRowSums(3 * width, n, gradients, n, statePartials)
        kernels.transpose(width, n, inputs + step * block, n, rows, leading)
        context.product(
          2 * width, leading, n, gradients, n, 1, rows, leading, into: dInputWeight, leading, accumulate: true)
        context.product(
          width, leading, n, candidateGradient, n, 1, rows, leading, into: dInputWeight + 2 * width * leading, leading,
          accumulate: true)
        // The step's input is used up: its place takes its gradient.
        context.product(
          width, n, 2 * width, inputWeight, 1, leading, gradients, n, into: inputs + step * block, n)
        context.product(
          width, n, width, inputWeight + 2 * width * leading, 1, leading, candidateGradient, n,
          into: inputs + step * block, n, accumulate: true)
        if let previous {
          context.product(
            width, n, 3 * width, stateWeight, 1, leading, gradients, n, into: stateGradient, n, accumulate: true)
          kernels.transpose(width, n, previous, n, rows, leading)
          context.product(
            3 * width, leading, n, gradients, n, 1, rows, leading, into: dStateWeight, leading, accumulate: true)
        }
      }
    }
    scatter(inputs, into: dx, n)
  }
}
