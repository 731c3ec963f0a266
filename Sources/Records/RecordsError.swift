/// What can go wrong with the files of this room: journals and locks.
public enum RecordsError: UserFacingError, Equatable {
  /// A system call failed; `errorNumber` is its `errno`, `reason` the system's own words.
  case fileSystem(operation: String, path: String, errorNumber: Int32, reason: String)
  case notFound(path: String)
  /// The file does not begin as a journal does.
  case notAJournal(path: String)
  case unsupportedVersion(path: String, found: UInt32, supported: UInt32)
  /// A frame is damaged although a whole frame stands behind it, so it cannot be the rest of an interrupted write.
  case damagedFrame(path: String, offset: Int, reason: String)
  /// A frame is intact, yet what it holds is not an entry that this version reads.
  case undecodableEntry(path: String, offset: Int, reason: String)
  /// An entry that nobody could read again, so that the journal does not take it.
  case unwritableEntry(path: String, reason: String)
  case entryTooLarge(path: String, bytes: Int, limit: Int)
  /// Another writer holds the file; `holder` is its process id where the system tells it.
  case locked(path: String, holder: Int32?)
  /// An earlier write or sync of this writer failed, so nothing more can be promised about the file.
  case writerFailed(path: String, reason: String)

  public var code: String {
    switch self {
    case .fileSystem: "records.file_system"
    case .notFound: "records.not_found"
    case .notAJournal: "records.journal_foreign"
    case .unsupportedVersion: "records.journal_version"
    case .damagedFrame: "records.journal_damaged"
    case .undecodableEntry: "records.journal_undecodable"
    case .unwritableEntry: "records.journal_unwritable"
    case .entryTooLarge: "records.journal_too_large"
    case .locked: "records.locked"
    case .writerFailed: "records.journal_writer_failed"
    }
  }

  public var message: String {
    switch self {
    case .fileSystem(let operation, let path, let number, let reason):
      "\(operation) failed for \(path): \(reason) (errno \(number))"
    case .notFound(let path):
      "\(path) does not exist"
    case .notAJournal(let path):
      "\(path) is not a journal: it does not begin with NASAJRNL and a valid header"
    case .unsupportedVersion(let path, let found, let supported):
      "\(path) is a journal of format \(found); this version reads format \(supported)"
    case .damagedFrame(let path, let offset, let reason):
      "\(path) is damaged at byte \(offset): \(reason), and intact records follow"
    case .undecodableEntry(let path, let offset, let reason):
      "\(path) has an unreadable entry at byte \(offset): \(reason)"
    case .unwritableEntry(let path, let reason):
      "cannot add an entry to \(path): \(reason)"
    case .entryTooLarge(let path, let bytes, let limit):
      "an entry of \(bytes) bytes is too long for \(path); allowed: at most \(limit) bytes"
    case .locked(let path, let holder):
      "\(path) is in use by \(holder.map { "process \($0)" } ?? "another process")"
    case .writerFailed(let path, let reason):
      "\(path) accepts no more entries: an earlier write failed (\(reason))"
    }
  }

  public var remedy: String? {
    switch self {
    case .fileSystem: "check that the folder exists, is writable and has free space, then repeat the command"
    case .notFound: "check the path"
    case .notAJournal: "name a journal that `nasatlas train` wrote"
    case .unsupportedVersion: "use the version of nasatlas that wrote the file, or train again"
    case .damagedFrame(_, let offset, _):
      "restore the file from a copy; the first \(offset) bytes are intact and can be kept with `head -c \(offset)`"
    case .undecodableEntry: "use the version of nasatlas that wrote the file"
    case .unwritableEntry: "correct the program that made the record"
    case .entryTooLarge: "record fewer epochs or metrics in one run"
    case .locked: "wait until that process ends, or write to another file"
    case .writerFailed: "free space or repair the disk, then open the journal again"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .fileSystem, .writerFailed: .inputOutput
    case .notFound: .noInput
    case .notAJournal, .unsupportedVersion, .damagedFrame, .undecodableEntry, .unwritableEntry, .entryTooLarge:
      .dataError
    case .locked: .temporaryFailure
    }
  }
}
