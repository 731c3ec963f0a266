import Foundation
package import Nets
package import Records
import Statistics

extension BlockNetwork {
  /// Keras's beginnings: embeddings uniform within 0.05, other weights uniform within √(6 / (inputs + outputs)), those
  /// from state to state orthogonal; biases 0, those of the forget gates 1.
  package func initialise(from generator: SeededGenerator) {
    for tensor in parameters.tensors {
      var stream = generator.stream(tensor.name)
      let name = tensor.name
      if name == "inputs.weight" || name == "operations.weight" {
        parameters.fill(tensor) { _ in Float((2 * stream.uniform() - 1) * 0.05) }
      } else if name.hasSuffix(".weight_hh") {
        let values = Self.orthogonal(rows: tensor.shape[0], columns: tensor.shape[1], &stream)
        parameters.fill(tensor) { values[$0] }
      } else if tensor.shape.count == 2 {
        let bound = (6 / Double(tensor.shape[0] + tensor.shape[1])).squareRoot()
        parameters.fill(tensor) { _ in Float((2 * stream.uniform() - 1) * bound) }
      } else {
        let quarter = tensor.count / 4
        let forgets = name.hasSuffix(".bias_ih") ? quarter..<2 * quarter : 0..<0
        parameters.fill(tensor) { forgets.contains($0) ? 1 : 0 }
      }
    }
  }

  /// One step of Adam on `cells`; returns the mean squared error plus the penalty, before the step.
  package func step(
    _ cells: [ArraySlice<Int32>], _ targets: [Float], _ output: BlockOutput, penalty: Float, _ optimizer: Optimizer
  ) -> Double {
    let scores = forward(cells)
    var loss = 0.0
    let slopes = cells.indices.map { lane in
      let value = output.value(scores[lane])
      let difference = value - targets[lane]
      loss += Double(difference * difference) / Double(cells.count)
      return 2 * difference / Float(cells.count) * output.slope(at: value)
    }
    backward { slopes[$0] }
    loss += penalise(penalty)
    optimizer.step(learningRate: optimizer.settings.learningRate)
    return loss
  }

  /// Adds the gradient of λ·Σw² over the weights of the LSTMs and of the last layer, and returns that. Keras's LSTM has
  /// one bias: the second stays as it is.
  private func penalise(_ strength: Float) -> Double {
    var sum = 0.0
    for tensor in parameters.tensors {
      if tensor.name.hasSuffix(".bias_hh") {
        for index in 0..<tensor.count { parameters.gradients[tensor.place(of: index)] = 0 }
      } else if tensor.name == "score.weight" || tensor.name.hasPrefix("rnn.") && tensor.shape.count == 2 {
        for index in 0..<tensor.count {
          let place = tensor.place(of: index)
          let weight = parameters.values[place]
          parameters.gradients[place] += 2 * strength * weight
          sum += Double(weight * weight)
        }
      }
    }
    return Double(strength) * sum
  }

  /// A matrix with orthonormal columns (rows ≥ columns), row-major: normal numbers after Gram and Schmidt.
  private static func orthogonal(rows: Int, columns: Int, _ stream: inout SeededGenerator) -> [Float] {
    var basis: [[Double]] = []
    while basis.count < columns {
      var vector = (0..<rows).map { _ in NormalDistribution.quantile(stream.uniform() + 0x1p-54) }
      // Twice is enough (Kahan).
      for _ in 0..<2 {
        for other in basis {
          let dot = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in vector.indices { vector[index] -= dot * other[index] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 1e-6 { basis.append(vector.map { $0 / norm }) }
    }
    return (0..<rows * columns).map { Float(basis[$0 % columns][$0 / columns]) }
  }
}

/// What becomes of the last layer's number.
package enum BlockOutput: String, Sendable, Codable {
  /// For values within 0...1.
  case sigmoid
  case linear

  package func value(_ score: Float) -> Float {
    self == .sigmoid ? 1 / (1 + exp(-score)) : score
  }

  /// The derivative where the outcome is `value`.
  package func slope(at value: Float) -> Float { self == .sigmoid ? value * (1 - value) : 1 }
}
