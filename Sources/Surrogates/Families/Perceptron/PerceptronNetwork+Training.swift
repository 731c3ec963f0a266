package import Nets
package import Records

extension PerceptronNetwork {
  /// Learns `targets` (N) from `table` (N×inputs) by the mean absolute error and the penalty on the output layer, with
  /// Adam on shuffled batches, the last of which may be smaller.
  package func train(
    _ table: [Float], _ targets: [Float], _ settings: PerceptronSettings, order generator: SeededGenerator
  ) {
    var generator = generator
    let optimizer = optimizer(settings.adam)
    var order = Array(targets.indices)
    table.withUnsafeBufferPointer { table in
      guard let rows = table.baseAddress else { return }
      for _ in 0..<settings.epochs {
        generator.shuffle(&order)
        for start in stride(from: 0, to: order.count, by: settings.batchSize) {
          let batch = order[start..<min(start + settings.batchSize, order.count)]
          step(rows, batch, targets, settings, optimizer)
        }
      }
    }
  }

  /// One step of Adam on the rows at `batch`.
  package func step(
    _ table: UnsafePointer<Float>, _ batch: ArraySlice<Int>, _ targets: [Float], _ settings: PerceptronSettings,
    _ optimizer: Optimizer
  ) {
    let predicted = forward(table, batch)
    let share = 1 / Float(batch.count)
    backward(batch.count) { lane in
      let difference = predicted[lane] - targets[batch[batch.startIndex + lane]]
      return difference > 0 ? share : difference < 0 ? -share : 0
    }
    penaliseOutput(settings.outputPenalty)
    optimizer.step(learningRate: settings.learningRate)
  }

  /// What comes out for every row of `table`, in tiles of the rows that memory is laid out for.
  package func outputs(_ table: [Float], count: Int, tile: Int) -> [Float] {
    var outputs: [Float] = []
    outputs.reserveCapacity(count)
    let indices = Array(0..<count)
    table.withUnsafeBufferPointer { table in
      guard let rows = table.baseAddress else { return }
      for start in stride(from: 0, to: count, by: tile) {
        let part = indices[start..<min(start + tile, count)]
        let predicted = forward(rows, part)
        outputs.append(contentsOf: UnsafeBufferPointer(start: predicted, count: part.count))
      }
    }
    return outputs
  }
}

extension PerceptronSettings {
  package var adam: OptimizerSettings {
    OptimizerSettings(kind: .adam, learningRate: learningRate, weightDecay: 0, beta1: beta1, beta2: beta2)
  }
}
