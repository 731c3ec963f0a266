import Foundation
import Records

/// How the process of a trainer ended, as the system reports it.
package enum TrainerEnd: Hashable, Sendable {
  case exited(status: Int32)
  case killed(signal: Int32)

  /// Reads what `waitpid` reports.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited(status: (waitStatus >> 8) & 0xff) : .killed(signal: signal)
  }
}

extension WorkerFailure {
  /// What the end of a trainer that had not reported an error means.
  ///
  /// A crash is a fault of the program, except where the process could not get memory: the Swift runtime and the dynamic
  /// loader write so to stderr (`words`) before they end the process. Every other signal came from outside.
  package init(end: TrainerEnd, words: String) {
    let lines = words.split(separator: "\n").map(String.init)
    let shortage = lines.first { line in Self.memoryWords.contains { line.localizedCaseInsensitiveContains($0) } }
    switch end {
    case .killed(let signal) where Self.crashes[signal] == nil:
      self.init(
        cause: .machine, code: "training.killed",
        message: signal == SIGKILL
          ? "its trainer was killed by SIGKILL, as the system does when memory is short"
          : "its trainer was terminated by \(Self.name(signal))",
        exitStatus: .temporaryFailure)
    case _ where shortage != nil:
      self.init(
        cause: .machine, code: "training.out_of_memory",
        message: "its trainer ran out of memory: \(Self.shortened(shortage ?? ""))", exitStatus: .temporaryFailure)
    case .killed(let signal):
      let reason = lines.first { $0.contains("Fatal error") }.map { ": \(Self.shortened($0))" } ?? ""
      self.init(
        cause: .program, code: "training.crashed",
        message: "its trainer crashed with \(Self.name(signal))\(reason)", exitStatus: .software)
    case .exited(let status):
      let reason = lines.last.map { ": \(Self.shortened($0))" } ?? ""
      self.init(
        cause: .program, code: "training.ended",
        message: "its trainer ended with status \(status) and no answer\(reason)", exitStatus: .software)
    }
  }

  /// Signals that a process brings upon itself.
  private static let crashes: [Int32: String] = [
    SIGSEGV: "SIGSEGV", SIGILL: "SIGILL", SIGBUS: "SIGBUS", SIGABRT: "SIGABRT", SIGTRAP: "SIGTRAP", SIGFPE: "SIGFPE",
    SIGSYS: "SIGSYS",
  ]

  private static let outside: [Int32: String] = [
    SIGKILL: "SIGKILL", SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP", SIGXCPU: "SIGXCPU", SIGQUIT: "SIGQUIT",
  ]

  private static func name(_ signal: Int32) -> String { crashes[signal] ?? outside[signal] ?? "signal \(signal)" }

  /// The words of the Swift runtime, the C library and the dynamic loader for a lack of memory.
  private static let memoryWords = [
    "failed to allocate", "could not allocate memory", "cannot allocate memory", "failed to map segment",
    "std::bad_alloc",
  ]

  private static func shortened(_ line: String) -> String { String(line.prefix(200)) }
}
