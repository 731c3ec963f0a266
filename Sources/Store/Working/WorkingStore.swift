import Foundation
import GRDB
public import Records

/// Reads the spellings of architectures of the spaces that an ingest meets.
public protocol ArchitectureReading: AnyObject {
  /// Takes the rules of a space that is not built in.
  func define(_ space: SpaceCard) throws
  /// The canonical text of an architecture that is given in any form that its space reads.
  func canonicalText(space: String, of text: String) throws -> String
}

/// The working file: where journals and NDJSON files are gathered before an atlas is published. One process at a time.
///
/// Every distinct run is kept as its whole record. What the file holds is a function of the set of entries it accepted:
/// the order of files, repetitions and overlaps leave no trace. A ``ConflictPolicy`` that prefers one of two
/// contradicting rows, and cards that replace others, are the exception: there the order decides.
public final class WorkingStore {
  public let path: String
  let queue: DatabaseQueue
  private let lock: LockFile
  let runsPerPiece: Int

  /// Opens or creates the working file at `path`, and holds the lock `PATH.lock` until released. An ingest reads
  /// `runsPerPiece` entries of a journal at a time.
  ///
  /// Throws `RecordsError.locked`, naming the holder, while another process has it.
  public init(path: String, runsPerPiece: Int = 32_768) throws {
    self.path = path
    self.runsPerPiece = max(1, runsPerPiece)
    // An atlas gets no lock beside it.
    try WorkingSchema.checkHeader(path: path)
    lock = try LockFile(path + ".lock")
    try WorkingSchema.checkHeader(path: path)
    queue = try StoreError.typed(path) {
      var configuration = GRDB.Configuration()
      configuration.label = "working"
      configuration.prepareDatabase { db in
        try WorkingSchema.check(db, path: path)
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(sql: "PRAGMA cache_size = -131072")
      }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.write { try WorkingSchema.prepare($0) }
      return queue
    }
    try SystemFile.synchronizeFolder(of: path)
  }

  /// Removes the working file and what lies beside it. The store is of no use afterwards.
  ///
  /// Another process waits for no lock, so while this one has it nobody else has the file open.
  public func discard() {
    try? queue.close()
    for file in Self.files(of: path) { unlink(file) }
  }

  /// The working file at `path`, and what may lie beside it.
  package static func files(of path: String) -> [String] {
    ["", "-wal", "-shm", "-journal", ".lock"].map { path + $0 }
  }

  /// Number of runs.
  public func runCount() throws -> Int { try count("runs") }

  /// Number of measurements.
  public func measurementCount() throws -> Int { try count("measurements") }

  private func count(_ table: String) throws -> Int {
    try read { try $0.firstRow("SELECT count(*) FROM \(table)") { try $0.count(0) } ?? 0 }
  }

  /// Numerics digests under each key that has more than one, by the first sixteen bytes of the key's digest in hex.
  public func conflicts() throws -> [ArchitectureID: [Digest256]] {
    try read { db in
      var found: [ArchitectureID: [Digest256]] = [:]
      try db.forEachRow("SELECT key, numerics FROM conflicts ORDER BY key, numerics") { row in
        found[try row.architectureID(0), default: []].append(try row.digest(1))
      }
      return found
    }
  }

  /// Checks that every row has its checksum, and every batch of runs its own. Throws `StoreError.damaged` and
  /// `damagedBlock`.
  public func verify() throws {
    try read { db in
      _ = try WorkingChecksums.checked(db)
      let runs = try WorkingRuns(db, path: path)
      for setting in runs.settings { try runs.forEach(of: setting) { _ in } }
    }
  }

  /// Runs `body` on the database; its errors become ``StoreError``.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try StoreError.typed(path) { try queue.read(body) }
  }

  /// The cards of one kind, sorted by name and digest.
  static func cards<Card: Decodable>(
    _ db: Database, _ kind: String, _ type: Card.Type, path: String
  ) throws -> [Card] {
    try decode(AtlasWriter.cards(db, kind), type, path: path)
  }
}
