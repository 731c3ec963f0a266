/// The encoder of NAO (Luo et al., NeurIPS 2018): tokens, dropout, LSTMs both ways, a projection added to the tokens'
/// vectors, each step of length 1; the mean of the steps, again of length 1, is the embedding of the sequence.
final class TokenEncoder {
  private let context: LayerContext
  private let width: Int
  private let embeddings: TokenEmbedding
  private let dropout: DropoutSite
  private let memory: BidirectionalMemory
  private let project: StepLinear
  private let normalise: StepNormalisation
  private let normaliseMean: StepNormalisation
  /// T × m×n, after dropout.
  private let embedded: Floats
  /// T × 2m×n.
  private let hidden: Floats
  /// T × m×n: what the decoder attends to.
  let steps: Floats
  /// m×n.
  let embedding: Floats
  private let hiddenGradient: ScratchPool.Handle
  private let inputGradient: ScratchPool.Handle

  init(_ context: LayerContext, _ name: String, shape: AutoencoderShape) {
    self.context = context
    width = shape.width
    embeddings = TokenEmbedding(context, "\(name).embedding", tokens: shape.tokens, width: width)
    dropout = context.dropoutSite(shape.dropout)
    memory = BidirectionalMemory(context, "\(name).rnn", inputs: width, width: width)
    project = StepLinear(context, "\(name).project", inputs: 2 * width, outputs: width)
    normalise = StepNormalisation(context, width: width, steps: shape.positions)
    normaliseMean = StepNormalisation(context, width: width, steps: 1)
    let size = shape.positions * width * padded(context.capacity)
    embedded = context.arena.floats(size)
    hidden = context.arena.floats(2 * size)
    steps = context.arena.floats(size)
    embedding = context.arena.floats(width * padded(context.capacity))
    hiddenGradient = context.scratch.reserve("encoder.hiddenGradient", 2 * size)
    inputGradient = context.scratch.reserve("encoder.inputGradient", size)
  }

  /// Computes ``steps`` and ``embedding`` of T×n tokens.
  func forward(_ codes: UnsafePointer<Int32>) {
    let kernels = context.kernels
    let (n, positions) = (padded(context.count), context.positions)
    let rows = positions * width
    embeddings.forward(codes, into: embedded)
    dropout.apply(rows, n, embedded, n, into: embedded, n, first: 0)
    memory.forward(embedded, into: hidden)
    project.forward(positions, hidden, into: steps)
    kernels.scaleAdd(1, rows * n, embedded, 0, 1, steps, 0, true)
    normalise.forward(positions, steps, into: steps)
    for time in 0..<positions {
      kernels.scaleAdd(
        1, width * n, steps + time * width * n, 0, 1 / Float(positions), embedding, 0, time > 0)
    }
    normaliseMean.forward(1, embedding, into: embedding)
  }

  /// From the gradients of ``steps`` and ``embedding``, which are used up.
  func backward(_ codes: UnsafePointer<Int32>, _ stepsGradient: Floats, _ embeddingGradient: Floats) {
    let kernels = context.kernels
    let (n, positions) = (padded(context.count), context.positions)
    let rows = positions * width
    let hiddenGradient = context.scratch[hiddenGradient]
    let inputGradient = context.scratch[inputGradient]
    normaliseMean.backward(1, embedding, embeddingGradient)
    for time in 0..<positions {
      kernels.scaleAdd(
        1, width * n, embeddingGradient, 0, 1 / Float(positions), stepsGradient + time * width * n, 0, true)
    }
    normalise.backward(positions, steps, stepsGradient)
    project.backward(positions, hidden, stepsGradient, into: hiddenGradient)
    memory.backward(embedded, hidden, hiddenGradient, into: inputGradient)
    kernels.scaleAdd(1, rows * n, stepsGradient, 0, 1, inputGradient, 0, true)
    dropout.apply(rows, n, inputGradient, n, into: inputGradient, n, first: 0)
    embeddings.backward(codes, inputGradient)
  }
}
