import Foundation

/// How promises of `docs/reliability.md` are measured: in a short form by every test run, in the long form where
/// `NASATLAS_SLOW=1`.
package enum Reliability {
  /// Whether the long forms run.
  package static let isLong = ProcessInfo.processInfo.environment["NASATLAS_SLOW"] == "1"

  private static let showsFigures = ProcessInfo.processInfo.environment["NASATLAS_FIGURES"] == "1"

  /// Prints a figure, such as `R9: 10,000 flips, 0 wrong answers`, where `NASATLAS_FIGURES=1`; `tools/dev reliability`
  /// collects these lines.
  package static func report(_ promise: String, _ figure: String) {
    guard showsFigures else { return }
    // One write, so that lines of tests that run beside each other do not mix.
    let line = Array("\n\(promise): \(figure)\n".utf8)
    line.withUnsafeBytes { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
