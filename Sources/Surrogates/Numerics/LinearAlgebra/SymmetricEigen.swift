import COpenBLAS

/// λ and V of A = V·diag(λ)·Vᵀ for a symmetric A (LAPACK's `syevd`).
package struct SymmetricEigen: Sendable {
  /// N, ascending.
  package let values: [Double]
  /// N×N, row-major: row i is the eigenvector of value i; the first of its largest components is positive.
  package let vectors: [Double]

  /// Throws ``SurrogatesError/numerics(_:)`` where the iteration does not converge, as with numbers that are not finite.
  package init(_ matrix: SymmetricMatrix) throws {
    _ = OpenBLAS.singleThreaded
    let count = matrix.count
    var n = try OpenBLAS.size(count)
    guard count > 0 else {
      values = []
      vectors = []
      return
    }
    guard matrix.values.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("a matrix of \(count) rows has numbers that are not finite")
    }
    var lead = n
    var info: blasint = 0
    var found = [Double](repeating: 0, count: count)
    var work = [Double](repeating: 0, count: 1 + 6 * count + 2 * count * count)
    var integers = [blasint](repeating: 0, count: 3 + 5 * count)
    var workCount = try OpenBLAS.size(work.count, limit: .max)
    var integerCount = blasint(integers.count)
    var vectors = matrix.values
    dsyevd_("V", "U", &n, &vectors, &lead, &found, &work, &workCount, &integers, &integerCount, &info, 1, 1)
    guard info == 0 else { throw SurrogatesError.numerics("the eigenvalues of \(count) rows do not converge") }
    Self.orient(&vectors, count)
    values = found
    self.vectors = vectors
  }

  /// An eigenvector is known up to its sign; this makes it one.
  private static func orient(_ vectors: inout [Double], _ count: Int) {
    for row in 0..<count {
      let range = row * count..<(row + 1) * count
      var largest = range.lowerBound
      for place in range where abs(vectors[place]) > abs(vectors[largest]) { largest = place }
      if vectors[largest] < 0 { for place in range { vectors[place].negate() } }
    }
  }
}
