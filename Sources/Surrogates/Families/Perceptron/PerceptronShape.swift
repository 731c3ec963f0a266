import Nets

/// Layers of a perceptron, within bounds that memory can hold.
struct PerceptronShape: NetworkShape {
  let inputs: Int
  let hiddenLayers: Int
  let width: Int

  /// Throws ``SurrogatesError/shape(_:)`` for more than 2²⁶ weights, or none.
  func check() throws {
    guard (1...1_000_000).contains(inputs), (1...200).contains(hiddenLayers), (1...4_096).contains(width) else {
      throw SurrogatesError.shape("no perceptron has \(inputs) features and \(hiddenLayers) layers of \(width)")
    }
    guard count <= 1 << 26 else {
      throw SurrogatesError.shape("a perceptron of \(count) weights is too large; at most \(1 << 26) are kept")
    }
  }

  /// Weights and biases of one network.
  var count: Int { (inputs + 1) * width + (hiddenLayers - 1) * (width + 1) * width + width + 1 }

  /// Throws ``SurrogatesError/numerics(_:)`` on a machine without AVX2 and FMA.
  func network(rows: Int) throws -> PerceptronNetwork {
    PerceptronNetwork(
      inputs: inputs, hiddenLayers: hiddenLayers, width: width, rows: rows, instructionSet: try .forPredictors)
  }
}
