import Foundation
import Records

/// A Gaussian process of mean 0 that has seen N values with noise: what predictions need, whatever the kernel
/// (Rasmussen and Williams, 2006, algorithm 2.1).
package struct ConditionedProcess: Sendable {
  /// L of K + σ²·1 = L·Lᵀ.
  package let factor: Cholesky
  /// α = (K + σ²·1)⁻¹·y.
  package let weights: [Double]
  /// y.
  package let values: [Double]

  /// Throws ``SurrogatesError/numerics(_:)`` where the covariance is not positive definite.
  package init(_ covariance: SymmetricMatrix, noiseVariance: Double, values: [Double]) throws {
    factor = try Cholesky(covariance.addingToDiagonal(noiseVariance))
    weights = factor.solve(values)
    self.values = values
  }

  /// From its parts, the lower triangle packed row by row. Throws ``DamagedArchive``.
  init(packed: [Double], weights: [Double]) throws {
    let count = weights.count
    guard packed.count == count * (count + 1) / 2 else {
      throw DamagedArchive("its factor has \(packed.count) numbers for \(count) rows")
    }
    var lower = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      let start = row * (row + 1) / 2
      lower.replaceSubrange(row * count...row * count + row, with: packed[start...start + row])
      guard lower[row * count + row] > 0 else {
        throw DamagedArchive("the diagonal of its factor is not positive")
      }
    }
    factor = Cholesky(count: count, lower: lower)
    self.weights = weights
    values = []
  }

  /// N.
  var count: Int { weights.count }

  /// N(N+1)/2, row by row.
  var packedFactor: [Double] {
    var packed: [Double] = []
    packed.reserveCapacity(count * (count + 1) / 2)
    for row in 0..<count { packed += factor.lower[row * count...row * count + row] }
    return packed
  }

  /// The mean and the variance of the function itself for M rows: `cross` holds k(x, xᵢ), M×N, and `variances` k(x, x).
  ///
  /// Eight rows at a time walk through L side by side; each row's sums have one order, alone or among others.
  package func predict(_ cross: [Double], variances: [Double]) -> [(mean: Double, variance: Double)] {
    precondition(cross.count == variances.count * count, "a covariance a training row")
    return stride(from: 0, to: variances.count, by: 8).flatMap { start in
      predict(cross, start..<min(start + 8, variances.count), variances)
    }
  }

  private func predict(
    _ cross: [Double], _ rows: Range<Int>, _ variances: [Double]
  ) -> [(mean: Double, variance: Double)] {
    let count = count
    let solved = [SIMD8<Double>](unsafeUninitializedCapacity: count) { solved, filled in
      cross.withUnsafeBufferPointer { cross in
        factor.lower.withUnsafeBufferPointer { lower in
          for row in 0..<count {
            var rest = SIMD8<Double>(repeating: 0)
            for (lane, index) in rows.enumerated() { rest[lane] = cross[index * count + row] }
            let line = UnsafeBufferPointer(rebasing: lower[row * count...row * count + row])
            var even = SIMD8<Double>(repeating: 0)
            var odd = SIMD8<Double>(repeating: 0)
            for column in stride(from: 0, to: row & ~1, by: 2) {
              even += line[column] * solved[column]
              odd += line[column + 1] * solved[column + 1]
            }
            if row & 1 == 1 { even += line[row - 1] * solved[row - 1] }
            rest -= even + odd
            solved[row] = rest / line[row]
          }
        }
      }
      filled = count
    }
    var explained = SIMD8<Double>(repeating: 0)
    for part in solved { explained += part * part }
    return rows.enumerated().map { lane, index in
      let mean = cross.withUnsafeBufferPointer { cross in
        weights.withUnsafeBufferPointer { weights in
          guard let cross = cross.baseAddress, let weights = weights.baseAddress else { return 0.0 }
          return KernelRows.dot(cross + index * count, weights, count)
        }
      }
      return (mean, max(0, variances[index] - explained[lane]))
    }
  }

  /// What would have been predicted of each training value had it not been seen, with its noise
  /// (Rasmussen and Williams, 2006, equations 5.10 to 5.12). O(N³).
  package func leaveOneOut() throws -> [(mean: Double, variance: Double)] {
    let inverse = try factor.inverse()
    return values.indices.map { index in
      let precision = inverse.values[index * count + index]
      return (values[index] - weights[index] / precision, 1 / precision)
    }
  }
}
