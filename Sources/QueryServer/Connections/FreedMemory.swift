import Foundation

/// Gives memory that was freed back to the system.
///
/// The allocator keeps what a crowd of connections held, for the next one; a server that has one crowd a day would look
/// as if it leaked.
enum FreedMemory {
  private typealias Trim = @convention(c) (Int) -> Int32

  /// Of glibc; nil elsewhere.
  private static let trim: Trim? = dlsym(nil, "malloc_trim").map { unsafeBitCast($0, to: Trim.self) }

  /// Does so soon, when the connections that are closing have let go of theirs.
  static func giveBackSoon() {
    guard trim != nil else { return }
    Task.detached(executorPreference: LongWork.evaluations) {
      try? await Task.sleep(for: .milliseconds(500))
      _ = trim?(0)
    }
  }
}
