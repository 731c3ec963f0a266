import COpenBLAS

/// U, s and Vᵀ of A = U·diag(s)·Vᵀ for an M×N matrix A, K = min(M, N) (LAPACK's `gesdd`).
package struct SingularValues: Sendable {
  /// M×K, row-major.
  package let left: [Double]
  /// K, descending.
  package let values: [Double]
  /// K×N, row-major; the first of the largest components of each row is positive.
  package let right: [Double]

  /// `matrix` is M×N, row-major. Throws ``SurrogatesError/numerics(_:)`` where the iteration does not converge, as with
  /// numbers that are not finite.
  package init(rows: Int, columns: Int, _ matrix: [Double]) throws {
    precondition(matrix.count == rows * columns, "as many numbers as rows and columns say")
    _ = OpenBLAS.singleThreaded
    let rank = min(rows, columns)
    guard matrix.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("a matrix of \(rows) rows has numbers that are not finite")
    }
    guard rank > 0 else {
      left = []
      values = []
      right = []
      return
    }
    // To LAPACK, which stores by columns, the matrix is Aᵀ = V·diag(s)·Uᵀ.
    var m = try OpenBLAS.size(columns)
    var n = try OpenBLAS.size(rows)
    var k = blasint(rank)
    var lead = m
    var info: blasint = 0
    var copy = matrix
    var found = [Double](repeating: 0, count: rank)
    var v = [Double](repeating: 0, count: columns * rank)
    var u = [Double](repeating: 0, count: rank * rows)
    var integers = [blasint](repeating: 0, count: 8 * rank)
    var best = 0.0
    var workCount: blasint = -1
    var leadV = m
    dgesdd_("S", &m, &n, &copy, &lead, &found, &v, &leadV, &u, &k, &best, &workCount, &integers, &info, 1)
    var work = [Double](repeating: 0, count: max(1, Int(best)))
    workCount = try OpenBLAS.size(work.count, limit: .max)
    dgesdd_("S", &m, &n, &copy, &lead, &found, &v, &leadV, &u, &k, &work, &workCount, &integers, &info, 1)
    guard info == 0 else { throw SurrogatesError.numerics("the singular values of \(rows) rows do not converge") }
    for row in 0..<rank {
      let range = row * columns..<(row + 1) * columns
      var largest = range.lowerBound
      for place in range where abs(v[place]) > abs(v[largest]) { largest = place }
      if v[largest] < 0 {
        for place in range { v[place].negate() }
        for place in stride(from: row, to: u.count, by: rank) { u[place].negate() }
      }
    }
    values = found
    left = u
    right = v
  }
}
