import COpenBLAS
import Foundation

/// L of A = L·Lᵀ for a symmetric positive definite A (LAPACK's `potrf`).
package struct Cholesky: Sendable {
  /// N.
  package let count: Int
  /// N×N, row-major; what is right of the diagonal is no part of L.
  package let lower: [Double]
  /// What had to be added to the diagonal; 0 in most cases.
  package let jitter: Double

  /// Where A is not positive definite by rounding, tries again with more and more on its diagonal: 1e-10 to 1e-4 of the
  /// diagonal's mean, times ten a step.
  ///
  /// Throws ``SurrogatesError/numerics(_:)`` where that does not help. O(N³).
  package init(_ matrix: SymmetricMatrix) throws {
    _ = OpenBLAS.singleThreaded
    count = matrix.count
    let size = try OpenBLAS.size(count)
    guard count > 0 else {
      lower = []
      jitter = 0
      return
    }
    var diagonalSum = 0.0
    for index in 0..<count { diagonalSum += matrix.values[index * count + index] }
    let scale = diagonalSum / Double(count)
    guard scale.isFinite, scale > 0 else {
      throw SurrogatesError.numerics("a covariance has the mean variance \(scale)")
    }
    for added in [0, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4] {
      var factor = matrix.values
      for index in 0..<count { factor[index * count + index] += added * scale }
      if Self.factorise(&factor, size), factor[count * count - 1].isFinite {
        lower = factor
        jitter = added * scale
        return
      }
    }
    throw SurrogatesError.numerics("a covariance of \(count) rows is not positive definite")
  }

  /// A lower triangle, row-major, that was factorised before.
  package init(count: Int, lower: [Double]) {
    precondition(lower.count == count * count, "a factor is square")
    self.count = count
    self.lower = lower
    jitter = 0
  }

  /// Rows of LAPACK are our columns: its upper triangle is our lower one.
  private static func factorise(_ values: inout [Double], _ size: blasint) -> Bool {
    var n = size
    var lead = size
    var info: blasint = 0
    dpotrf_("U", &n, &values, &lead, &info, 1)
    return info == 0
  }

  /// ln |A| = 2 Σ ln Lᵢᵢ.
  package var logDeterminant: Double {
    var sum = 0.0
    for index in 0..<count { sum += log(lower[index * count + index]) }
    return 2 * sum
  }

  /// x of A·x = b. O(N²).
  package func solve(_ b: [Double]) -> [Double] {
    var x = b
    multiplyByInverse(&x, transposed: false)
    multiplyByInverse(&x, transposed: true)
    return x
  }

  /// x of L·x = b. O(N²).
  package func solveLower(_ b: [Double]) -> [Double] {
    var x = b
    multiplyByInverse(&x, transposed: false)
    return x
  }

  private func multiplyByInverse(_ x: inout [Double], transposed: Bool) {
    precondition(x.count == count, "as many numbers as rows")
    guard count > 0 else { return }
    cblas_dtrsv(
      CblasRowMajor, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, blasint(count), lower,
      blasint(count), &x, 1)
  }

  /// A⁻¹ (LAPACK's `potri`). O(N³).
  package func inverse() throws -> SymmetricMatrix {
    var values = lower
    var n = try OpenBLAS.size(count)
    var lead = n
    var info: blasint = 0
    guard count > 0 else { return SymmetricMatrix(count: 0) }
    dpotri_("U", &n, &values, &lead, &info, 1)
    guard info == 0 else { throw SurrogatesError.numerics("a factor of \(count) rows has a zero on its diagonal") }
    return try SymmetricMatrix(count: count, values: values)
  }
}
