import COpenBLAS

/// From this many terms on, 64 columns of B fill 400 kB, which small second-level caches do not hold beside A; OpenBLAS
/// packs its operands. None of the networks of the bundled protocols gets there; those of the authors' largest do.
private let wideTerms = 1_536

extension LayerContext {
  /// Hands a wide product to OpenBLAS; false when it is not wide. The choice follows from the shape alone, so the same
  /// network takes the same path on every machine.
  package func wideProduct(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int, _ b: UnsafePointer<Float>,
    _ ldb: Int, _ c: Floats, _ ldc: Int, _ accumulate: Bool, _ bias: UnsafePointer<Float>?
  ) -> Bool {
    guard k >= wideTerms, m >= 64, n >= 64, aRow == 1 || aStep == 1 else { return false }
    if let bias {
      for row in 0..<m { (c + row * ldc).update(repeating: bias[row], count: n) }
    }
    let transposed = aRow == 1
    cblas_sgemm(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a,
      Int32(transposed ? aStep : aRow), b, Int32(ldb), accumulate || bias != nil ? 1 : 0, c, Int32(ldc))
    return true
  }
}
