import GRDB

/// The tables of a working file: every distinct run as its whole record, nothing derived.
enum WorkingSchema {
  private static let statements = [
    """
    CREATE TABLE runs (
      key_digest BLOB PRIMARY KEY NOT NULL, space TEXT NOT NULL, architecture TEXT NOT NULL, dataset TEXT NOT NULL,
      dataset_digest BLOB NOT NULL, protocol_digest BLOB NOT NULL, seed INTEGER NOT NULL, started_at TEXT NOT NULL,
      numerics TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL, record BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE architectures (
      digest BLOB PRIMARY KEY NOT NULL, space TEXT NOT NULL, text TEXT NOT NULL, vector BLOB
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE datasets (
      name TEXT NOT NULL, digest BLOB NOT NULL, card_digest TEXT NOT NULL, card TEXT NOT NULL,
      PRIMARY KEY (name, digest)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE protocols (
      digest BLOB PRIMARY KEY NOT NULL, card_digest TEXT NOT NULL, card TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE conflicts (
      key_digest BLOB NOT NULL, numerics TEXT NOT NULL, PRIMARY KEY (key_digest, numerics)
    ) WITHOUT ROWID
    """,
  ]

  /// Makes the tables in a new file.
  static func prepare(_ db: Database) throws {
    guard try isNew(db) else { return }
    for statement in statements { try db.execute(sql: statement) }
    try db.execute(sql: "PRAGMA application_id = \(AtlasFormat.workingApplicationID)")
    try db.execute(sql: "PRAGMA user_version = \(AtlasFormat.version)")
  }

  /// Refuses a file of another kind; reads only, so that such a file stays as it is.
  static func check(_ db: Database, path: String) throws {
    guard try !isNew(db) else { return }
    let application = try applicationID(db)
    guard application == AtlasFormat.workingApplicationID else {
      throw StoreError.foreign(
        path: path,
        reason: application == AtlasFormat.applicationID
          ? "it is a published atlas, which never changes; runs are added to a working file"
          : "application id \(application)")
    }
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version == AtlasFormat.version else {
      throw StoreError.unsupportedFormat(path: path, found: version, supported: AtlasFormat.version)
    }
  }

  private static func isNew(_ db: Database) throws -> Bool {
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
    return try tables == 0 && applicationID(db) == 0
  }

  private static func applicationID(_ db: Database) throws -> UInt32 {
    UInt32(truncatingIfNeeded: try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0)
  }
}
