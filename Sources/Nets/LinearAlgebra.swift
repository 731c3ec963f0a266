import COpenBLAS

/// The BLAS that this process has loaded.
public enum LinearAlgebra {
  /// For example `OpenBLAS 0.3.21`.
  public static var version: String {
    String(cString: openblas_get_config()).split(separator: " ").prefix(2).joined(separator: " ")
  }

  /// The family of kernels in use, for example `Haswell`.
  public static var core: String { String(cString: openblas_get_corename()) }

  public static var threads: Int { Int(openblas_get_num_threads()) }
}
