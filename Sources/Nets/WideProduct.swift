import COpenBLAS
import Foundation

/// From this many terms on, 64 columns of B fill 400 kB, which small second-level caches do not hold beside A; OpenBLAS
/// packs its operands. None of the networks of the bundled protocols gets there; those of the authors' largest do.
private let wideTerms = 1_536

/// OpenBLAS repeats its request for a buffer without end while the system has no room. A process without that room ends
/// here instead, with words that name the cause.
private let bufferFits: Void = {
  let bytes = (128 << 20) + 4_096
  let room = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard room != MAP_FAILED else { fatalError("failed to allocate \(bytes) bytes of memory for OpenBLAS") }
  munmap(room, bytes)
}()

extension LayerContext {
  /// Hands a wide product to OpenBLAS; false when it is not wide. The choice follows from the shape alone, so the same
  /// network takes the same path on every machine.
  package func wideProduct(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int, _ b: UnsafePointer<Float>,
    _ ldb: Int, _ c: Floats, _ ldc: Int, _ accumulate: Bool, _ bias: UnsafePointer<Float>?
  ) -> Bool {
    guard k >= wideTerms, m >= 64, n >= 64, aRow == 1 || aStep == 1 else { return false }
    bufferFits
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
