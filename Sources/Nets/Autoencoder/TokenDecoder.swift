/// The decoder of NAO (Luo et al., NeurIPS 2018): an LSTM that begins at the sequence's embedding and reads the tokens
/// before each, attends to the encoder's steps, and scores the next token. Both residual sums are multiplied by √½.
final class TokenDecoder {
  private let context: LayerContext
  private let width: Int
  private let embeddings: TokenEmbedding
  private let dropout: DropoutSite
  private let memory: LongShortTermMemory
  private let query: StepLinear
  private let attention: StepAttention
  private let project: StepLinear
  private let out: StepLinear
  /// T × m×n each.
  private let embedded: Floats
  private let states: Floats
  private let residual: Floats
  private let queries: Floats
  private let attended: Floats
  private let mixed: Floats
  /// T × 2m×n: what attention found, above the residual stream.
  private let joined: Floats
  /// T × V×n.
  let logits: Floats
  private let joinedGradient: ScratchPool.Handle
  private let first: ScratchPool.Handle
  private let second: ScratchPool.Handle

  init(_ context: LayerContext, _ name: String, shape: AutoencoderShape) {
    self.context = context
    width = shape.width
    embeddings = TokenEmbedding(context, "\(name).embedding", tokens: shape.tokens, width: width)
    dropout = context.dropoutSite(shape.dropout)
    memory = LongShortTermMemory(context, "\(name).rnn", inputs: width, width: width)
    query = StepLinear(context, "\(name).attention.query", inputs: width, outputs: width, hasBias: false)
    attention = StepAttention(context, width: width)
    project = StepLinear(context, "\(name).attention.project", inputs: 2 * width, outputs: width, hasBias: false)
    out = StepLinear(context, "\(name).out", inputs: width, outputs: shape.tokens)
    let size = shape.positions * width * padded(context.capacity)
    func block() -> Floats { context.arena.floats(size) }
    (embedded, states, residual) = (block(), block(), block())
    (queries, attended, mixed) = (block(), block(), block())
    joined = context.arena.floats(2 * size)
    logits = context.arena.floats(shape.positions * shape.tokens * padded(context.capacity))
    joinedGradient = context.scratch.reserve("decoder.joinedGradient", 2 * size)
    first = context.scratch.reserve("decoder.first", size)
    second = context.scratch.reserve("decoder.second", size)
  }

  private static let half = Float(0.5).squareRoot()

  /// y = √½·(a + b) over T × m×n.
  private func blend(_ a: Floats, _ b: Floats, into y: Floats, _ size: Int) {
    context.kernels.scaleAdd(1, size, a, 0, Self.half, y, 0, false)
    context.kernels.scaleAdd(1, size, b, 0, Self.half, y, 0, true)
  }

  /// Computes ``logits`` from the tokens before each position (T×n), the encoder's steps and embedding.
  func forward(_ before: UnsafePointer<Int32>, steps: Floats, embedding: Floats) {
    let (n, positions) = (padded(context.count), context.positions)
    let (block, rows) = (width * n, positions * width)
    embeddings.forward(before, into: embedded)
    dropout.apply(rows, n, embedded, n, into: embedded, n, first: 0)
    memory.forward(embedded, into: states, step: block, from: (embedding, embedding))
    blend(embedded, states, into: residual, rows * n)
    query.forward(positions, residual, into: queries)
    attention.forward(queries, steps, into: joined, step: 2 * block)
    for time in 0..<positions { (joined + (2 * time + 1) * block).update(from: residual + time * block, count: block) }
    project.forward(positions, joined, into: attended)
    context.kernels.squash(rows, n, attended, n, attended, n)
    blend(residual, attended, into: mixed, rows * n)
    out.forward(positions, mixed, into: logits)
  }

  /// From the gradient of ``logits``; adds to the gradients of the encoder's steps and embedding.
  func backward(
    _ before: UnsafePointer<Int32>, steps: Floats, embedding: Floats, _ logitGradient: Floats,
    addingTo stepsGradient: Floats, _ embeddingGradient: Floats
  ) {
    let kernels = context.kernels
    let (n, positions) = (padded(context.count), context.positions)
    let (block, rows) = (width * n, positions * width)
    let joinedGradient = context.scratch[joinedGradient]
    let residualGradient = context.scratch[first]
    let other = context.scratch[second]
    out.backward(positions, mixed, logitGradient, into: residualGradient)
    kernels.scaleAdd(1, rows * n, residualGradient, 0, Self.half, residualGradient, 0, false)
    kernels.squashBackward(rows, n, attended, n, residualGradient, n, other, n)
    project.backward(positions, joined, other, into: joinedGradient)
    attention.backward(queries, steps, joinedGradient, step: 2 * block, into: other, addingTo: stepsGradient)
    for time in 0..<positions {
      kernels.scaleAdd(
        1, block, joinedGradient + (2 * time + 1) * block, 0, 1, residualGradient + time * block, 0, true)
    }
    query.backward(positions, residual, other, into: residualGradient, accumulate: true)
    kernels.scaleAdd(1, rows * n, residualGradient, 0, Self.half, residualGradient, 0, false)
    memory.backward(
      embedded, states, residualGradient, step: block, into: other, from: (embedding, embedding),
      initialGradient: (embeddingGradient, embeddingGradient))
    kernels.scaleAdd(1, rows * n, residualGradient, 0, 1, other, 0, true)
    dropout.apply(rows, n, other, n, into: other, n, first: 0)
    embeddings.backward(before, other)
  }
}
