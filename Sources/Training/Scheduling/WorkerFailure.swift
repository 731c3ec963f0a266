import Foundation
public import Records
import Spaces

/// Why a trainer did not train a run, and what is to blame.
public struct WorkerFailure: UserFacingError, Hashable, Codable {
  /// What is to blame decides what follows: see ``RoundSchedule`` and ``TrainingSchedule``.
  public enum Cause: String, Hashable, Sendable, Codable {
    /// The machine: killed from outside, or out of memory. The run is tried again.
    case machine
    /// The program: a crash. Other runs go on.
    case program
    /// The architecture does not fit the data: a result, recorded as failed.
    case architecture
    /// What every run needs, for example room on the disk. The call ends.
    case call
  }

  public let cause: Cause
  public let code: String
  public let message: String
  public let remedy: String?
  private let status: Int32

  public var exitStatus: ExitStatus { ExitStatus(rawValue: status) ?? .software }

  init(cause: Cause, code: String, message: String, remedy: String? = nil, exitStatus: ExitStatus) {
    self.cause = cause
    self.code = code
    self.message = message
    self.remedy = remedy
    status = exitStatus.rawValue
  }

  /// A trainer that gave no answer for so long.
  static func silent(seconds: Double) -> WorkerFailure {
    WorkerFailure(
      cause: .machine, code: "training.silent",
      message: "its trainer gave no answer for \(Int(seconds)) s and was ended", exitStatus: .temporaryFailure)
  }

  /// What an error that a trainer met means.
  package init(_ error: any Error) {
    guard let error = error as? any UserFacingError else {
      self.init(
        cause: .call, code: "training.unexpected", message: "unexpected error in a trainer: \(error)",
        remedy: "report it with the command", exitStatus: .software)
      return
    }
    let cause: Cause
    if error is any SpaceError {
      cause = .architecture
    } else if case RecordsError.fileSystem(_, _, ENOMEM, _) = error {
      cause = .machine
    } else {
      cause = .call
    }
    self.init(
      cause: cause, code: error.code, message: error.message, remedy: error.remedy, exitStatus: error.exitStatus)
  }
}
