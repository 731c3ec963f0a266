/// LN(d) → Linear(d, h) → dropout → Mish → LN(h) → Linear(h, d) → dropout, added to a residual, on matrices d×n.
package final class FeedForward {
  private let context: LayerContext
  private let channels: Int
  private let hidden: Int
  private let normIn: LayerNormalisation
  private let expand: Linear
  private let normHidden: LayerNormalisation
  private let contract: Linear
  private let dropHidden: DropoutSite
  private let dropOut: DropoutSite
  /// In the order of the backward pass's partial sums.
  package let sums: GradientSums
  /// Groups × h×n, before dropout.
  private let activations: Floats
  private let wide: ScratchPool.Handle
  private let wideGradient: ScratchPool.Handle
  private let narrow: ScratchPool.Handle
  private let narrowActive: ScratchPool.Handle
  private let narrowGradient: ScratchPool.Handle
  private let rows: ScratchPool.Handle

  package init(
    _ context: LayerContext, _ name: String, channels: Int, hidden: Int, groups: Int, n: Int, dropout: Float
  ) {
    self.context = context
    self.channels = channels
    self.hidden = hidden
    normIn = LayerNormalisation(context, "\(name).norm1", channels: channels, groups: groups, n: n)
    expand = Linear(context, "\(name).linear1", inputs: channels, outputs: hidden)
    normHidden = LayerNormalisation(context, "\(name).norm2", channels: hidden, groups: groups, n: n)
    contract = Linear(context, "\(name).linear2", inputs: hidden, outputs: channels)
    sums = expand.sums + normIn.sums + normHidden.sums + contract.sums
    dropHidden = context.dropoutSite(dropout)
    dropOut = context.dropoutSite(dropout)
    activations = context.arena.floats(groups * hidden * n)
    let pool = context.scratch
    wide = pool.reserve("feedforward.wide", channels * n)
    wideGradient = pool.reserve("feedforward.wideGradient", channels * n)
    narrow = pool.reserve("feedforward.narrow", hidden * n)
    narrowActive = pool.reserve("feedforward.narrowActive", hidden * n)
    narrowGradient = pool.reserve("feedforward.narrowGradient", hidden * n)
    rows = pool.reserve("feedforward.rows", n * max(padded(channels), padded(hidden)))
    context.reservePartials(sums.reduce(0) { $0 + $1.count })
  }

  /// y = residual + the block of z, on the n lanes of `group`; n is at most what was laid out, and the same for all.
  package func forward(_ n: Int, group: Int, _ z: Floats, residual: Floats, into y: Floats) {
    let kernels = context.kernels
    let wide = context.scratch[wide]
    let narrow = context.scratch[narrow]
    let activation = activations + group * hidden * n
    normIn.forward(n, group: group, z, n, into: wide, n)
    expand.forward(n, wide, n, into: activation, n)
    dropHidden.apply(hidden, n, activation, n, into: narrow, n, first: group * hidden * n)
    kernels.mish(hidden, n, narrow, n, narrow, n)
    normHidden.forward(n, group: group, narrow, n, into: narrow, n)
    contract.forward(n, narrow, n, into: wide, n)
    dropOut.apply(channels, n, wide, n, residual: residual, n, into: y, n, first: group * channels * n)
  }

  /// dz = the gradient at z, from dy. `terms` lanes are real; `partials` as in ``sums``.
  package func backward(
    _ n: Int, group: Int, terms: Int, _ z: Floats, _ dy: Floats, into dz: Floats, partials: Floats
  ) {
    let kernels = context.kernels
    let wideGradient = context.scratch[wideGradient]
    let wide = context.scratch[wide]
    let narrow = context.scratch[narrow]
    let active = context.scratch[narrowActive]
    let narrowGradient = context.scratch[narrowGradient]
    let rows = context.scratch[rows]
    let normPartials = partials + hidden * 16
    let hiddenPartials = normPartials + 2 * channels * 16
    let outPartials = hiddenPartials + 2 * hidden * 16
    let activation = activations + group * hidden * n
    // The forward values once more.
    dropHidden.apply(hidden, n, activation, n, into: narrow, n, first: group * hidden * n)
    kernels.mish(hidden, n, narrow, n, active, n)
    normHidden.again(n, group: group, active, n, into: wide, n)
    kernels.transpose(hidden, terms, wide, n, rows, padded(hidden))
    // Contract.
    dropOut.apply(channels, n, dy, n, into: wideGradient, n, first: group * channels * n)
    kernels.addRowSums(channels, n, wideGradient, n, outPartials)
    contract.backwardWeight(terms, wideGradient, n, rows: rows)
    contract.backwardInput(n, wideGradient, n, into: narrowGradient, n)
    // Norm, Mish, dropout.
    normHidden.backward(
      n, group: group, active, n, narrowGradient, n, into: narrowGradient, n, accumulate: false,
      partials: hiddenPartials)
    kernels.mishBackward(hidden, n, narrow, n, narrowGradient, n, narrowGradient, n)
    dropHidden.apply(hidden, n, narrowGradient, n, into: narrowGradient, n, first: group * hidden * n)
    // Expand.
    kernels.addRowSums(hidden, n, narrowGradient, n, partials)
    normIn.again(n, group: group, z, n, into: wide, n)
    kernels.transpose(channels, terms, wide, n, rows, padded(channels))
    expand.backwardWeight(terms, narrowGradient, n, rows: rows)
    expand.backwardInput(n, narrowGradient, n, into: wideGradient, n)
    normIn.backward(
      n, group: group, z, n, wideGradient, n, into: dz, n, accumulate: false, partials: normPartials)
  }
}
