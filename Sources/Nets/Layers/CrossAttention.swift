/// Multi-head attention of the decoder's L queries over the T positions of the memory.
///
/// With few queries the key projection is moved to the query's side, (Wk·x)ᵀq = xᵀ(Wkᵀq), and the value projection behind
/// the weighted sum, so no product runs over all positions and all heads. The bias of k adds the same number to every
/// score of a query, which softmax removes: its gradient is zero. The bias of v is added once, since weights sum to one.
package final class CrossAttention {
  let heads: AttentionHeads
  private let context: LayerContext
  private let queries: Int
  /// Pairs of head and query, and their padding: the lanes of a sequence's scores.
  private let pairs: Int
  private let pairStride: Int
  /// n·h × L·B: projected queries; heads × d × L·B: queries seen from the memory; the same for weighted memories.
  private let projected: Floats
  private let outlooks: Floats
  private let mixtures: Floats
  private let outputs: Floats
  /// B × T×pairs.
  private let probabilities: Floats
  private let wide: ScratchPool.Handle
  private let wideNormal: ScratchPool.Handle
  private let wideGradient: ScratchPool.Handle
  private let spread: ScratchPool.Handle
  private let rows: ScratchPool.Handle
  private let scores: ScratchPool.Handle
  private let turned: ScratchPool.Handle
  private let packed: ScratchPool.Handle
  private let packedGradient: ScratchPool.Handle
  private let queryGradient: ScratchPool.Handle

  package init(_ context: LayerContext, _ name: String, channels: Int, hidden: Int, heads: Int, queries: Int) {
    self.context = context
    self.queries = queries
    pairs = heads * queries
    pairStride = padded(pairs)
    let n = queries * padded(context.capacity)
    self.heads = AttentionHeads(context, name, width: channels, hidden: hidden, heads: heads, groups: 1, n: n)
    projected = context.arena.floats(heads * hidden * n)
    outlooks = context.arena.floats(heads * channels * n)
    mixtures = context.arena.floats(heads * channels * n)
    outputs = context.arena.floats(heads * hidden * n)
    probabilities = context.arena.floats(context.capacity * context.positions * pairStride)
    let pool = context.scratch
    wide = pool.reserve("query.wide", heads * hidden * n)
    wideNormal = pool.reserve("query.wideNormal", heads * hidden * n)
    wideGradient = pool.reserve("query.wideGradient", heads * hidden * n)
    spread = pool.reserve("cross.spread", heads * channels * n)
    rows = pool.reserve("query.rows", n * max(padded(heads * hidden), padded(channels)))
    scores = pool.reserve("cross.scores", context.positions * pairStride)
    turned = pool.reserve("cross.turned", pairStride * context.stride)
    packed = pool.reserve("cross.packed", channels * pairStride)
    packedGradient = pool.reserve("cross.packedGradient", channels * pairStride)
    queryGradient = pool.reserve("cross.queryGradient", heads * hidden * n)
  }

  private func weight(_ role: AttentionHeads.Role, _ head: Int) -> Int {
    heads.weight + heads.row(role, head) * heads.leading
  }

  /// The columns of one sequence, d×pairs, out of heads × d × (L·B).
  private func pack(_ source: Floats, _ sequence: Int, lanes: Int, into target: Floats) {
    let n = queries * lanes
    for head in 0..<heads.heads {
      for channel in 0..<heads.width {
        let row = source + (head * heads.width + channel) * n + sequence
        let place = target + channel * pairStride + head * queries
        for q in 0..<queries { place[q] = row[q * lanes] }
      }
    }
  }

  private func unpack(_ source: Floats, _ sequence: Int, lanes: Int, into target: Floats) {
    let n = queries * lanes
    for head in 0..<heads.heads {
      for channel in 0..<heads.width {
        let row = target + (head * heads.width + channel) * n + sequence
        let place = source + channel * pairStride + head * queries
        for q in 0..<queries { row[q * lanes] = place[q] }
      }
    }
  }

  private func clearPadding(_ matrix: Floats) {
    guard pairs < pairStride else { return }
    for channel in 0..<heads.width {
      (matrix + channel * pairStride + pairs).update(repeating: 0, count: pairStride - pairs)
    }
  }

  /// x: d×(L·B); `memory(b, into)` gives the normalised memory of a sequence, d×T.
  package func forward(_ x: Floats, memory: (Int) -> Floats, into y: Floats, lanes: Int) {
    let kernels = context.kernels
    let n = queries * lanes
    let width = heads.width
    let hidden = heads.hidden
    let stride = context.stride
    let packed = context.scratch[packed]
    let packedMixture = context.scratch[packedGradient]
    let wide = context.scratch[wide]
    context.product(
      heads.concatenated, n, width, context.weight(heads.weight), heads.leading, 1, x, n, into: projected, n,
      bias: context.weight(heads.bias))
    for head in 0..<heads.heads {
      context.product(
        width, n, hidden, context.weight(weight(.key, head)), 1, heads.leading, projected + head * hidden * n, n,
        into: outlooks + head * width * n, n)
    }
    mixtures.update(repeating: 0, count: heads.heads * width * n)
    clearPadding(packed)
    for sequence in 0..<context.count {
      let memory = memory(sequence)
      let scores = probabilities + sequence * context.positions * pairStride
      pack(outlooks, sequence, lanes: lanes, into: packed)
      context.product(
        context.positions, pairStride, width, memory, 1, stride, packed, pairStride, into: scores, pairStride)
      kernels.softmaxColumns(context.positions, pairStride, scores, pairStride, heads.scoreScale)
      context.product(
        width, pairStride, context.positions, memory, stride, 1, scores, pairStride, into: packedMixture, pairStride)
      unpack(packedMixture, sequence, lanes: lanes, into: mixtures)
    }
    for head in 0..<heads.heads {
      context.product(
        hidden, n, width, context.weight(weight(.value, head)), heads.leading, 1, mixtures + head * width * n, n,
        into: outputs + head * hidden * n, n, bias: context.weight(heads.bias) + heads.row(.value, head))
    }
    heads.scaled(n, outputs, into: wide)
    heads.norm.forward(n, group: 0, wide, n, into: wide, n)
    heads.projection.forward(n, wide, n, into: y, n)
  }

  /// dx = the gradient at x; `memoryGradient(b, gradient)` takes the gradient at a sequence's normalised memory, d×T.
  package func backward(
    _ x: Floats, _ dy: Floats, memory: (Int) -> Floats, memoryGradient: (Int, Floats) -> Void, gradientRoom: Floats,
    into dx: Floats, lanes: Int
  ) {
    let kernels = context.kernels
    let n = queries * lanes
    let width = heads.width
    let hidden = heads.hidden
    let leading = heads.leading
    let stride = context.stride
    let positions = context.positions
    let gradient = context.scratch[wideGradient]
    let spread = context.scratch[spread]
    let rows = context.scratch[rows]
    let scores = context.scratch[scores]
    let turned = context.scratch[turned]
    let packed = context.scratch[packed]
    let packedGradient = context.scratch[packedGradient]
    let queryGradient = context.scratch[queryGradient]
    context.withPartials(heads.sums) { sums in
      let partials = heads.split(sums)
      heads.backwardOutput(
        n, terms: n, group: 0, dy, n, outputs: outputs, scaledHeads: context.scratch[wide],
        normal: context.scratch[wideNormal], rows: rows, into: gradient, partials: partials)
      // Values: the weight's gradient, and the gradient of each weighted memory.
      kernels.addRowSums(
        heads.concatenated, n, gradient, n, partials.bias + heads.row(.value, 0) * 16)
      for head in 0..<heads.heads {
        let dOutput = gradient + head * hidden * n
        kernels.transpose(width, n, mixtures + head * width * n, n, rows, leading)
        context.product(
          hidden, leading, n, dOutput, n, 1, rows, leading, into: context.gradient(weight(.value, head)), leading,
          accumulate: true)
        context.product(
          width, n, hidden, context.weight(weight(.value, head)), 1, leading, dOutput, n,
          into: spread + head * width * n, n)
      }
      clearPadding(packed)
      clearPadding(packedGradient)
      for sequence in 0..<context.count {
        let memory = memory(sequence)
        let p = probabilities + sequence * positions * pairStride
        pack(spread, sequence, lanes: lanes, into: packedGradient)
        pack(outlooks, sequence, lanes: lanes, into: packed)
        context.product(
          positions, pairStride, width, memory, 1, stride, packedGradient, pairStride, into: scores, pairStride)
        kernels.softmaxColumnsBackward(
          positions, pairStride, p, pairStride, scores, pairStride, heads.scoreScale)
        kernels.transpose(positions, pairs, p, pairStride, turned, stride)
        context.product(
          width, stride, pairs, packedGradient, pairStride, 1, turned, stride, into: gradientRoom, stride)
        kernels.transpose(positions, pairs, scores, pairStride, turned, stride)
        context.product(
          width, stride, pairs, packed, pairStride, 1, turned, stride, into: gradientRoom, stride, accumulate: true)
        memoryGradient(sequence, gradientRoom)
        context.product(
          width, pairStride, positions, memory, stride, 1, scores, pairStride, into: packedGradient, pairStride)
        unpack(packedGradient, sequence, lanes: lanes, into: spread)
      }
      // Keys and queries: `spread` now holds the gradient of the outlooks; lanes without a sequence hold zero.
      for head in 0..<heads.heads {
        let dOutlook = spread + head * width * n
        let query = projected + head * hidden * n
        kernels.transpose(width, n, dOutlook, n, rows, leading)
        context.product(
          hidden, leading, n, query, n, 1, rows, leading, into: context.gradient(weight(.key, head)), leading,
          accumulate: true)
        context.product(
          hidden, n, width, context.weight(weight(.key, head)), leading, 1, dOutlook, n,
          into: queryGradient + head * hidden * n, n)
      }
      kernels.addRowSums(heads.concatenated, n, queryGradient, n, partials.bias)
      kernels.transpose(width, n, x, n, rows, leading)
      context.product(
        heads.concatenated, leading, n, queryGradient, n, 1, rows, leading, into: context.gradient(heads.weight),
        leading, accumulate: true)
      context.product(
        width, n, heads.concatenated, context.weight(heads.weight), 1, leading, queryGradient, n, into: dx, n)
    }
  }
}
