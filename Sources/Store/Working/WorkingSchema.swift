import Foundation
import GRDB
import Records

/// The tables of a working file: every distinct run as the bytes of its whole record, nothing derived.
enum WorkingSchema {
  private static let statements = [
    """
    CREATE TABLE settings (
      id INTEGER PRIMARY KEY, space TEXT NOT NULL, dataset TEXT NOT NULL, dataset_digest BLOB NOT NULL,
      protocol_digest BLOB NOT NULL, UNIQUE (space, dataset, dataset_digest, protocol_digest)
    )
    """,
    """
    CREATE TABLE runs (
      key BLOB PRIMARY KEY NOT NULL, setting INTEGER NOT NULL, batch INTEGER NOT NULL, start INTEGER NOT NULL,
      length INTEGER NOT NULL, started_at TEXT NOT NULL, numerics BLOB NOT NULL, digest BLOB NOT NULL,
      status INTEGER NOT NULL, source INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sources (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)
    """,
    """
    CREATE TABLE batches (
      id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, checksum INTEGER NOT NULL, data BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE cards (
      kind TEXT NOT NULL, name TEXT NOT NULL, digest BLOB NOT NULL, card_digest BLOB NOT NULL, card TEXT NOT NULL,
      PRIMARY KEY (kind, name, digest)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE replaced_cards (
      kind TEXT NOT NULL, name TEXT NOT NULL, digest BLOB NOT NULL, card_digest BLOB NOT NULL, card TEXT NOT NULL,
      PRIMARY KEY (kind, name, digest, card_digest)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE quantities (id INTEGER PRIMARY KEY, space TEXT NOT NULL, quantity TEXT NOT NULL, UNIQUE (space, quantity))
    """,
    """
    CREATE TABLE measurements (
      quantity INTEGER NOT NULL, architecture TEXT NOT NULL, value INTEGER NOT NULL, cost INTEGER,
      PRIMARY KEY (quantity, architecture)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE conflicts (
      key BLOB NOT NULL, numerics BLOB NOT NULL, PRIMARY KEY (key, numerics)
    ) WITHOUT ROWID
    """,
    WorkingChecksums.createTable,
  ]

  private static let publishedAtlas = "it is a published atlas, which never changes; add runs to a working file instead"

  /// Makes the tables in a new file.
  static func prepare(_ db: Database) throws {
    guard try isNew(db) else { return }
    for statement in statements { try db.execute(sql: statement) }
    try WorkingChecksums().store(db)
    try db.execute(sql: "PRAGMA application_id = \(AtlasFormat.workingApplicationID)")
    try db.execute(sql: "PRAGMA user_version = \(AtlasFormat.workingVersion)")
  }

  /// Refuses a file of another kind and one whose tables are not declared as this version declares them; reads only, so
  /// that such a file stays as it is.
  static func check(_ db: Database, path: String) throws {
    guard try !isNew(db) else { return }
    let application = try applicationID(db)
    guard application == AtlasFormat.workingApplicationID else {
      throw StoreError.foreign(
        path: path,
        reason: application == AtlasFormat.applicationID ? publishedAtlas : "application id \(application)")
    }
    let version = Int(try number(db, "PRAGMA user_version"))
    guard version == AtlasFormat.workingVersion else {
      if (1..<AtlasFormat.workingVersion).contains(version) { throw StoreError.olderWorkingFile(path: path) }
      throw StoreError.unsupportedFormat(path: path, found: version, supported: AtlasFormat.workingVersion)
    }
    // A declaration in which a bit flipped could sort or convert values in another way.
    let declared = try db.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") { try $0.text(0) }
    guard declared.sorted() == statements.sorted() else {
      throw StoreError.damaged(path: path, reason: "its tables have another definition")
    }
  }

  /// Checks the first hundred bytes of a working file: SQLite would take a flipped bit for another page size or
  /// encoding. Refuses an atlas. Leaves to SQLite what does not have the application id, which it only gets with its first
  /// checkpoint.
  static func checkHeader(path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let file = try SystemFile(path, .read)
    let header = try file.read(at: 0, count: min(100, file.size()))
    guard header.count == 100 else { return }
    // Offsets from the SQLite file format, section 1.3; numbers there are big-endian.
    func number(_ offset: Int) -> UInt32 { header[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    let magic: [UInt8] = Array("SQLite format 3\0".utf8)
    guard number(68) == AtlasFormat.workingApplicationID else {
      guard header.starts(with: magic), number(68) == AtlasFormat.applicationID else { return }
      throw StoreError.foreign(path: path, reason: publishedAtlas)
    }
    // Pages of 4,096 bytes and fixed fractions; behind them the versions of the format, 1 or 2.
    let sizes: [UInt8] = [0x10, 0]
    let fractions: [UInt8] = [0, 64, 32, 32]
    let versions: ClosedRange<UInt8> = 1...2
    let bytesAreWhole: Bool =
      header.starts(with: magic) && Array(header[16..<18]) == sizes && Array(header[20..<24]) == fractions
      && versions.contains(header[18]) && versions.contains(header[19])
      && header[72..<92].allSatisfy { $0 == 0 }
    // Format of the schema, no vacuuming by itself, UTF-8.
    let numbers: [UInt32] = [number(44), number(52), number(56), number(64)]
    guard bytesAreWhole, numbers == [4, 0, 1, 0] else {
      throw StoreError.damaged(path: path, reason: "its first hundred bytes")
    }
  }

  private static func isNew(_ db: Database) throws -> Bool {
    try number(db, "SELECT count(*) FROM sqlite_schema") == 0 && applicationID(db) == 0
  }

  private static func applicationID(_ db: Database) throws -> UInt32 {
    UInt32(truncatingIfNeeded: try number(db, "PRAGMA application_id"))
  }

  private static func number(_ db: Database, _ sql: String) throws -> Int64 {
    try db.firstRow(sql) { try $0.integer(0) } ?? 0
  }
}
