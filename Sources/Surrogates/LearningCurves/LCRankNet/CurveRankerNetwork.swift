package import Nets
package import Records

/// LCRankNet for up to `rows` runs at once, a run a lane: convolutions over the curve, an LSTM over the architecture, a
/// vector for the data set; side by side through one hidden layer to a score. Not safe for concurrent use.
package final class CurveRankerNetwork {
  package let parameters: Parameters
  private let context: LayerContext
  private let shape: CurveRankerShape
  private let convolutions: [CurveConvolution]
  private let reader: ArchitectureReader?
  private let dataset: StepLinear
  private let join: StepLinear
  private let score: StepLinear
  /// L×n; datasets×n; joined×n, hidden×n and n, each followed by its gradient.
  private let curves: Floats
  private let labels: Floats
  private let joined: (values: Floats, gradients: Floats)
  private let active: (values: Floats, gradients: Floats)
  private let scores: (values: Floats, gradients: Floats)

  /// What is known of a run.
  package struct Run {
    /// L numbers of order 1.
    package let curve: ArraySlice<Float>
    /// S tokens from 1 on.
    package let tokens: ArraySlice<Int32>
    /// Nil for one that was not learnt from: the mean of those that were.
    package let dataset: Int?

    package init(curve: ArraySlice<Float>, tokens: ArraySlice<Int32>, dataset: Int?) {
      self.curve = curve
      self.tokens = tokens
      self.dataset = dataset
    }
  }

  package init(_ shape: CurveRankerShape, rows: Int, instructionSet: InstructionSet) {
    let context = LayerContext(
      kernels: .table(for: instructionSet), capacity: rows, positions: max(shape.positions, 1))
    self.context = context
    self.shape = shape
    parameters = context.parameters
    let lanes = padded(rows)
    convolutions = shape.kernels.map {
      CurveConvolution(
        context, "curve.\($0)", epochs: shape.epochs, kernel: $0, filters: shape.filters, lanes: lanes)
    }
    reader =
      shape.positions > 0
      ? ArchitectureReader(
        context, positions: shape.positions, tokens: shape.tokens, width: shape.memory, lanes: lanes) : nil
    dataset = StepLinear(
      context, "dataset", inputs: shape.datasets, outputs: shape.datasetWidth, hasBias: false)
    join = StepLinear(context, "join", inputs: shape.joined, outputs: shape.hidden)
    score = StepLinear(context, "score", inputs: shape.hidden, outputs: 1)
    func pair(_ count: Int) -> (values: Floats, gradients: Floats) {
      (context.arena.floats(count * lanes), context.arena.floats(count * lanes))
    }
    curves = context.arena.floats(shape.epochs * lanes)
    labels = context.arena.floats(shape.datasets * lanes)
    joined = pair(shape.joined)
    active = pair(shape.hidden)
    scores = pair(1)
    context.allocate()
  }

  /// Weights uniform within √(6 / (inputs + outputs)), tokens and data sets within 0.5, biases 0.
  package func initialise(from generator: SeededGenerator) {
    for tensor in parameters.tensors {
      guard tensor.shape.count == 2 else {
        parameters.fill(tensor) { _ in 0 }
        continue
      }
      var stream = generator.stream(tensor.name)
      let isTable = tensor.name.hasSuffix("tokens.weight") || tensor.name == "dataset.weight"
      let bound = isTable ? 0.5 : (6 / Double(tensor.shape[0] + tensor.shape[1])).squareRoot()
      parameters.fill(tensor) { _ in Float((2 * stream.uniform() - 1) * bound) }
    }
  }

  package func optimizer(_ settings: OptimizerSettings) -> Optimizer {
    Optimizer(settings, parameters: parameters, arena: context.arena, kernels: context.kernels)
  }

  /// One score a run.
  package func forward(_ runs: [Run]) -> UnsafeMutablePointer<Float> {
    context.count = runs.count
    let n = padded(runs.count)
    labels.update(repeating: 0, count: shape.datasets * n)
    curves.update(repeating: 0, count: shape.epochs * n)
    for (lane, run) in runs.enumerated() {
      for (epoch, value) in run.curve.enumerated() { curves[epoch * n + lane] = value }
      if let dataset = run.dataset {
        labels[dataset * n + lane] = 1
      } else {
        for dataset in 0..<shape.datasets { labels[dataset * n + lane] = 1 / Float(shape.datasets) }
      }
    }
    var place = joined.values
    for convolution in convolutions {
      convolution.forward(curves, into: place)
      place += shape.filters * n
    }
    if let reader {
      place.update(from: reader.forward(runs.map(\.tokens)), count: shape.memory * n)
      place += shape.memory * n
    }
    dataset.forward(1, labels, into: place)
    join.forward(1, joined.values, into: active.values)
    context.kernels.rectify(shape.hidden, n, active.values, n, active.values, n)
    score.forward(1, active.values, into: scores.values)
    return scores.values
  }

  /// One score for each of any number of `runs`, up to `tile` at once.
  func scores(_ runs: [Run], tile: Int) -> [Double] {
    stride(from: 0, to: runs.count, by: tile).flatMap { start in
      let part = Array(runs[start..<min(start + tile, runs.count)])
      let scores = forward(part)
      return part.indices.map { Double(scores[$0]) }
    }
  }

  /// Counts scores from `origin` on.
  func subtract(_ origin: Double) {
    guard let bias = parameters.tensor(named: "score.bias") else { return }
    let before = parameters.read(bias)
    parameters.fill(bias) { before[$0] - Float(origin) }
  }

  /// The gradients of all parameters after ``forward(_:)``, whose scores have the gradients `slopes`, and of
  /// `reconstruction` times the mean negative log-likelihood of the architectures' tokens.
  package func backward(_ slopes: [Float], reconstruction: Float) {
    parameters.zeroGradients()
    let n = padded(context.count)
    for lane in 0..<n { scores.gradients[lane] = lane < slopes.count ? slopes[lane] : 0 }
    score.backward(1, active.values, scores.gradients, into: active.gradients)
    context.kernels.rectifyBackward(
      shape.hidden, n, active.values, n, active.gradients, n, active.gradients, n)
    join.backward(1, joined.values, active.gradients, into: joined.gradients)
    var (place, gradient) = (joined.values, joined.gradients)
    for convolution in convolutions {
      convolution.backward(curves, place, gradient)
      place += shape.filters * n
      gradient += shape.filters * n
    }
    if let reader {
      reader.backward(gradient, share: reconstruction)
      gradient += shape.memory * n
    }
    dataset.backward(1, labels, gradient, into: nil)
  }
}
