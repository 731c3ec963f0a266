/// y = dropout(SelfAttention(LN(q))) + q; z = dropout(CrossAttention(LN(y), LN(memory))) + y; out = FF(LN(z)) + z.
package final class DecoderLayer {
  private let context: LayerContext
  private let channels: Int
  private let queries: Int
  private let normIn: LayerNormalisation
  private let normQuery: LayerNormalisation
  private let normMemory: LayerNormalisation
  private let normOut: LayerNormalisation
  private let selfAttention: QueryAttention
  private let crossAttention: CrossAttention
  private let dropSelf: DropoutSite
  private let dropCross: DropoutSite
  private let feedForward: FeedForward
  private let sums: GradientSums
  /// d × L·B each: the input, and the sums behind both attentions.
  private let input: Floats
  private let middle: Floats
  private let last: Floats
  private let memoryPartials: Floats
  private let normal: ScratchPool.Handle
  private let attended: ScratchPool.Handle
  private let memory: ScratchPool.Handle
  private let memoryGradient: ScratchPool.Handle

  package init(
    _ context: LayerContext, _ name: String, shape: NetworkBlueprint.DecoderLayer, channels: Int, hidden: Int,
    queries: Int, dropout: Float
  ) {
    self.context = context
    self.channels = channels
    self.queries = queries
    let n = queries * padded(context.capacity)
    normIn = LayerNormalisation(context, "\(name).norm1", channels: channels, groups: 1, n: n)
    selfAttention = QueryAttention(
      context, "\(name).selfattention", channels: channels, hidden: hidden, heads: shape.selfHeads, queries: queries)
    dropSelf = context.dropoutSite(dropout)
    normQuery = LayerNormalisation(context, "\(name).normquery", channels: channels, groups: 1, n: n)
    normMemory = LayerNormalisation(
      context, "\(name).normmemory", channels: channels, groups: context.capacity, n: context.stride)
    crossAttention = CrossAttention(
      context, "\(name).crossattention", channels: channels, hidden: hidden, heads: shape.crossHeads, queries: queries)
    dropCross = context.dropoutSite(dropout)
    normOut = LayerNormalisation(context, "\(name).norm2", channels: channels, groups: 1, n: n)
    feedForward = FeedForward(
      context, "\(name).feedforward", channels: channels, hidden: hidden, groups: 1, n: n, dropout: dropout)
    sums = normOut.sums + feedForward.sums
    input = context.arena.floats(channels * n)
    middle = context.arena.floats(channels * n)
    last = context.arena.floats(channels * n)
    memoryPartials = context.arena.floats(2 * channels * 16)
    normal = context.scratch.reserve("decoder.normal", channels * n)
    attended = context.scratch.reserve("decoder.attended", channels * n)
    memory = context.scratch.reserve("decoder.memory", channels * context.stride)
    memoryGradient = context.scratch.reserve("decoder.memoryGradient", channels * context.stride)
    context.reservePartials(sums.reduce(0) { $0 + $1.count })
  }

  /// x: d×(L·B) becomes the output in place; `encoded`: batch of d×T.
  package func forward(_ x: Floats, encoded: Floats, lanes: Int) {
    let n = queries * lanes
    let normal = context.scratch[normal]
    let attended = context.scratch[attended]
    let memory = context.scratch[memory]
    let size = channels * context.stride
    input.update(from: x, count: channels * n)
    normIn.forward(n, group: 0, x, n, into: normal, n)
    selfAttention.forward(normal, into: attended, lanes: lanes)
    dropSelf.apply(channels, n, attended, n, residual: x, n, into: middle, n, first: 0)
    normQuery.forward(n, group: 0, middle, n, into: normal, n)
    crossAttention.forward(
      normal,
      memory: { sequence in
        normMemory.forward(
          context.stride, group: sequence, encoded + sequence * size, context.stride, into: memory, context.stride)
        return memory
      }, into: attended, lanes: lanes)
    dropCross.apply(channels, n, attended, n, residual: middle, n, into: last, n, first: 0)
    normOut.forward(n, group: 0, last, n, into: normal, n)
    feedForward.forward(n, group: 0, normal, residual: last, into: x)
  }

  /// The gradient of the output becomes the gradient of the input, in place; the memory's is added to
  /// `encodedGradient`.
  package func backward(_ gradient: Floats, encoded: Floats, encodedGradient: Floats, lanes: Int) {
    let n = queries * lanes
    let stride = context.stride
    let normal = context.scratch[normal]
    let attended = context.scratch[attended]
    let memory = context.scratch[memory]
    let size = channels * stride
    context.withPartials(sums) { partials in
      normOut.again(n, group: 0, last, n, into: normal, n)
      feedForward.backward(
        n, group: 0, terms: n, normal, gradient, into: normal, partials: partials + 2 * channels * 16)
      normOut.backward(
        n, group: 0, last, n, normal, n, into: gradient, n, accumulate: true, partials: partials)
    }
    dropCross.apply(channels, n, gradient, n, into: attended, n, first: 0)
    normQuery.again(n, group: 0, middle, n, into: normal, n)
    // The norm of the memory keeps its sums aside: the attention works in the shared ones meanwhile.
    memoryPartials.update(repeating: 0, count: 2 * channels * 16)
    crossAttention.backward(
      normal, attended,
      memory: { sequence in
        normMemory.again(stride, group: sequence, encoded + sequence * size, stride, into: memory, stride)
        return memory
      },
      memoryGradient: { sequence, dMemory in
        normMemory.backward(
          stride, group: sequence, encoded + sequence * size, stride, dMemory, stride,
          into: encodedGradient + sequence * size, stride, accumulate: true, partials: memoryPartials)
      }, gradientRoom: context.scratch[memoryGradient], into: attended, lanes: lanes)
    context.kernels.finishPartials(channels, memoryPartials, context.gradient(normMemory.gamma))
    context.kernels.finishPartials(channels, memoryPartials + channels * 16, context.gradient(normMemory.beta))
    context.withPartials(normQuery.sums) { partials in
      normQuery.backward(
        n, group: 0, middle, n, attended, n, into: gradient, n, accumulate: true, partials: partials)
    }
    dropSelf.apply(channels, n, gradient, n, into: attended, n, first: 0)
    normIn.again(n, group: 0, input, n, into: normal, n)
    selfAttention.backward(normal, attended, into: attended, lanes: lanes)
    context.withPartials(normIn.sums) { partials in
      normIn.backward(
        n, group: 0, input, n, attended, n, into: gradient, n, accumulate: true, partials: partials)
    }
  }
}
