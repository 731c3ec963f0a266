/// Multi-head self-attention over the positions of each sequence, on m of the d channels.
///
/// Scores are kept key-major (keys down the rows, queries in the lanes), so softmax never crosses lanes. q, k and v are
/// kept for the backward pass; so are probabilities and the heads' outputs while all attention layers of the network need
/// little memory, else they are computed again, to the same bits.
package final class SequenceAttention {
  let heads: AttentionHeads
  private let context: LayerContext
  private let firstChannel: Int
  private let channels: Int
  private let projected: Floats
  /// B × n·h×T, or nil where they are computed again.
  private let keptOutputs: Floats?
  /// B × heads × T×T, or nil where they are computed again.
  private let kept: Floats?
  private let scores: ScratchPool.Handle
  private let outputs: ScratchPool.Handle
  private let scoreGradients: ScratchPool.Handle
  private let turned: ScratchPool.Handle
  private let wide: ScratchPool.Handle
  private let wideNormal: ScratchPool.Handle
  private let wideGradient: ScratchPool.Handle
  private let stacked: ScratchPool.Handle
  private let rows: ScratchPool.Handle

  package init(
    _ context: LayerContext, _ name: String, firstChannel: Int, width: Int, channels: Int, hidden: Int, heads: Int
  ) {
    self.context = context
    self.firstChannel = firstChannel
    self.channels = channels
    let stride = context.stride
    self.heads = AttentionHeads(
      context, name, width: width, hidden: hidden, heads: heads, groups: context.capacity, n: stride)
    let concatenated = heads * hidden
    projected = context.arena.floats(context.capacity * 3 * concatenated * stride)
    keptOutputs =
      context.keepsProbabilities ? context.arena.floats(context.capacity * concatenated * stride) : nil
    kept =
      context.keepsProbabilities
      ? context.arena.floats(context.capacity * heads * context.positions * stride) : nil
    let pool = context.scratch
    scores = pool.reserve("attention.scores", kept == nil ? heads * context.positions * stride : 0)
    outputs = pool.reserve("attention.outputs", keptOutputs == nil ? concatenated * stride : 0)
    scoreGradients = pool.reserve("attention.scoreGradients", stride * stride)
    turned = pool.reserve("attention.turned", stride * stride)
    wide = pool.reserve("attention.wide", concatenated * stride)
    wideNormal = pool.reserve("attention.wideNormal", concatenated * stride)
    wideGradient = pool.reserve("attention.wideGradient", concatenated * stride)
    stacked = pool.reserve("attention.stacked", 3 * concatenated * stride)
    rows = pool.reserve("attention.rows", stride * max(padded(concatenated), padded(width)))
  }

  /// x, y: batch of channels×T; reads and writes the rows of this part.
  package func forward(_ x: Floats, into y: Floats) {
    let n = context.stride
    let concatenated = heads.concatenated
    let wide = context.scratch[wide]
    for sequence in 0..<context.count {
      let part = (sequence * channels + firstChannel) * n
      let projected = self.projected + sequence * 3 * concatenated * n
      let outputs = outputRoom(sequence)
      context.product(
        3 * concatenated, n, heads.width, context.weight(heads.weight), heads.leading, 1, x + part, n,
        into: projected, n, bias: context.weight(heads.bias))
      attend(sequence, projected, into: outputs)
      heads.scaled(n, outputs, into: wide)
      heads.norm.forward(n, group: sequence, wide, n, into: wide, n)
      heads.projection.forward(n, wide, n, into: y + part, n)
    }
  }

  /// Probabilities and outputs of all heads, before scaling.
  private func attend(_ sequence: Int, _ projected: Floats, into outputs: Floats) {
    let n = context.stride
    for head in 0..<heads.heads {
      let scores = room(sequence, head)
      probabilities(head, projected, scores)
      context.product(
        heads.hidden, n, context.positions, projected + heads.row(.value, head) * n, n, 1, scores, n,
        into: outputs + head * heads.hidden * n, n)
    }
  }

  private func outputRoom(_ sequence: Int) -> Floats {
    guard let keptOutputs else { return context.scratch[outputs] }
    return keptOutputs + sequence * heads.concatenated * context.stride
  }

  /// Where the probabilities of a head lie.
  private func room(_ sequence: Int, _ head: Int) -> Floats {
    guard let kept else { return context.scratch[scores] + head * context.positions * context.stride }
    return kept + (sequence * heads.heads + head) * context.positions * context.stride
  }

  /// Softmax of the scores of a head: keys×queries.
  private func probabilities(_ head: Int, _ projected: Floats, _ scores: Floats) {
    let n = context.stride
    context.product(
      context.positions, n, heads.hidden, projected + heads.row(.key, head) * n, 1, n,
      projected + heads.row(.query, head) * n, n, into: scores, n)
    context.kernels.softmaxColumns(context.positions, n, scores, n, heads.scoreScale)
  }

  /// dx = the gradient at this part's rows of x, from dy at the same rows.
  package func backward(_ x: Floats, _ dy: Floats, into dx: Floats) {
    let kernels = context.kernels
    let n = context.stride
    let positions = context.positions
    let concatenated = heads.concatenated
    let wide = context.scratch[wide]
    let normal = context.scratch[wideNormal]
    let gradient = context.scratch[wideGradient]
    let stacked = context.scratch[stacked]
    let rows = context.scratch[rows]
    context.withPartials(heads.sums) { memory in
      let partials = heads.split(memory)
      for sequence in 0..<context.count {
        let part = (sequence * channels + firstChannel) * n
        let projected = self.projected + sequence * 3 * concatenated * n
        let outputs = outputRoom(sequence)
        if keptOutputs == nil { attend(sequence, projected, into: outputs) }
        heads.backwardOutput(
          n, terms: positions, group: sequence, dy + part, n, outputs: outputs,
          scaledHeads: wide, normal: normal, rows: rows, into: gradient, partials: partials)
        for head in 0..<heads.heads { backward(sequence, head, projected, gradient, stacked) }
        kernels.addRowSums(3 * concatenated, n, stacked, n, partials.bias)
        kernels.transpose(heads.width, positions, x + part, n, rows, heads.leading)
        context.product(
          3 * concatenated, heads.leading, positions, stacked, n, 1, rows, heads.leading,
          into: context.gradient(heads.weight), heads.leading, accumulate: true)
        context.product(
          heads.width, n, 3 * concatenated, context.weight(heads.weight), 1, heads.leading, stacked, n,
          into: dx + part, n)
      }
    }
  }

  /// Gradients of q, k, v of one head, into its rows of `stacked`, from the gradient of its output.
  private func backward(
    _ sequence: Int, _ head: Int, _ projected: Floats, _ gradient: Floats, _ stacked: Floats
  ) {
    let kernels = context.kernels
    let n = context.stride
    let positions = context.positions
    let hidden = heads.hidden
    let scores = room(sequence, head)
    let scoreGradients = context.scratch[scoreGradients]
    let turned = context.scratch[turned]
    let dOutput = gradient + head * hidden * n
    let query = heads.row(.query, head) * n
    let key = heads.row(.key, head) * n
    let value = heads.row(.value, head) * n
    kernels.transpose(positions, positions, scores, n, turned, n)
    context.product(hidden, n, positions, dOutput, n, 1, turned, n, into: stacked + value, n)
    context.product(positions, n, hidden, projected + value, 1, n, dOutput, n, into: scoreGradients, n)
    kernels.softmaxColumnsBackward(positions, n, scores, n, scoreGradients, n, heads.scoreScale)
    context.product(hidden, n, positions, projected + key, n, 1, scoreGradients, n, into: stacked + query, n)
    kernels.transpose(positions, positions, scoreGradients, n, turned, n)
    context.product(hidden, n, positions, projected + query, n, 1, turned, n, into: stacked + key, n)
  }
}
