package import Nets
package import Records

/// Linear and ReLU by turns, then Linear to one number, for up to `rows` rows at once.
///
/// Activations are matrices of features×rows, rows in the lanes; what one row becomes depends on no other. Not safe for
/// concurrent use.
package final class PerceptronNetwork {
  package let parameters: Parameters
  private let context: LayerContext
  /// Their names are `layers.0`, …, `out`.
  private let layers: [Linear]
  /// Features that each layer takes in, and 1 for what the last puts out.
  private let widths: [Int]
  /// widths[l]×rows; the last is what comes out.
  private let activations: [Floats]
  private let gradients: [Floats]
  /// rows×widths[l], one layer at a time.
  private let transposed: Floats
  private let lanes: Int

  package init(inputs: Int, hiddenLayers: Int, width: Int, rows: Int, instructionSet: InstructionSet) {
    let context = LayerContext(kernels: .table(for: instructionSet), capacity: 1, positions: rows)
    self.context = context
    parameters = context.parameters
    lanes = context.stride
    widths = [inputs] + Array(repeating: width, count: hiddenLayers) + [1]
    let widths = widths
    layers = (0...hiddenLayers).map { layer in
      Linear(
        context, layer == hiddenLayers ? "out" : "layers.\(layer)", inputs: widths[layer], outputs: widths[layer + 1])
    }
    let lanes = lanes
    activations = widths.map { context.arena.floats($0 * lanes) }
    gradients = widths.map { context.arena.floats($0 * lanes) }
    transposed = context.arena.floats(lanes * padded(widths.max() ?? 1))
    context.allocate()
  }

  /// Weights uniform within √(6 / (inputs + outputs)) (Glorot and Bengio, 2010), biases 0.
  package func initialise(from generator: SeededGenerator) {
    for tensor in parameters.tensors {
      guard tensor.shape.count == 2 else {
        parameters.fill(tensor) { _ in 0 }
        continue
      }
      let bound = (6 / Double(tensor.shape[0] + tensor.shape[1])).squareRoot()
      var stream = generator.stream(tensor.name)
      parameters.fill(tensor) { _ in Float((2 * stream.uniform() - 1) * bound) }
    }
  }

  /// An optimizer whose moments lie beside the parameters.
  package func optimizer(_ settings: OptimizerSettings) -> Optimizer {
    Optimizer(settings, parameters: parameters, arena: context.arena, kernels: context.kernels)
  }

  /// What comes out for each of the first `count` rows at `indices` of `table` (N×inputs, row-major).
  package func forward(_ table: UnsafePointer<Float>, _ indices: ArraySlice<Int>) -> UnsafeMutablePointer<Float> {
    let input = activations[0]
    for (lane, index) in indices.enumerated() {
      let row = table + index * widths[0]
      for feature in 0..<widths[0] { input[feature * lanes + lane] = row[feature] }
    }
    for (number, layer) in layers.enumerated() {
      layer.forward(lanes, activations[number], lanes, into: activations[number + 1], lanes)
      if number < layers.count - 1 {
        let values = activations[number + 1]
        context.kernels.rectify(widths[number + 1], lanes, values, lanes, values, lanes)
      }
    }
    return activations[layers.count]
  }

  /// The gradients of all parameters after ``forward(_:_:)`` of `count` rows, whose numbers have the gradients that
  /// `slope` gives by lane.
  package func backward(_ count: Int, slope: (Int) -> Float) {
    parameters.zeroGradients()
    let kernels = context.kernels
    let last = gradients[layers.count]
    for lane in 0..<lanes { last[lane] = lane < count ? slope(lane) : 0 }
    for number in layers.indices.reversed() {
      let layer = layers[number]
      let gradient = gradients[number + 1]
      if number < layers.count - 1 {
        kernels.rectifyBackward(
          widths[number + 1], lanes, activations[number + 1], lanes, gradient, lanes, gradient, lanes)
      }
      context.withPartials(layer.sums) { kernels.addRowSums(widths[number + 1], lanes, gradient, lanes, $0) }
      kernels.transpose(widths[number], count, activations[number], lanes, transposed, padded(widths[number]))
      layer.backwardWeight(count, gradient, lanes, rows: transposed)
      if number > 0 { layer.backwardInput(lanes, gradient, lanes, into: gradients[number], lanes) }
    }
  }

  /// Adds the gradient of λ·Σ|w| over the weights of the output layer.
  package func penaliseOutput(_ strength: Float) {
    guard strength > 0, let tensor = parameters.tensor(named: "out.weight") else { return }
    for index in 0..<tensor.count {
      let place = tensor.place(of: index)
      let weight = parameters.values[place]
      parameters.gradients[place] += weight > 0 ? strength : weight < 0 ? -strength : 0
    }
  }
}
