/// y = W·x + b on matrices channels×n; W: outputs×inputs (PyTorch's layout).
package struct Linear {
  let context: LayerContext
  let inputs: Int
  let outputs: Int
  let weight: Int
  let bias: Int
  package let sums: GradientSums
  private var leading: Int { padded(inputs) }

  package init(_ context: LayerContext, _ name: String, inputs: Int, outputs: Int) {
    self.context = context
    self.inputs = inputs
    self.outputs = outputs
    weight = context.parameters.matrix("\(name).weight", outputs, inputs)
    bias = context.parameters.vector("\(name).bias", outputs, fanIn: inputs)
    sums = [(bias, outputs)]
    context.reservePartials(outputs)
  }

  package func forward(_ n: Int, _ x: Floats, _ ldx: Int, into y: Floats, _ ldy: Int) {
    context.product(
      outputs, n, inputs, context.weight(weight), leading, 1, x, ldx, into: y, ldy, bias: context.weight(bias))
  }

  /// dx = Wᵀ·dy.
  package func backwardInput(_ n: Int, _ dy: Floats, _ lddy: Int, into dx: Floats, _ lddx: Int) {
    context.product(inputs, n, outputs, context.weight(weight), 1, leading, dy, lddy, into: dx, lddx)
  }

  /// dW += dy·xᵀ over the first `terms` lanes; `rows` is x transposed: terms×inputs, padded to 16 columns.
  package func backwardWeight(_ terms: Int, _ dy: Floats, _ lddy: Int, rows: Floats) {
    context.product(
      outputs, leading, terms, dy, lddy, 1, rows, leading, into: context.gradient(weight), leading, accumulate: true)
  }
}

extension LayerContext {
  /// C (+)= A·B as in ``KernelsAVX2/matrixProduct``; long sums over wide matrices go to OpenBLAS, whose packing pays there.
  @inline(__always)
  func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int, _ b: UnsafePointer<Float>,
    _ ldb: Int, into c: Floats, _ ldc: Int, accumulate: Bool = false, bias: UnsafePointer<Float>? = nil
  ) {
    if wideProduct(m, n, k, a, aRow, aStep, b, ldb, c, ldc, accumulate, bias) { return }
    kernels.matrixProduct(m, n, k, a, aRow, aStep, b, ldb, c, ldc, accumulate, bias)
  }
}
