public import Records

/// What can go wrong with a working file or an atlas.
public enum StoreError: UserFacingError, Equatable {
  case notFound(path: String)
  case empty(path: String)
  /// Not SQLite, or SQLite with another application id.
  case foreign(path: String, reason: String)
  case unsupportedFormat(path: String, found: Int, supported: Int)
  case truncated(path: String, bytes: Int, expected: Int)
  case extended(path: String, bytes: Int, expected: Int)
  case manifestMissing(path: String)
  /// The manifest itself is damaged.
  case manifestDamaged(path: String, reason: String)
  /// The manifest is intact and belongs to other content.
  case manifestMismatch(path: String, reason: String)
  /// Pages are counted from 1, as SQLite does.
  case damagedPage(path: String, page: Int)
  case damagedBlock(path: String, table: String, block: Int64, reason: String)
  case damagedRecord(path: String, run: String, reason: String)
  /// A table contains what it should not, or SQLite calls the file corrupt.
  case damaged(path: String, reason: String)
  /// A working file of a version without checksums.
  case olderWorkingFile(path: String)
  /// A record that an atlas cannot hold.
  /// `place` is a byte of a journal.
  case invalidRecord(file: String, place: Int, reason: String)
  /// Lines of an NDJSON file that cannot be stored; nothing of the file was taken.
  case badLines(path: String, count: Int, first: [BadLine])
  /// SQLite reported an error.
  case database(path: String, reason: String)
  case unknownRun(path: String, run: Int64)
  case nothingToPublish(path: String)

  /// A line, counted from 1, and what is wrong with it.
  public struct BadLine: Hashable, Sendable, Codable {
    public let line: Int
    public let reason: String

    public init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  /// Bad lines that an error lists; it counts all of them.
  public static let listedBadLines = 1_000

  public var code: String {
    switch self {
    case .badLines: "store.bad_lines"
    case .notFound: "store.not_found"
    case .empty: "store.empty"
    case .foreign: "store.foreign"
    case .unsupportedFormat: "store.format"
    case .truncated: "store.truncated"
    case .extended: "store.extended"
    case .manifestMissing: "store.manifest.missing"
    case .manifestDamaged: "store.manifest.damaged"
    case .manifestMismatch: "store.manifest.mismatch"
    case .damagedPage: "store.damaged.page"
    case .damagedBlock: "store.damaged.block"
    case .damagedRecord: "store.damaged.record"
    case .damaged: "store.damaged"
    case .olderWorkingFile: "store.working.older"
    case .invalidRecord: "store.invalid_record"
    case .database: "store.database"
    case .unknownRun: "store.unknown_run"
    case .nothingToPublish: "store.nothing_to_publish"
    }
  }

  public var message: String {
    switch self {
    case .notFound(let path): "\(path) does not exist or cannot be read"
    case .empty(let path): "\(path) is empty"
    case .foreign(let path, let reason): "\(path) is not a file of NASAtlas: \(reason)"
    case .unsupportedFormat(let path, let found, let supported):
      "\(path) has format \(found); this version reads format \(supported)"
    case .truncated(let path, let bytes, let expected):
      "\(path) is truncated: \(bytes) bytes of \(expected)"
    case .extended(let path, let bytes, let expected):
      "\(path) is too long: \(bytes) bytes, \(expected) expected"
    case .manifestMissing(let path): "the manifest \(path) is missing"
    case .manifestDamaged(let path, let reason): "the manifest \(path) is damaged: \(reason)"
    case .manifestMismatch(let path, let reason): "\(path) and its manifest do not belong together: \(reason)"
    case .damagedPage(let path, let page): "\(path) is damaged: page \(page) does not have its checksum"
    case .damagedBlock(let path, let table, let block, let reason):
      "\(path) is damaged: block \(block) of \(table): \(reason)"
    case .damagedRecord(let path, let run, let reason): "\(path) is damaged: run \(run): \(reason)"
    case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
    case .olderWorkingFile(let path): "\(path) is a working file of an older version, without checksums"
    case .invalidRecord(let file, let place, let reason):
      "the record at byte \(place) of \(file) cannot be stored: \(reason)"
    case .badLines(let path, let count, let first):
      "\(count) \(count == 1 ? "line" : "lines") of \(path) cannot be read, and nothing of it was taken:"
        + first.prefix(20).map { "\n  line \($0.line): \($0.reason)" }.joined()
        + (count > 20 ? "\n  and \(count - 20) more" : "")
    case .database(let path, let reason): "SQLite could not work on \(path): \(reason)"
    case .unknownRun(let path, let run): "\(path) has no run \(run)"
    case .nothingToPublish(let path): "\(path) holds no run yet"
    }
  }

  public var remedy: String? {
    switch self {
    case .notFound: "check the path"
    case .empty, .truncated, .extended, .damagedPage, .damagedBlock, .manifestDamaged, .manifestMismatch:
      "copy the atlas and its manifest again, or make them anew with `nasatlas publish`"
    case .damagedRecord: "make the file anew with `nasatlas ingest` from the journals"
    case .damaged: "copy the file again, or make it anew: `nasatlas ingest` the journals, then `nasatlas publish`"
    case .olderWorkingFile: "delete it, then `nasatlas ingest` the same journals and NDJSON files again"
    case .foreign: "name a file that `nasatlas publish` or `nasatlas ingest` wrote"
    case .unsupportedFormat(_, let found, let supported):
      found > supported ? "use a newer version of nasatlas" : "make the file anew with `nasatlas publish`"
    case .manifestMissing: "copy it from where the atlas comes from; it lies beside the atlas"
    case .badLines: "correct these lines, then ingest the file again"
    case .invalidRecord: "correct what wrote the record, then ingest again"
    case .database: "check free space and permissions, then `nasatlas verify` the file"
    case .unknownRun: "look runs up by architecture, data set, protocol and seed"
    case .nothingToPublish: "train first, then `nasatlas ingest`"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .notFound, .manifestMissing: .noInput
    case .database: .inputOutput
    case .unknownRun: .usage
    default: .dataError
    }
  }
}
