import COpenBLAS
package import Records

/// Reads sequences of T tokens, gives each an embedding, says them again, and may predict a value.
///
/// What a sequence becomes depends on no other of its batch. Not safe for concurrent use.
package final class SequenceAutoencoder {
  package let shape: AutoencoderShape
  /// Sequences that memory is laid out for.
  package let capacity: Int
  package let context: LayerContext
  private let encoder: TokenEncoder
  private let decoder: TokenDecoder
  private let head: ValueHead?
  /// A row of zeros, the tokens that begin; then T×n tokens.
  private let codes: UnsafeMutablePointer<Int32>
  private let stepsGradient: Floats
  private let embeddingGradient: Floats
  private let valueGradient: Floats

  package init(_ shape: AutoencoderShape, capacity: Int, instructionSet: InstructionSet) {
    openblas_set_num_threads(1)
    self.shape = shape
    self.capacity = capacity
    let context = LayerContext(
      kernels: .table(for: instructionSet), capacity: capacity, positions: shape.positions)
    self.context = context
    encoder = TokenEncoder(context, "encoder", shape: shape)
    decoder = TokenDecoder(context, "decoder", shape: shape)
    head = shape.valueWidth.map {
      ValueHead(context, "value", width: shape.width, hidden: $0, dropout: shape.dropout)
    }
    let lanes = padded(capacity)
    codes = context.arena.integers((shape.positions + 1) * lanes)
    stepsGradient = context.arena.floats(shape.positions * shape.width * lanes)
    embeddingGradient = context.arena.floats(shape.width * lanes)
    valueGradient = context.arena.floats(lanes)
    context.allocate()
  }

  package var parameters: Parameters { context.parameters }

  /// Begins as PyTorch's modules do: embeddings from N(0, 1), all else from U(±1/√fan-in). Each tensor has a stream of its
  /// own by name.
  package func initialise(from generator: SeededGenerator) {
    for tensor in parameters.tensors {
      var stream = generator.stream(tensor.name)
      if tensor.name.hasSuffix(".embedding.weight") {
        parameters.fill(tensor) { _ in Float(stream.normal()) }
      } else {
        let bound = 1 / Double(tensor.fanIn).squareRoot()
        parameters.fill(tensor) { _ in Float((2 * stream.uniform() - 1) * bound) }
      }
    }
  }

  /// All parameters, tensor by tensor, in PyTorch's layout.
  package var weights: [Float] {
    get { parameters.tensors.flatMap(parameters.read) }
    set {
      var place = 0
      for tensor in parameters.tensors {
        parameters.fill(tensor) { newValue[place + $0] }
        place += tensor.count
      }
    }
  }

  // MARK: Passes

  /// Takes in `count` sequences; `token` gives the token of a sequence at a position.
  private func load(_ count: Int, _ token: (_ row: Int, _ position: Int) -> Int32) {
    context.count = count
    let n = padded(count)
    codes.update(repeating: 0, count: (shape.positions + 1) * n)
    for position in 0..<shape.positions {
      for row in 0..<count { codes[(position + 1) * n + row] = token(row, position) }
    }
  }

  /// Embeddings and values of `count` sequences; with `dropoutKey`, dropout draws its masks from it.
  package func encode(
    _ count: Int, dropoutKey: UInt64? = nil, _ token: (_ row: Int, _ position: Int) -> Int32
  ) {
    load(count, token)
    context.training = dropoutKey != nil
    context.stepKey = dropoutKey ?? 0
    encoder.forward(codes + padded(count))
    head?.forward(encoder.embedding)
  }

  /// Channel `channel` of the embedding of `row`, after ``encode(_:dropoutKey:_:)`` or ``gradients(_:_:)``.
  package func embedding(row: Int, channel: Int) -> Float {
    encoder.embedding[channel * padded(context.count) + row]
  }

  /// The predicted value of `row`; 0 without a value head.
  package func value(row: Int) -> Float { head?.values[row] ?? 0 }

  /// What a step of training is made of.
  package struct Step {
    /// Sequences in the pass, and their share of the loss: 1 over those of the whole batch.
    package var count: Int
    package var share: Float
    /// Weights of the mean negative log-likelihood of a token and of the squared error of a value.
    package var reconstruction: Float
    package var error: Float
    /// Decides the masks of dropout.
    package var key: UInt64

    package init(count: Int, share: Float, reconstruction: Float, error: Float, key: UInt64) {
      self.count = count
      self.share = share
      self.reconstruction = reconstruction
      self.error = error
      self.key = key
    }
  }

  /// Fills the gradients of all parameters, and returns the part of the loss.
  @discardableResult
  package func gradients(
    _ step: Step, token: (_ row: Int, _ position: Int) -> Int32, target: (_ row: Int) -> Float
  ) -> Double {
    load(step.count, token)
    context.training = true
    context.stepKey = step.key
    parameters.zeroGradients()
    let n = padded(step.count)
    encoder.forward(codes + n)
    decoder.forward(codes, steps: encoder.steps, embedding: encoder.embedding)
    stepsGradient.update(repeating: 0, count: shape.positions * shape.width * n)
    embeddingGradient.update(repeating: 0, count: shape.width * n)
    var loss = TokenLoss.evaluate(
      context, tokens: shape.tokens, codes: codes + n, logits: decoder.logits,
      weight: step.reconstruction * step.share / Float(shape.positions))
    decoder.backward(
      codes, steps: encoder.steps, embedding: encoder.embedding, decoder.logits, addingTo: stepsGradient,
      embeddingGradient)
    if let head {
      head.forward(encoder.embedding)
      valueGradient.update(repeating: 0, count: n)
      for row in 0..<step.count {
        let difference = head.values[row] - target(row)
        valueGradient[row] = 2 * step.error * step.share * difference
        loss += Double(step.error * step.share * difference * difference)
      }
      head.backward(encoder.embedding, valueGradient, addingTo: embeddingGradient)
    }
    encoder.backward(codes + n, stepsGradient, embeddingGradient)
    return loss
  }
}
