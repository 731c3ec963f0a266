import GRDBSQLite

/// SQLite without anything of ours between: what an attacker or a tool of another kind has.
enum RawSQLite {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs statements on the file at `path`, with the declarations of tables open to changes.
  static func execute(_ sql: String, _ path: String) throws {
    var connection: OpaquePointer?
    defer { sqlite3_close_v2(connection) }
    guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
      sqlite3_exec(connection, "PRAGMA journal_mode = DELETE; " + sql, nil, nil, nil) == SQLITE_OK
    else { throw Failure(description: String(cString: sqlite3_errmsg(connection))) }
  }
}
