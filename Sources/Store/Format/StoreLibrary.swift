import GRDBSQLite

/// The SQLite that this process has loaded.
public enum StoreLibrary {
  /// For example 3,040,001 for 3.40.1.
  public static var sqliteVersion: Int { Int(sqlite3_libversion_number()) }
  /// For example `3.40.1`.
  public static var sqliteVersionText: String { String(cString: sqlite3_libversion()) }
}
