/// y = x / max(‖x‖₂, 1e-12) at each of some steps, over the channels of a lane: PyTorch's `normalize`.
package final class StepNormalisation {
  private let context: LayerContext
  private let width: Int
  /// steps × n.
  private let inverses: Floats
  private let dots: ScratchPool.Handle

  /// For up to `steps` steps.
  package init(_ context: LayerContext, width: Int, steps: Int) {
    self.context = context
    self.width = width
    inverses = context.arena.floats(steps * padded(context.capacity))
    dots = context.scratch.reserve("normalisation.dots", padded(context.capacity))
  }

  /// x and y: steps × width×n; `y` may be x.
  package func forward(_ steps: Int, _ x: Floats, into y: Floats) {
    let n = padded(context.count)
    for step in 0..<steps {
      let inverse = inverses + step * n
      let (x, y) = (x + step * width * n, y + step * width * n)
      context.kernels.columnDots(width, n, x, n, x, n, inverse, false)
      for lane in 0..<n { inverse[lane] = 1 / max(inverse[lane].squareRoot(), 1e-12) }
      context.kernels.scaleColumns(width, n, inverse, x, n, y, n, false)
    }
  }

  /// dx = (dy - y·⟨y, dy⟩) / ‖x‖, in place of dy.
  package func backward(_ steps: Int, _ y: Floats, _ dy: Floats) {
    let n = padded(context.count)
    let dots = context.scratch[dots]
    for step in 0..<steps {
      let inverse = inverses + step * n
      let (y, dy) = (y + step * width * n, dy + step * width * n)
      context.kernels.columnDots(width, n, y, n, dy, n, dots, false)
      for lane in 0..<n { dots[lane] *= -inverse[lane] }
      context.kernels.scaleColumns(width, n, inverse, dy, n, dy, n, false)
      context.kernels.scaleColumns(width, n, dots, y, n, dy, n, true)
    }
  }
}
