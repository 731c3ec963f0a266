/// What every error of the house says: a stable code for programs, a message with the operands, the next step, and the
/// exit status of the command line (sysexits).
public protocol UserFacingError: Error, CustomStringConvertible {
  /// Stable, lower-case, dotted: `datasets.checksum`.
  var code: String { get }
  /// What is wrong, with the value met and the values allowed.
  var message: String { get }
  /// What to do next; a command where there is one.
  var remedy: String? { get }
  var exitStatus: ExitStatus { get }
}

extension UserFacingError {
  public var remedy: String? { nil }
  public var description: String {
    remedy.map { "\(message)\n  next: \($0)" } ?? message
  }
}

/// Exit statuses of the command line, as BSD's sysexits.h names them.
public enum ExitStatus: Int32, Sendable {
  case success = 0
  /// The command line is wrong.
  case usage = 64
  /// The input's content is wrong.
  case dataError = 65
  /// An input file is missing or unreadable.
  case noInput = 66
  /// A service or a capability of the machine is missing.
  case unavailable = 69
  /// A fault of ours.
  case software = 70
  /// An output file cannot be made.
  case cannotCreate = 73
  /// Reading or writing failed.
  case inputOutput = 74
  /// Try again later: another process holds a lock.
  case temporaryFailure = 75
  /// The configuration is wrong.
  case configuration = 78
}
