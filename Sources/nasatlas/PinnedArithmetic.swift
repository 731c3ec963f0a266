import Foundation
import Training

/// The kernels of linear algebra that give the same bits on every machine. OpenBLAS reads its settings when it is loaded,
/// so a process that needs them may have to begin again.
enum PinnedArithmetic {
  private static let marker = "NASATLAS_PINNED"

  /// Returns in a process whose linear algebra is pinned: this one, or the same command started anew in its place.
  ///
  /// Throws `TrainingError.unpinnedBLAS` where that does not help.
  static func require() throws {
    do {
      return try Machine.current().requirePinnedBLAS()
    } catch {
      guard case .unpinnedBLAS = error, getenv(marker) == nil else { throw error }
      setenv(marker, "1", 1)
      for (name, value) in Machine.trainerEnvironment { setenv(name, value, 1) }
      execv("/proc/self/exe", CommandLine.unsafeArgv)
      throw error
    }
  }
}
