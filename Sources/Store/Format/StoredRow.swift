import Foundation
import GRDB
import GRDBSQLite
import Records

/// The current row of a query, read value by value and by type.
///
/// Total: a NULL, a value of another type and a text that is not UTF-8 or contains a NUL character throw ``Damage``.
/// So no content of a file, whoever made it, ends the process. Columns are counted from 0; the query names them, so
/// their number is known.
struct StoredRow {
  private let statement: OpaquePointer

  /// A value that the file should not contain.
  struct Damage: Error, Hashable {
    let reason: String
  }

  fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

  var columnCount: Int32 { sqlite3_column_count(statement) }

  func damage(_ column: Int32, _ reason: String) -> Damage {
    let name = sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "\(column)"
    return Damage(reason: "the value of \(name) \(reason)")
  }

  private func check(_ column: Int32, _ type: Int32, _ name: String) throws(Damage) {
    guard sqlite3_column_type(statement, column) != type else { return }
    throw damage(column, isNull(column) ? "is missing" : "is not \(name)")
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  // MARK: Values

  func integer(_ column: Int32) throws(Damage) -> Int64 {
    try check(column, SQLITE_INTEGER, "an integer")
    return sqlite3_column_int64(statement, column)
  }

  /// An integer in `range`; 0 to 2^31 - 1 by default, which holds every count of an atlas.
  func count(_ column: Int32, in range: ClosedRange<Int64> = 0...Int64(Int32.max)) throws(Damage) -> Int {
    let value = try integer(column)
    guard range.contains(value) else {
      throw damage(column, "is \(value) and not in \(range.lowerBound)...\(range.upperBound)")
    }
    return Int(value)
  }

  func real(_ column: Int32) throws(Damage) -> Double {
    try check(column, SQLITE_FLOAT, "a real number")
    return sqlite3_column_double(statement, column)
  }

  func text(_ column: Int32) throws(Damage) -> String {
    try check(column, SQLITE_TEXT, "a text")
    let bytes = rawText(column)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw damage(column, "is not UTF-8") }
    guard !bytes.contains(0) else { throw damage(column, "contains a NUL character") }
    return text
  }

  func blob(_ column: Int32) throws(Damage) -> Data {
    try check(column, SQLITE_BLOB, "a blob")
    return Data(rawBlob(column))
  }

  /// The bytes of a blob, valid until the next step of the query.
  func bytes(_ column: Int32) throws(Damage) -> UnsafeRawBufferPointer {
    try check(column, SQLITE_BLOB, "a blob")
    return rawBlob(column)
  }

  /// A blob of 32 bytes.
  func digest(_ column: Int32) throws(Damage) -> Digest256 {
    try check(column, SQLITE_BLOB, "a blob")
    guard let digest = Digest256(bytes: rawBlob(column)) else { throw damage(column, "is not a digest of 32 bytes") }
    return digest
  }

  /// A blob of 16 bytes.
  func architectureID(_ column: Int32) throws(Damage) -> ArchitectureID {
    try check(column, SQLITE_BLOB, "a blob")
    guard let id = ArchitectureID(bytes: rawBlob(column)) else { throw damage(column, "is not an id of 16 bytes") }
    return id
  }

  /// A blob of 32 bytes, or an empty one for none.
  func digestOrEmpty(_ column: Int32) throws(Damage) -> Digest256? {
    try bytes(column).isEmpty ? nil : try digest(column)
  }

  /// Nil for NULL, else what `read` gives.
  func optional<Value>(_ column: Int32, _ read: (Int32) throws(Damage) -> Value) throws(Damage) -> Value? {
    isNull(column) ? nil : try read(column)
  }

  private func rawText(_ column: Int32) -> UnsafeRawBufferPointer {
    // The text comes first: asking for the length first could be of another encoding.
    let start = sqlite3_column_text(statement, column)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
  }

  private func rawBlob(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(statement, column)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
  }

