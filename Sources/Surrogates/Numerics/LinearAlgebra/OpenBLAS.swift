import COpenBLAS

/// What every caller of BLAS and LAPACK in this room relies on.
enum OpenBLAS {
  /// One thread, so that sums have one order whatever the machine; set when first read.
  static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `count` as LAPACK takes it: rows by default, of which 46,000 have as many squares as it can count.
  ///
  /// Throws ``SurrogatesError/numerics(_:)`` for more than `limit`.
  static func size(_ count: Int, limit: Int = 46_000) throws -> blasint {
    guard let size = blasint(exactly: count), count <= limit else {
      throw SurrogatesError.numerics("a matrix with \(count) rows or work places is too large")
    }
    return size
  }
}
