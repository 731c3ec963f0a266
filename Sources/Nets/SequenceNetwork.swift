import COpenBLAS

/// A classifier of event sequences: stem, encoder, decoder and head of one architecture, with memory for one batch.
///
/// All memory of a training step is allocated here. Not safe for concurrent use; make one per thread.
public final class SequenceNetwork {
  public let blueprint: NetworkBlueprint
  /// Rows of the largest batch.
  public let batchSize: Int
  package let parameters: Parameters
  package let context: LayerContext
  let stem: Stem
  private let encoder: [EncoderLayer]
  private let decoder: [DecoderLayer]
  private let head: Head
  private let query: Int
  private let channels: Int
  /// B × d×T: the residual stream, and its gradient.
  private let stream: Floats
  private let streamGradient: Floats
  /// d × L·B: the decoder's stream, and its gradient.
  private let tokens: Floats
  private let tokenGradient: Floats
  /// classes×B.
  private let logitMatrix: Floats
  package let logitGradient: Floats

  /// Up to this much memory of all attention layers, probabilities are kept: a trainer stays below 120 MB with the largest
  /// networks of 48 positions.
  private static let attentionMemoryBytes = 48_000_000

  /// Lays out the network of `blueprint` for batches of up to `batchSize` rows, with the kernels of `instructionSet`.
  public convenience init(_ blueprint: NetworkBlueprint, batchSize: Int, instructionSet: InstructionSet) {
    self.init(
      blueprint, batchSize: batchSize, instructionSet: instructionSet,
      keepsProbabilities: blueprint.attentionBytes(batchSize: batchSize) <= Self.attentionMemoryBytes)
  }

  /// `keepsProbabilities` trades memory for time and changes no bit.
  package init(
    _ blueprint: NetworkBlueprint, batchSize: Int, instructionSet: InstructionSet, keepsProbabilities: Bool
  ) {
    precondition(batchSize > 0 && blueprint.positions > 0 && blueprint.stem.channels > 0)
    openblas_set_num_threads(1)
    self.blueprint = blueprint
    self.batchSize = batchSize
    let context = LayerContext(
      kernels: .table(for: instructionSet), capacity: batchSize, positions: blueprint.positions,
      keepsProbabilities: keepsProbabilities)
    self.context = context
    parameters = context.parameters
    channels = blueprint.stem.channels
    let channels = channels
    let queryLanes = blueprint.queries * padded(batchSize)
    stem = Stem(context, shape: blueprint.stem)
    encoder = blueprint.encoder.enumerated().map { index, parts in
      EncoderLayer(
        context, "encoder.\(index)", parts: parts, channels: channels, hidden: blueprint.hidden,
        dropout: blueprint.dropout)
    }
    let decodes = !blueprint.decoder.isEmpty
    query = decodes ? context.parameters.matrix("decoder.query", blueprint.queries, channels) : 0
    decoder = blueprint.decoder.enumerated().map { index, layer in
      DecoderLayer(
        context, "decoder.\(index)", shape: layer, channels: channels, hidden: blueprint.hidden,
        queries: blueprint.queries, dropout: blueprint.dropout)
    }
    head = Head(
      context, channels: channels, classes: blueprint.classes, pooling: blueprint.pooling,
      spatialDropout: blueprint.spatialDropout, lanes: decodes ? queryLanes : context.stride)
    let size = batchSize * channels * context.stride
    stream = context.arena.floats(size)
    streamGradient = context.arena.floats(size)
    tokens = context.arena.floats(decodes ? channels * queryLanes : 0)
    tokenGradient = context.arena.floats(decodes ? channels * queryLanes : 0)
    logitMatrix = context.arena.floats(blueprint.classes * padded(batchSize))
    logitGradient = context.arena.floats(blueprint.classes * padded(batchSize))
    context.allocate()
  }

  /// Trainable scalars.
  public var parameterCount: Int { parameters.count }

  /// Bytes that the network holds.
  public var memoryBytes: Int { context.arena.bytes }

  /// Computes the logits of `batch`. `stepKey` decides the dropout masks when `training`.
  public func forward(_ batch: EventBatch, training: Bool, stepKey: UInt64 = 0) {
    precondition(batch.count > 0 && batch.count <= batchSize)
    context.count = batch.count
    context.training = training
    context.stepKey = stepKey
    stem.forward(batch, into: stream)
    for layer in encoder { layer.forward(stream) }
    guard !decoder.isEmpty else { return head.forward(sequences: stream, into: logitMatrix) }
    let lanes = padded(batch.count)
    let n = blueprint.queries * lanes
    let queries = context.weight(query)
    for channel in 0..<channels {
      for index in 0..<blueprint.queries {
        (tokens + channel * n + index * lanes).update(
          repeating: queries[index * padded(channels) + channel], count: lanes)
      }
    }
    for layer in decoder { layer.forward(tokens, encoded: stream, lanes: lanes) }
    head.forward(tokens: tokens, queries: blueprint.queries, into: logitMatrix)
  }

  /// Fills the gradients of all parameters from the gradient of the logits, for the batch of the last training pass.
  package func backward() {
    parameters.zeroGradients()
    if decoder.isEmpty {
      head.backward(sequences: stream, logitGradient, into: streamGradient)
    } else {
      let lanes = padded(context.count)
      let n = blueprint.queries * lanes
      streamGradient.update(repeating: 0, count: context.count * channels * context.stride)
      head.backward(tokens: tokens, queries: blueprint.queries, logitGradient, into: tokenGradient)
      for layer in decoder.reversed() {
        layer.backward(tokenGradient, encoded: stream, encodedGradient: streamGradient, lanes: lanes)
      }
      let gradient = context.gradient(query)
      for channel in 0..<channels {
        for index in 0..<blueprint.queries {
          var total: Float = 0
          for lane in 0..<context.count { total += tokenGradient[channel * n + index * lanes + lane] }
          gradient[index * padded(channels) + channel] += total
        }
      }
    }
    for layer in encoder.reversed() { layer.backward(streamGradient) }
    stem.backward(streamGradient)
  }

  /// Logit of a row and class of the last pass.
  public func logit(row: Int, class index: Int) -> Float {
    logitMatrix[index * padded(context.count) + row]
  }

  /// One step of training without the update: forward, loss, backward. Returns the loss.
  ///
  /// - Parameters:
  ///   - labels: B classes.
  ///   - teachers: for each teacher B×classes logits; a row that a teacher does not know begins with NaN.
  public func gradients(
    _ batch: EventBatch, labels: UnsafePointer<Int32>, loss: ClassificationLoss, teachers: [UnsafePointer<Float>] = [],
    stepKey: UInt64
  ) -> Float {
    forward(batch, training: true, stepKey: stepKey)
    let value = loss.evaluate(
      logits: logitMatrix, lanes: padded(batch.count), rows: batch.count, classes: blueprint.classes, labels: labels,
      teachers: teachers, gradient: logitGradient)
    backward()
    return value
  }

  /// False once a parameter is NaN or infinite.
  public var isFinite: Bool { context.kernels.sumOfSquares(parameters.extent, parameters.values).isFinite }
}
