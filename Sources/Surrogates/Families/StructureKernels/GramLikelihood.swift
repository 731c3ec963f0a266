import Foundation

/// The marginal likelihood of values under a·(G + r·1) for a fixed matrix G, at any variance a and noise ratio r: after one
/// eigen decomposition, O(N) each.
package struct GramLikelihood: Sendable {
  /// A choice of a and r, and how well it explains the values.
  package struct Choice: Sendable {
    package let variance: Double
    package let noiseVariance: Double
    /// ln p(y).
    package let likelihood: Double
  }

  private let eigenvalues: [Double]
  /// Squares of the values' coordinates along the eigenvectors.
  private let squares: [Double]

  package init(_ matrix: SymmetricMatrix, _ values: [Double]) throws {
    let eigen = try SymmetricEigen(matrix)
    let count = values.count
    eigenvalues = eigen.values.map { max($0, 0) }
    squares = (0..<count).map { vector in
      var sum = 0.0
      for index in 0..<count { sum += eigen.vectors[vector * count + index] * values[index] }
      return sum * sum
    }
  }

  /// ln p(y) with the variance 1.
  package func likelihood(noiseVariance: Double) -> Double { choice(ratio: noiseVariance, variance: 1).likelihood }

  /// The most likely noise within `bounds`, relative to the variance, which is the most likely one or `variance`.
  package func best(noise bounds: ClosedRange<Double>, variance: Double? = nil) -> Choice {
    let lowest = log(bounds.lowerBound)
    let step = (log(bounds.upperBound) - lowest) / 24
    func at(_ place: Double) -> Choice { choice(ratio: exp(lowest + step * place), variance: variance) }
    let coarse = (0...24).map { at(Double($0)) }
    var peak = 0
    for place in 1...24 where coarse[place].likelihood > coarse[peak].likelihood { peak = place }
    // Around the best of 25 places the likelihood has one peak: golden sections.
    var (low, high) = (Double(max(0, peak - 1)), Double(min(24, peak + 1)))
    let golden = (5.0.squareRoot() - 1) / 2
    for _ in 0..<30 {
      let left = high - golden * (high - low)
      let right = low + golden * (high - low)
      if at(left).likelihood < at(right).likelihood { low = left } else { high = right }
    }
    let fine = at((low + high) / 2)
    return fine.likelihood > coarse[peak].likelihood ? fine : coarse[peak]
  }

  /// Without a variance the most likely one, Σ sᵢ/(λᵢ + r)/N; never 0, which constant values would ask for.
  private func choice(ratio: Double, variance: Double?) -> Choice {
    let count = Double(squares.count)
    var fit = 0.0
    var logDeterminant = 0.0
    for (square, eigenvalue) in zip(squares, eigenvalues) {
      fit += square / (eigenvalue + ratio)
      logDeterminant += log(eigenvalue + ratio)
    }
    let scale = variance ?? max(fit / count, 1e-6)
    return Choice(
      variance: scale, noiseVariance: scale * ratio,
      likelihood: -(fit / scale + logDeterminant + count * log(2 * Double.pi * scale)) / 2)
  }
}
