/// Dot-product attention of S steps over T others, one sequence a lane (Luong et al., 2015; unscaled, one head):
/// p = softmax over t of ⟨q[s], k[t]⟩, mix[s] = Σ_t p[s, t]·k[t].
package final class StepAttention {
  private let context: LayerContext
  private let width: Int
  private let steps: Int
  /// S×T×n.
  private let probabilities: Floats
  private let gradients: ScratchPool.Handle

  /// Both sides have the context's T steps.
  package init(_ context: LayerContext, width: Int) {
    self.context = context
    self.width = width
    steps = context.positions
    let size = steps * steps * padded(context.capacity)
    probabilities = context.arena.floats(size)
    gradients = context.scratch.reserve("attention.gradients", size)
  }

  /// `queries`, `source`: T × width×n; blocks of `mix` are `step` floats apart.
  package func forward(_ queries: Floats, _ source: Floats, into mix: Floats, step: Int) {
    let n = padded(context.count)
    let block = width * n
    let p = probabilities
    context.kernels.laneProduct(
      steps, steps, width, n, queries, block, n, source, n, block, p, steps * n, n, false)
    for time in 0..<steps { context.kernels.softmaxColumns(steps, n, p + time * steps * n, n, 1) }
    context.kernels.laneProduct(steps, width, steps, n, p, steps * n, n, source, block, n, mix, step, n, false)
  }

  /// Writes the gradient of the queries and adds to that of the source.
  package func backward(
    _ queries: Floats, _ source: Floats, _ mixGradient: Floats, step: Int, into dq: Floats,
    addingTo sourceGradient: Floats
  ) {
    let kernels = context.kernels
    let n = padded(context.count)
    let block = width * n
    let p = probabilities
    let dp = context.scratch[gradients]
    kernels.laneProduct(steps, steps, width, n, mixGradient, step, n, source, n, block, dp, steps * n, n, false)
    kernels.laneProduct(
      steps, width, steps, n, p, n, steps * n, mixGradient, step, n, sourceGradient, block, n, true)
    for time in 0..<steps {
      kernels.softmaxColumnsBackward(steps, n, p + time * steps * n, n, dp + time * steps * n, n, 1)
    }
    kernels.laneProduct(steps, width, steps, n, dp, steps * n, n, source, block, n, dq, block, n, false)
    kernels.laneProduct(
      steps, width, steps, n, dp, n, steps * n, queries, block, n, sourceGradient, block, n, true)
  }
}
