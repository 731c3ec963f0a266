/// The perceptron of NAO that predicts a value from a sequence's embedding: m → hidden → m with ReLU and dropout, added to
/// the embedding and multiplied by √½, then to one number.
final class ValueHead {
  private let context: LayerContext
  private let width: Int
  private let hidden: Int
  private let narrow: StepLinear
  private let wide: StepLinear
  private let out: StepLinear
  private let sites: (DropoutSite, DropoutSite)
  /// hidden×n and m×n, after ReLU; then after dropout.
  private let rectified: (Floats, Floats)
  private let kept: (Floats, Floats)
  /// m×n.
  private let mixed: Floats
  /// 1×n.
  let values: Floats
  private let gradients: (ScratchPool.Handle, ScratchPool.Handle)

  init(_ context: LayerContext, _ name: String, width: Int, hidden: Int, dropout: Float) {
    self.context = context
    self.width = width
    self.hidden = hidden
    narrow = StepLinear(context, "\(name).0", inputs: width, outputs: hidden)
    wide = StepLinear(context, "\(name).1", inputs: hidden, outputs: width)
    out = StepLinear(context, "\(name).out", inputs: width, outputs: 1)
    sites = (context.dropoutSite(dropout), context.dropoutSite(dropout))
    let lanes = padded(context.capacity)
    rectified = (context.arena.floats(hidden * lanes), context.arena.floats(width * lanes))
    kept = (context.arena.floats(hidden * lanes), context.arena.floats(width * lanes))
    mixed = context.arena.floats(width * lanes)
    values = context.arena.floats(lanes)
    gradients = (
      context.scratch.reserve("value.first", max(width, hidden) * lanes),
      context.scratch.reserve("value.second", max(width, hidden) * lanes)
    )
  }

  private static let half = Float(0.5).squareRoot()

  /// Computes ``values`` from m×n.
  func forward(_ embedding: Floats) {
    let kernels = context.kernels
    let n = padded(context.count)
    narrow.forward(1, embedding, into: rectified.0)
    kernels.rectify(hidden, n, rectified.0, n, rectified.0, n)
    sites.0.apply(hidden, n, rectified.0, n, into: kept.0, n, first: 0)
    wide.forward(1, kept.0, into: rectified.1)
    kernels.rectify(width, n, rectified.1, n, rectified.1, n)
    sites.1.apply(width, n, rectified.1, n, residual: embedding, n, into: kept.1, n, first: 0)
    kernels.scaleAdd(width, n, kept.1, n, Self.half, mixed, n, false)
    out.forward(1, mixed, into: values)
  }

  /// From the gradient of ``values``, 0 in lanes without a row; adds to that of the embedding.
  func backward(_ embedding: Floats, _ valueGradient: Floats, addingTo embeddingGradient: Floats) {
    let kernels = context.kernels
    let n = padded(context.count)
    let (upstream, other) = (context.scratch[gradients.0], context.scratch[gradients.1])
    out.backward(1, mixed, valueGradient, into: upstream)
    kernels.scaleAdd(width, n, upstream, n, Self.half, upstream, n, false)
    kernels.scaleAdd(width, n, upstream, n, 1, embeddingGradient, n, true)
    sites.1.apply(width, n, upstream, n, into: upstream, n, first: 0)
    kernels.rectifyBackward(width, n, rectified.1, n, upstream, n, upstream, n)
    wide.backward(1, kept.0, upstream, into: other)
    sites.0.apply(hidden, n, other, n, into: other, n, first: 0)
    kernels.rectifyBackward(hidden, n, rectified.0, n, other, n, other, n)
    narrow.backward(1, embedding, other, into: embeddingGradient, accumulate: true)
  }
}