  /// A value of any type, as it is.
  enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(UnsafeRawBufferPointer)
    case blob(UnsafeRawBufferPointer)
  }

  /// The bytes are valid until the next step of the query.
  func value(_ column: Int32) -> Value {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT: .text(rawText(column))
    case SQLITE_BLOB: .blob(rawBlob(column))
    default: .null
    }
  }
}

extension Database {
  /// Calls `body` with every row of a query. `body` must not run the same query.
  func forEachRow(
    _ sql: String, _ arguments: StatementArguments = [], _ body: (StoredRow) throws -> Void
  ) throws {
    _ = try firstRow(sql, arguments) { row -> Void? in
      try body(row)
      return nil
    }
  }

  /// What `body` makes of every row of a query.
  func rows<Value>(
    _ sql: String, _ arguments: StatementArguments = [], _ body: (StoredRow) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    try forEachRow(sql, arguments) { values.append(try body($0)) }
    return values
  }

  /// What `body` makes of the first row of a query for which it makes something; nil where there is none.
  func firstRow<Value>(
    _ sql: String, _ arguments: StatementArguments = [], _ body: (StoredRow) throws -> Value?
  ) throws -> Value? {
    let statement = try cachedStatement(sql: sql)
    try statement.setArguments(arguments)
    let handle = statement.sqliteStatement
    defer { sqlite3_reset(handle) }
    while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW: if let value = try body(StoredRow(handle)) { return value }
      case SQLITE_DONE: return nil
      case let status:
        throw DatabaseError(
          resultCode: ResultCode(rawValue: status), message: String(cString: sqlite3_errmsg(sqliteConnection)), sql: sql
        )
      }
    }
  }
}

extension Database {
  /// Throws ``StoredRow/Damage`` for a file that has more than tables and indexes: a view, a trigger or a computed column
  /// runs what its maker wrote, for as long as that takes.
  func checkSchemaIsPlain() throws {
    let sql = """
      SELECT name FROM sqlite_schema WHERE type NOT IN ('table', 'index') OR sql LIKE '%VIRTUAL%'
        OR sql LIKE '%GENERATED%' OR sql LIKE '% AS (%'
      """
    if let name = try firstRow(sql, [], { try $0.text(0) }) {
      throw StoredRow.Damage(reason: "\(name) is not a plain table or index")
    }
  }
}

extension StoreError {
  /// Runs `body`, which reads or writes the database of `path`, and gives its errors a type: content that the file
  /// should not have, and what SQLite calls corrupt, is damage; a full disk or a missing permission is not.
  static func typed<Value>(
    _ path: String, damagedPage: () -> Int? = { nil }, _ body: () throws -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      if let page = damagedPage() { throw StoreError.damagedPage(path: path, page: page) }
      throw StoreError(error, path: path)
    } catch let damage as StoredRow.Damage {
      throw StoreError.damaged(path: path, reason: damage.reason)
    }
  }

  init(_ error: DatabaseError, path: String) {
    let reason = error.message ?? "\(error)"
    switch error.resultCode {
    case .SQLITE_NOTADB: self = .foreign(path: path, reason: "not SQLite")
    case .SQLITE_IOERR where Self.damageCodes.contains(error.extendedResultCode.rawValue):
      self = .damaged(path: path, reason: reason)
    case .SQLITE_PERM, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM, .SQLITE_READONLY, .SQLITE_INTERRUPT,
      .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_PROTOCOL, .SQLITE_NOLFS, .SQLITE_AUTH, .SQLITE_MISUSE:
      self = .database(path: path, reason: reason)
    default: self = .damaged(path: path, reason: reason)
    }
  }

  /// I/O errors that a wrong content causes: a short read, a failed checksum, a corrupt file system.
  private static let damageCodes: Set<Int32> = [
    SQLITE_IOERR | 2 << 8, SQLITE_IOERR | 32 << 8, SQLITE_IOERR | 33 << 8,
  ]
}
