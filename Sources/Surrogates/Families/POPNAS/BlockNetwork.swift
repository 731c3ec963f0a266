package import Nets

/// POPNAS's accuracy predictor for up to `rows` cells at once, a cell a lane.
///
/// Embeddings of the inputs and operations of a block, side by side; queries and keys by a linear layer and ReLU;
/// dot-product attention of the blocks to each other; an LSTM both ways; one number. Not safe for concurrent use.
package final class BlockNetwork {
  package let parameters: Parameters
  let context: LayerContext
  private let shape: BlockNetworkShape
  /// Of inputs, of operations.
  private let embeddings: [TokenEmbedding]
  private let queryLayer: StepLinear
  private let keyLayer: StepLinear
  private let attention: StepAttention
  private let memory: BidirectionalMemory
  private let score: StepLinear
  /// 4 × B×n.
  private let codes: [UnsafeMutablePointer<Int32>]
  /// B × embedding×n; B × 4·embedding×n; B × filters×n thrice; B × 2·cells×n; 2·cells×n; n.
  private let token: Floats
  private let embedded: Tensor
  private let queries: Tensor
  private let keys: Tensor
  private let mixed: Tensor
  private let states: Tensor
  private let summary: Tensor
  private let scores: Tensor

  /// Values and their gradients.
  private struct Tensor {
    let values: Floats
    let gradients: Floats

    init(_ count: Int, in arena: Arena) {
      values = arena.floats(count)
      gradients = arena.floats(count)
    }
  }

  package init(_ shape: BlockNetworkShape, rows: Int, instructionSet: InstructionSet) {
    let context = LayerContext(kernels: .table(for: instructionSet), capacity: rows, positions: shape.blocks)
    self.context = context
    self.shape = shape
    parameters = context.parameters
    let (width, filters, cells) = (shape.embedding, shape.filters, shape.cells)
    embeddings = [
      TokenEmbedding(context, "inputs", tokens: shape.inputTokens, width: width),
      TokenEmbedding(context, "operations", tokens: shape.operationTokens, width: width),
    ]
    queryLayer = StepLinear(context, "query", inputs: 4 * width, outputs: filters)
    keyLayer = StepLinear(context, "key", inputs: 4 * width, outputs: filters)
    attention = StepAttention(context, width: filters)
    memory = BidirectionalMemory(context, "rnn", inputs: filters, width: cells)
    score = StepLinear(context, "score", inputs: 2 * cells, outputs: 1)
    let lanes = padded(rows)
    let steps = shape.blocks * lanes
    let arena = context.arena
    codes = (0..<4).map { _ in
      UnsafeMutableRawPointer(arena.floats(steps)).bindMemory(to: Int32.self, capacity: steps)
    }
    token = arena.floats(steps * width)
    embedded = Tensor(steps * 4 * width, in: arena)
    queries = Tensor(steps * filters, in: arena)
    keys = Tensor(steps * filters, in: arena)
    mixed = Tensor(steps * filters, in: arena)
    states = Tensor(steps * 2 * cells, in: arena)
    summary = Tensor(2 * cells * lanes, in: arena)
    scores = Tensor(lanes, in: arena)
    context.allocate()
  }

  package func optimizer(_ settings: OptimizerSettings) -> Optimizer {
    Optimizer(settings, parameters: parameters, arena: context.arena, kernels: context.kernels)
  }

  /// What comes out for `cells`, each B·4 tokens: one number a lane, before any activation.
  package func forward(_ cells: [ArraySlice<Int32>]) -> UnsafeMutablePointer<Float> {
    context.count = cells.count
    let n = padded(cells.count)
    let (blocks, filters, width) = (shape.blocks, shape.filters, shape.embedding)
    for slot in 0..<4 { codes[slot].update(repeating: 0, count: blocks * n) }
    for (lane, cell) in cells.enumerated() {
      for (place, code) in cell.enumerated() { codes[place % 4][place / 4 * n + lane] = code }
    }
    for slot in 0..<4 {
      embeddings[slot % 2].forward(codes[slot], into: token)
      for block in 0..<blocks {
        slotOf(block, slot, embedded.values, n).update(from: token + block * width * n, count: width * n)
      }
    }
    queryLayer.forward(blocks, embedded.values, into: queries.values)
    keyLayer.forward(blocks, embedded.values, into: keys.values)
    for tensor in [queries, keys] {
      context.kernels.rectify(blocks * filters, n, tensor.values, n, tensor.values, n)
    }
    attention.forward(queries.values, keys.values, into: mixed.values, step: filters * n)
    memory.forward(mixed.values, into: states.values)
    // The state ahead after the last block, the state back after the first.
    let half = shape.cells * n
    summary.values.update(from: states.values + (blocks - 1) * 2 * half, count: half)
    (summary.values + half).update(from: states.values + half, count: half)
    score.forward(1, summary.values, into: scores.values)
    return scores.values
  }

  /// The gradients of all parameters after ``forward(_:)``, whose numbers have the gradients that `slope` gives by lane.
  package func backward(slope: (Int) -> Float) {
    parameters.zeroGradients()
    let kernels = context.kernels
    let n = padded(context.count)
    let (blocks, filters, width, half) = (shape.blocks, shape.filters, shape.embedding, shape.cells * n)
    for lane in 0..<n { scores.gradients[lane] = lane < context.count ? slope(lane) : 0 }
    score.backward(1, summary.values, scores.gradients, into: summary.gradients)
    states.gradients.update(repeating: 0, count: blocks * 2 * half)
    (states.gradients + (blocks - 1) * 2 * half).update(from: summary.gradients, count: half)
    (states.gradients + half).update(from: summary.gradients + half, count: half)
    memory.backward(mixed.values, states.values, states.gradients, into: mixed.gradients)
    keys.gradients.update(repeating: 0, count: blocks * filters * n)
    attention.backward(
      queries.values, keys.values, mixed.gradients, step: filters * n, into: queries.gradients,
      addingTo: keys.gradients)
    for tensor in [queries, keys] {
      kernels.rectifyBackward(
        blocks * filters, n, tensor.values, n, tensor.gradients, n, tensor.gradients, n)
    }
    queryLayer.backward(blocks, embedded.values, queries.gradients, into: embedded.gradients)
    keyLayer.backward(blocks, embedded.values, keys.gradients, into: embedded.gradients, accumulate: true)
    for slot in 0..<4 {
      for block in 0..<blocks {
        (token + block * width * n).update(from: slotOf(block, slot, embedded.gradients, n), count: width * n)
      }
      embeddings[slot % 2].backward(codes[slot], token)
    }
  }

  private func slotOf(_ block: Int, _ slot: Int, _ tensor: Floats, _ n: Int) -> Floats {
    tensor + (block * 4 + slot) * shape.embedding * n
  }
}
