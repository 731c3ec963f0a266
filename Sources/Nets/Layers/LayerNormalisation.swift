/// Layer normalisation over the channels of a matrix channels×n (PyTorch's `layer_norm`, eps 1e-5).
package struct LayerNormalisation {
  let context: LayerContext
  let channels: Int
  let gamma: Int
  let beta: Int
  package let sums: GradientSums
  private let mean: Floats
  private let rstd: Floats

  /// `groups` matrices of n lanes each keep their own statistics until the backward pass.
  package init(_ context: LayerContext, _ name: String, channels: Int, groups: Int, n: Int) {
    self.context = context
    self.channels = channels
    gamma = context.parameters.vector("\(name).weight", channels)
    beta = context.parameters.vector("\(name).bias", channels)
    sums = [(gamma, channels), (beta, channels)]
    mean = context.arena.floats(groups * n)
    rstd = context.arena.floats(groups * n)
    context.reservePartials(2 * channels)
  }

  package func forward(_ n: Int, group: Int, _ x: Floats, _ ldx: Int, into y: Floats, _ ldy: Int) {
    context.kernels.layerNorm(
      channels, n, x, ldx, context.weight(gamma), context.weight(beta), mean + group * n, rstd + group * n, y, ldy)
  }

  /// The forward output once more, from the stored statistics.
  package func again(_ n: Int, group: Int, _ x: Floats, _ ldx: Int, into y: Floats, _ ldy: Int) {
    context.kernels.layerNormAgain(
      channels, n, x, ldx, context.weight(gamma), context.weight(beta), mean + group * n, rstd + group * n, y, ldy)
  }

  /// dx (+)= the gradient at x. `partials` takes 2·channels sums: gamma's, then beta's.
  package func backward(
    _ n: Int, group: Int, _ x: Floats, _ ldx: Int, _ dy: Floats, _ lddy: Int, into dx: Floats, _ lddx: Int,
    accumulate: Bool, partials: Floats
  ) {
    context.kernels.layerNormBackward(
      channels, n, x, ldx, context.weight(gamma), mean + group * n, rstd + group * n, dy, lddy, dx, lddx, accumulate,
      partials, partials + channels * 16)
  }
}
