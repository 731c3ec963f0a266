public import Foundation
import GRDB
public import Records

/// The working file: where journals are gathered before an atlas is published. One process at a time.
///
/// Every distinct run is kept as its whole record. What the file holds is a function of the set of records it was given:
/// the order of journals, repetitions and overlaps leave no trace.
public final class WorkingStore {
  /// Packs the architecture vector of a canonical text of a space; nil where the space has none.
  public typealias VectorEncoder = (_ space: String, _ canonicalText: String) throws -> Data?

  public let path: String
  let queue: DatabaseQueue
  private let lock: SystemFile
  private static let runsPerTransaction = 256

  /// Opens or creates the working file at `path`, and holds the lock `PATH.lock` until released.
  ///
  /// Throws `RecordsError.locked`, naming the holder, while another process has it.
  public init(path: String) throws {
    self.path = path
    lock = try SystemFile(path + ".lock", .readWrite)
    try lock.lock()
    do {
      var configuration = Configuration()
      configuration.label = "working"
      configuration.prepareDatabase { db in
        try WorkingSchema.check(db, path: path)
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA synchronous = FULL")
      }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.write { try WorkingSchema.prepare($0) }
      try SystemFile.synchronizeFolder(of: path)
    } catch let error as DatabaseError {
      throw Self.storeError(error, path: path)
    }
  }

  /// Number of runs.
  public func runCount() throws -> Int {
    try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs") ?? 0 }
  }

  /// Numerics digests under each key that has more than one, by key digest.
  public func conflicts() throws -> [Digest256: [Digest256]] {
    try queue.read { db in
      var found: [Digest256: [Digest256]] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT * FROM conflicts ORDER BY key_digest, numerics") {
        guard let key = Digest256(bytes: row["key_digest"]), let numerics = Digest256(hex: row["numerics"]) else {
          throw StoreError.database(path: path, reason: "the table of conflicts is damaged")
        }
        found[key, default: []].append(numerics)
      }
      return found
    }
  }

  /// Adds the runs and cards of `journals`. Repeatable: what is there already is counted as a duplicate.
  ///
  /// Equal numerics under one key with other timings is a duplicate, and the run that started first stays. Unequal
  /// numerics under one key is a conflict, reported with both digests; again the run that started first stays.
  /// `progress` is called after each commit: what it reports is on the disk. An architecture that `vector` rejects, or a
  /// record that tables cannot hold, ends the ingest with `invalidRecord`; what was committed before stays.
  @discardableResult
  public func ingest(
    journals: [String], vector: @escaping VectorEncoder, progress: (IngestReport) -> Void = { _ in }
  ) throws -> IngestReport {
    var report = IngestReport()
    do {
      for path in journals.sorted() {
        var reader = try JournalReader(path: path)
        report.journals.append(.init(path: path))
        var batch: [JournalReader.Item] = []
        while true {
          let item = try reader.next()
          if let item { batch.append(item) }
          if batch.count >= Self.runsPerTransaction || (item == nil && !batch.isEmpty) {
            try commit(batch, of: path, vector: vector, report: &report)
            batch.removeAll(keepingCapacity: true)
            progress(report)
          }
          if item == nil { break }
        }
        report.journals[report.journals.count - 1].tornBytes = reader.tornBytes
      }
      return report
    } catch let error as DatabaseError {
      throw Self.storeError(error, path: path)
    }
  }

  private func commit(
    _ batch: [JournalReader.Item], of journal: String, vector: VectorEncoder, report: inout IngestReport
  ) throws {
    var runs: [IncomingRun] = []
    for item in batch {
      if case .run(let record) = item.entry {
        runs.append(try IncomingRun(record, journal: journal, offset: item.offset))
      }
    }
    // Inserting in the order of the key touches each page of the table once.
    runs.sort { ($0.keyDigest, $0.offset) < ($1.keyDigest, $1.offset) }
    // Counted apart and kept only if the transaction is.
    var changed = report
    try queue.write { db in
      var transaction = IngestTransaction(db: db, journal: journal, report: changed)
      for item in batch {
        switch item.entry {
        case .dataset(let card): try transaction.add(card, offset: item.offset)
        case .trainingProtocol(let card): try transaction.add(card, offset: item.offset)
        case .run: break
        }
      }
      for run in runs { try transaction.add(run, vector: vector) }
      changed = transaction.report
    }
    report = changed
  }

  static func storeError(_ error: DatabaseError, path: String) -> StoreError {
    error.resultCode == .SQLITE_NOTADB
      ? .foreign(path: path, reason: "not SQLite") : .database(path: path, reason: error.message ?? "\(error)")
  }
}
