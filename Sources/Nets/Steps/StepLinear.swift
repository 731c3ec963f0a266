/// y = W·x + b at each of some steps; x: steps × inputs×n, y: steps × outputs×n, W: outputs×inputs.
package final class StepLinear {
  private let context: LayerContext
  private let inputs: Int
  private let outputs: Int
  private let weight: Int
  private let bias: Int?
  private let sums: GradientSums
  private let rows: ScratchPool.Handle
  private var leading: Int { padded(inputs) }

  /// Parameters as PyTorch's Linear has them.
  package init(_ context: LayerContext, _ name: String, inputs: Int, outputs: Int, hasBias: Bool = true) {
    self.context = context
    self.inputs = inputs
    self.outputs = outputs
    weight = context.parameters.matrix("\(name).weight", outputs, inputs)
    bias = hasBias ? context.parameters.vector("\(name).bias", outputs, fanIn: inputs) : nil
    sums = bias.map { [($0, outputs)] } ?? []
    rows = context.scratch.reserve("steps.rows", padded(context.capacity) * padded(inputs))
    context.reservePartials(outputs)
  }

  package func forward(_ steps: Int, _ x: Floats, into y: Floats) {
    let n = padded(context.count)
    for step in 0..<steps {
      context.product(
        outputs, n, inputs, context.weight(weight), leading, 1, x + step * inputs * n, n, into: y + step * outputs * n,
        n,
        bias: bias.map { UnsafePointer(context.weight($0)) })
    }
  }

  /// The gradients of the parameters and of x, which is added to when `accumulate`; `dx` nil leaves it out.
  package func backward(_ steps: Int, _ x: Floats, _ dy: Floats, into dx: Floats?, accumulate: Bool = false) {
    let kernels = context.kernels
    let n = padded(context.count)
    let rows = context.scratch[rows]
    context.withPartials(sums) { partials in
      for step in 0..<steps {
        let upstream = dy + step * outputs * n
        if bias != nil { kernels.addRowSums(outputs, n, upstream, n, partials) }
        kernels.transpose(inputs, n, x + step * inputs * n, n, rows, leading)
        context.product(
          outputs, leading, n, upstream, n, 1, rows, leading, into: context.gradient(weight), leading, accumulate: true)
        guard let dx else { continue }
        context.product(
          inputs, n, outputs, context.weight(weight), 1, leading, upstream, n, into: dx + step * inputs * n, n,
          accumulate: accumulate)
      }
    }
  }
}
