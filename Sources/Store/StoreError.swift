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
  /// `unchecked` lines need a space or a protocol whose own line is among the bad ones.
  case badLines(path: String, count: Int, first: [BadLine], unchecked: Int = 0)
  /// Rows of one key with other numbers, or differing cards of one thing, that nothing decides; nothing was taken.
  case conflicts(path: String, report: IngestReport)
  /// Metrics, data sets and sources that runs or measurements name and no card describes; nothing was taken.
  case missingCards(path: String, missing: [MissingCard])
  /// Runs whose parts contradict each other or the cards of their metrics.
  case contradictions(path: String, Contradictions)
  /// No source has the name that conflicts are to be decided for.
  case unknownPreference(path: String, name: String, known: [String], nearest: String?)
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

  /// A name without a card.
  public struct MissingCard: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
      case metric, source
      case dataset = "data set"
    }

    public let kind: Kind
    public let name: String
    /// The known name that was probably meant.
    public let nearest: String?
    /// For a data set that has cards: the digest, or `none`, that none of them has.
    public var digest: String?

    var words: String {
      let label = "\(kind.rawValue) \(name.debugDescription)"
      if let digest { return "\(label): no card has the digest of the data that the runs name, \(digest)" }
      return label + (nearest.map { "; did you mean \($0.debugDescription)?" } ?? "")
    }
  }

  /// Bad lines that an error lists; it counts all of them.
  public static let listedBadLines = 1_000

  public var code: String {
    switch self {
    case .badLines: "store.bad_lines"
    case .conflicts: "store.conflicts"
    case .missingCards: "store.missing_cards"
    case .contradictions: "store.contradictions"
    case .unknownPreference: "store.unknown_preference"
    case .notFound: "store.not_found"
    case .empty: "store.empty"
    case .foreign: "store.foreign"
    case .unsupportedFormat: "store.format"
    case .truncated: "store.truncated"
    case .extended: "store.extended"
    case .manifestMissing: "store.manifest_missing"
    case .manifestDamaged: "store.manifest_damaged"
    case .manifestMismatch: "store.manifest_mismatch"
    case .damagedPage: "store.damaged_page"
    case .damagedBlock: "store.damaged_block"
    case .damagedRecord: "store.damaged_record"
    case .damaged: "store.damaged"
    case .olderWorkingFile: "store.working_older"
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
    case .foreign(let path, let reason): "cannot read \(path): \(reason)"
    case .unsupportedFormat(let path, let found, let supported):
      "\(path) has format \(found); this version reads format \(supported)"
    case .truncated(let path, let bytes, let expected):
      "\(path) is truncated: it has \(bytes) of \(expected) bytes"
    case .extended(let path, let bytes, let expected):
      "\(path) is too long: it has \(bytes) bytes; expected: \(expected)"
    case .manifestMissing(let path): "the manifest \(path) is missing"
    case .manifestDamaged(let path, let reason): "the manifest \(path) is damaged: \(reason)"
    case .manifestMismatch(let path, let reason): "\(path) and its manifest do not belong together: \(reason)"
    case .damagedPage(let path, let page): "\(path) is damaged: the checksum of page \(page) is wrong"
    case .damagedBlock(let path, let table, let block, let reason):
      "\(path) is damaged: block \(block) of \(table): \(reason)"
    case .damagedRecord(let path, let run, let reason): "\(path) is damaged: run \(run): \(reason)"
    case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
    case .olderWorkingFile(let path): "\(path) is a working file of an older version, without checksums"
    case .invalidRecord(let file, let place, let reason):
      "the record at byte \(place) of \(file) cannot be stored: \(reason)"
    case .badLines(let path, let count, let first, let unchecked):
      "\(count) \(count == 1 ? "line" : "lines") of \(path) cannot be read; nothing was ingested:"
        + first.prefix(20).map { "\n  line \($0.line): \($0.reason)" }.joined()
        + (count > 20 ? "\n  and \(count - 20) more" : "")
        + (unchecked > 0 ? "\n  \(unchecked) more lines depend on these and were not checked" : "")
    case .conflicts(_, let report):
      "\(report.undecidedCount) \(report.undecidedCount == 1 ? "conflicting row or card" : "conflicting rows or cards")"
        + "; nothing was written:" + report.conflictLines(atMost: 20).map { "\n  " + $0 }.joined()
    case .missingCards(_, let missing):
      "\(missing.count == 1 ? "a name has" : "\(missing.count) names have") no card; nothing was written:"
        + missing.prefix(20).map { "\n  " + $0.words }.joined()
        + (missing.count > 20 ? "\n  and \(missing.count - 20) more" : "")
    case .contradictions(let path, let found):
      "\(found.count) \(found.count == 1 ? "run contradicts itself" : "runs contradict themselves") in \(path):"
        + found.first.map { "\n  \($0.run): \($0.reason)" }.joined()
        + (found.count > found.first.count ? "\n  and \(found.count - found.first.count) more" : "")
    case .unknownPreference(_, let name, let known, let nearest):
      "unknown source \(name.debugDescription)"
        + (nearest.map { "; did you mean \($0.debugDescription)?" } ?? "")
        + "; known: \(known.isEmpty ? "none" : known.prefix(20).joined(separator: ", "))"
    case .database(let path, let reason): "SQLite failed on \(path): \(reason)"
    case .unknownRun(let path, let run): "\(path) has no run \(run)"
    case .nothingToPublish(let path): "\(path) has no runs yet"
    }
  }

  public var remedy: String? {
    switch self {
    case .notFound: "check the path"
    case .empty, .truncated, .extended, .damagedPage, .damagedBlock, .manifestDamaged, .manifestMismatch:
      "copy the atlas and its manifest again, or publish them again with `nasatlas publish`"
    case .damagedRecord: "make the file again with `nasatlas ingest` from the journals"
    case .damaged: "copy the file again, or make it again: `nasatlas ingest` the journals, then `nasatlas publish`"
    case .olderWorkingFile: "delete it, then `nasatlas ingest` the same journals and NDJSON files again"
    case .foreign: "name a file that `nasatlas publish` or `nasatlas ingest` wrote"
    case .unsupportedFormat(_, let found, let supported):
      found > supported ? "use a newer version of nasatlas" : "publish the file again with `nasatlas publish`"
    case .manifestMissing: "copy it from the source of the atlas to the folder of the atlas"
    case .badLines: "correct these lines, then ingest the file again"
    case .conflicts(_, let report):
      "decide with --prefer SOURCE, --prefer FIRST, --prefer SECOND or --skip-conflicts"
        + (report.cardConflicts.isEmpty ? "" : "; `ingest --replace-cards` corrects cards of the working file")
    case .missingCards:
      "correct the name, or add a line with its card to a file, for example "
        + #"{"metric":{"name":"nll","unit":"nats","largerIsBetter":false,"meaning":"negative log-likelihood"}}"#
    case .contradictions: "correct these runs in their source, then ingest and publish them again"
    case .unknownPreference: "choose a source of the files, FIRST or SECOND"
    case .invalidRecord: "correct the program that wrote the record, then ingest again"
    case .database: "check free space and permissions, then `nasatlas verify` the file"
    case .unknownRun: "find runs by architecture, data set, protocol and seed"
    case .nothingToPublish: "train first, then `nasatlas ingest`"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .notFound, .manifestMissing: .noInput
    case .database: .inputOutput
    case .unknownRun, .unknownPreference: .usage
    default: .dataError
    }
  }
}
