import Nets

/// An LSTM that reads the tokens of an architecture, and one that writes them again from what was read.
final class ArchitectureReader {
  private let context: LayerContext
  private let tokens: Int
  private let width: Int
  private let positions: Int
  private let readEmbedding: TokenEmbedding
  private let reader: LongShortTermMemory
  private let writeEmbedding: TokenEmbedding
  private let writer: LongShortTermMemory
  private let spell: StepLinear
  /// S×n: the tokens, and the start followed by all of them but the last.
  private let codes: UnsafeMutablePointer<Int32>
  private let before: UnsafeMutablePointer<Int32>
  /// S × width×n, three of values and two of gradients; S × tokens×n.
  private let embedded: Floats
  private let states: Floats
  private let written: Floats
  private let stateGradients: Floats
  private let inputGradients: Floats
  private let logits: Floats
  /// width×n each.
  private let firstState: Floats
  private let firstCell: Floats
  private let writeEmbedded: Floats

  init(_ context: LayerContext, positions: Int, tokens: Int, width: Int, lanes: Int) {
    self.context = context
    self.tokens = tokens
    self.width = width
    self.positions = positions
    readEmbedding = TokenEmbedding(context, "reader.tokens", tokens: tokens, width: width)
    reader = LongShortTermMemory(context, "reader.rnn", inputs: width, width: width)
    writeEmbedding = TokenEmbedding(context, "writer.tokens", tokens: tokens, width: width)
    writer = LongShortTermMemory(context, "writer.rnn", inputs: width, width: width)
    spell = StepLinear(context, "writer.spell", inputs: width, outputs: tokens)
    let arena = context.arena
    let steps = positions * lanes
    codes = UnsafeMutableRawPointer(arena.floats(steps)).bindMemory(to: Int32.self, capacity: steps)
    before = UnsafeMutableRawPointer(arena.floats(steps)).bindMemory(to: Int32.self, capacity: steps)
    embedded = arena.floats(steps * width)
    writeEmbedded = arena.floats(steps * width)
    states = arena.floats(steps * width)
    written = arena.floats(steps * width)
    stateGradients = arena.floats(steps * width)
    inputGradients = arena.floats(steps * width)
    logits = arena.floats(steps * tokens)
    firstState = arena.floats(width * lanes)
    firstCell = arena.floats(width * lanes)
  }

  /// What is left after the last token: width×n.
  func forward(_ rows: [ArraySlice<Int32>]) -> Floats {
    let n = padded(context.count)
    codes.update(repeating: 0, count: positions * n)
    before.update(repeating: 0, count: positions * n)
    for (lane, row) in rows.enumerated() {
      for (place, code) in row.enumerated() {
        codes[place * n + lane] = code
        if place + 1 < positions { before[(place + 1) * n + lane] = code }
      }
    }
    readEmbedding.forward(codes, into: embedded)
    reader.forward(embedded, into: states, step: width * n)
    return states + (positions - 1) * width * n
  }

  /// The gradients of the parameters from `upstream` (width×n), the gradient of what ``forward(_:)`` gave, and from
  /// `share` times the mean negative log-likelihood of the tokens written again.
  func backward(_ upstream: Floats, share: Float) {
    let n = padded(context.count)
    let last = states + (positions - 1) * width * n
    firstState.update(from: upstream, count: width * n)
    firstCell.update(repeating: 0, count: width * n)
    if share > 0 {
      writeEmbedding.forward(before, into: writeEmbedded)
      writer.forward(writeEmbedded, into: written, step: width * n, from: (state: last, cell: last))
      spell.forward(positions, written, into: logits)
      _ = TokenLoss.evaluate(
        context, tokens: tokens, codes: codes, logits: logits, weight: share / Float(context.count * positions))
      spell.backward(positions, written, logits, into: stateGradients)
      writer.backward(
        writeEmbedded, written, stateGradients, step: width * n, into: inputGradients, from: (state: last, cell: last),
        initialGradient: (state: firstState, cell: firstCell))
      writeEmbedding.backward(before, inputGradients)
    }
    stateGradients.update(repeating: 0, count: (positions - 1) * width * n)
    let lastGradient = stateGradients + (positions - 1) * width * n
    for index in 0..<width * n { lastGradient[index] = firstState[index] + firstCell[index] }
    reader.backward(embedded, states, stateGradients, step: width * n, into: inputGradients)
    readEmbedding.backward(codes, inputGradients)
  }
}
