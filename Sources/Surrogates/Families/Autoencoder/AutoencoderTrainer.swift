import Dispatch
import Nets
import Records

/// Trains an auto-encoder on two processors: each of two copies takes half of a batch, and their gradients are added.
///
/// The halves follow from the batch's size alone, so the result is the same on one processor.
final class AutoencoderTrainer {
  private let settings: AutoencoderSettings
  private let copies: [SequenceAutoencoder]
  private var generator: SeededGenerator

  /// Fresh weights from `generator`. Throws ``SurrogatesError/numerics(_:)`` on machines without AVX2.
  init(_ shape: AutoencoderShape, _ settings: AutoencoderSettings, _ generator: SeededGenerator) throws {
    self.settings = settings
    self.generator = generator.stream("order")
    let capacity = Self.split(settings.batchSize)
    copies = [
      try AutoencoderModel.network(shape, capacity: capacity), try AutoencoderModel.network(shape, capacity: capacity),
    ]
    copies[0].initialise(from: generator.stream("weights"))
    copies[1].weights = copies[0].weights
  }

  /// Sequences of the first half of a batch, in whole vectors.
  private static func split(_ count: Int) -> Int { min(count, padded((count + 1) / 2)) }

  var weights: [Float] { copies[0].weights }

  /// Weights of the parts of the loss.
  struct Loss {
    var reconstruction: Float
    var error: Float
  }

  /// Trains on `rows` of `table` for the settings' epochs, shuffled before each, with an optimizer of its own. Calls
  /// `after` with the rows of each batch, when ``embedding(_:channel:)`` gives what they were in that step.
  func train(
    _ table: TokenTable, targets: [Float], rows: [Int], loss: Loss, after: (ArraySlice<Int>) -> Void = { _ in }
  ) {
    let optimizer = Optimizer(
      OptimizerSettings(
        kind: .adam, learningRate: settings.learningRate, weightDecay: settings.weightDecay,
        maxGradientNorm: settings.gradientNorm),
      parameters: copies[0].parameters, arena: copies[0].context.arena, kernels: copies[0].context.kernels)
    var order = rows
    for _ in 0..<settings.epochs {
      generator.shuffle(&order)
      for start in stride(from: 0, to: order.count, by: settings.batchSize) {
        let batch = order[start..<min(start + settings.batchSize, order.count)]
        gradients(table, targets, batch, loss)
        optimizer.step(learningRate: settings.learningRate)
        let (from, to) = (copies[0].parameters, copies[1].parameters)
        to.values.update(from: from.values, count: from.extent)
        after(batch)
      }
    }
  }

  /// What the sequence at `place` of the last batch was embedded as.
  func embedding(_ place: Int, batch: Int, channel: Int) -> Float {
    let cut = Self.split(batch)
    return place < cut
      ? copies[0].embedding(row: place, channel: channel) : copies[1].embedding(row: place - cut, channel: channel)
  }

  /// Leaves the gradients of a whole batch in the first copy.
  private func gradients(_ table: TokenTable, _ targets: [Float], _ batch: ArraySlice<Int>, _ loss: Loss) {
    let cut = batch.startIndex + Self.split(batch.count)
    let halves = [batch[..<cut], batch[cut...]]
    let keys = [generator.next(), generator.next()]
    nonisolated(unsafe) let copies = copies
    DispatchQueue.concurrentPerform(iterations: halves[1].isEmpty ? 1 : 2) { index in
      let half = halves[index]
      copies[index].gradients(
        SequenceAutoencoder.Step(
          count: half.count, share: 1 / Float(batch.count), reconstruction: loss.reconstruction, error: loss.error,
          key: keys[index]),
        token: { table[half[half.startIndex + $0], $1] }, target: { targets[half[half.startIndex + $0]] })
    }
    guard !halves[1].isEmpty else { return }
    let (first, second) = (copies[0].parameters, copies[1].parameters)
    copies[0].context.kernels.scaleAdd(1, first.extent, second.gradients, 0, 1, first.gradients, 0, true)
  }
}
