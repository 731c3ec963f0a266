import GRDB

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
      length INTEGER NOT NULL, started_at TEXT NOT NULL, numerics BLOB NOT NULL, digest BLOB NOT NULL
    ) WITHOUT ROWID
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
