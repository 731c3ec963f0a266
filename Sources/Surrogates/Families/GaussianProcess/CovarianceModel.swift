/// A family of covariances between N training rows, with hyperparameters θ, all logarithms.
package protocol CovarianceModel: Sendable {
  var parameterCount: Int { get }
  /// K(θ), N×N, without noise.
  func covariance(_ parameters: [Double]) -> SymmetricMatrix
  /// Σᵢⱼ Wᵢⱼ·∂Kᵢⱼ/∂θ for every θ, W symmetric.
  func gradient(_ parameters: [Double], weights: SymmetricMatrix) -> [Double]
}

/// The covariance that a kernel program gives.
package struct ProgramCovariance: CovarianceModel {
  private let program: KernelProgram
  private let count: Int
  /// C×N.
  private let inputs: [Double]

  package init(_ program: KernelProgram, _ features: FeatureMatrix) {
    self.program = program
    count = features.count
    inputs = program.inputs(features)
  }

  package var parameterCount: Int { program.parameterCount }

  package func covariance(_ parameters: [Double]) -> SymmetricMatrix {
    let rows = KernelRows(program, inputs: inputs, count: count, parameters: parameters)
    var result = SymmetricMatrix(count: count)
    result.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for index in 0..<count { rows.compute(index, limit: index + 1, to: base + index * count) }
    }
    return result
  }

  /// Recomputes the rows, which is cheaper than to keep what the way back needs.
  package func gradient(_ parameters: [Double], weights: SymmetricMatrix) -> [Double] {
    let rows = KernelRows(program, inputs: inputs, count: count, parameters: parameters)
    var gradient = [Double](repeating: 0, count: parameterCount)
    var upstream = [Double](repeating: 0, count: count)
    for index in 0..<count {
      // Each pair stands for two entries of the matrix, the diagonal for one.
      for other in 0..<index { upstream[other] = 2 * weights.values[index * count + other] }
      upstream[index] = weights.values[index * count + index]
      rows.compute(index, limit: index + 1, to: nil)
      upstream.withUnsafeBufferPointer { upstream in
        guard let base = upstream.baseAddress else { return }
        rows.backward(base, index + 1, into: &gradient)
      }
    }
    return gradient
  }
}
