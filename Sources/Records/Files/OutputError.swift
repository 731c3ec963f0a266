import Foundation

/// Why a file is not written.
package enum OutputError: UserFacingError, Equatable {
  /// The target is a file that the command reads.
  case isInput(path: String, input: String)
  /// The target exists and contains something else.
  case otherKind(path: String, found: OutputKind, wanted: OutputKind)
  /// The target exists, is of the right kind, and is replaced on request only.
  case exists(path: String, kind: OutputKind)
  /// A device or a pipe cannot take a file that has others beside it.
  case notRegular(path: String, wanted: OutputKind)
  case cannotCreate(path: String, reason: String)
  /// The reader of standard output, written to by its path, is gone.
  case closedPipe(path: String)
  /// Writing began and failed.
  case failed(path: String, reason: String)

  package var code: String {
    switch self {
    case .isInput: "records.output_input"
    case .otherKind: "records.output_other_kind"
    case .exists: "records.output_exists"
    case .notRegular: "records.output_not_regular"
    case .cannotCreate: "records.output_cannot_create"
    case .closedPipe: "records.output_closed_pipe"
    case .failed: "records.output_failed"
    }
  }

  package var message: String {
    switch self {
    case .isInput(let path, let input):
      path == input
        ? "cannot write to \(path): the command reads this file"
        : "cannot write to \(path): the command reads this file, as \(input)"
    case .otherKind(let path, let found, let wanted):
      "cannot write \(wanted.words) to \(path): the file contains \(found.words)"
    case .exists(let path, let kind):
      "cannot write to \(path): it is already \(kind.words)"
    case .notRegular(let path, let wanted):
      "cannot write \(wanted.words) to \(path): it is not a regular file"
    case .cannotCreate(let path, let reason): "cannot write to \(path): \(reason)"
    case .closedPipe(let path): "nobody reads \(path) any more"
    case .failed(let path, let reason): "writing \(path) failed: \(reason)"
    }
  }

  package var remedy: String? {
    switch self {
    case .isInput: "name another output file"
    case .otherKind: "name another output file, or remove this one first"
    case .exists: "name another output file, or pass --force to replace this one"
    case .notRegular: "name a file in a folder"
    case .cannotCreate: "name a file in a folder that exists and is writable"
    case .closedPipe: nil
    case .failed: "free space or repair the disk, then repeat the command"
    }
  }

  package var exitStatus: ExitStatus {
    switch self {
    case .isInput, .otherKind, .exists, .notRegular, .cannotCreate: .cannotCreate
    case .closedPipe, .failed: .inputOutput
    }
  }

  /// The system's words for `errno`.
  package static var systemReason: String { String(cString: strerror(errno)) }
}
