import Foundation
import GRDBSQLite
import Records
import Store

/// A database behind the back of our own code.
final class RawTables {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { throw failure() }
  }

  deinit { close() }

  func close() {
    sqlite3_close_v2(handle)
    handle = nil
  }

  private func failure() -> RawAtlas.Failure { RawAtlas.Failure(description: String(cString: sqlite3_errmsg(handle))) }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  func texts(_ sql: String) throws -> [String] {
    var found: [String] = []
    try forEachRow(sql) { row in found.append(sqlite3_column_text(row, 0).map { String(cString: $0) } ?? "") }
    return found
  }

  /// As `docs/file-format.md` describes it.
  func digest(of table: String) throws -> (Int64, Digest256) {
    var bytes: [UInt8] = []
    var rows: Int64 = 0
    func number(_ bits: UInt64) { withUnsafeBytes(of: bits.littleEndian) { bytes += $0 } }
    try forEachRow("SELECT * FROM \(table) ORDER BY \(AtlasSchema.primaryKey(of: table))") { row in
      rows += 1
      for column in 0..<sqlite3_column_count(row) {
        let type = sqlite3_column_type(row, column)
        bytes.append([SQLITE_INTEGER: 1, SQLITE_FLOAT: 2, SQLITE_TEXT: 3, SQLITE_BLOB: 4][type] ?? 0)
        switch type {
        case SQLITE_INTEGER: number(UInt64(bitPattern: sqlite3_column_int64(row, column)))
        case SQLITE_FLOAT: number(sqlite3_column_double(row, column).bitPattern)
        case SQLITE_TEXT, SQLITE_BLOB:
          let content = sqlite3_column_blob(row, column)
          let count = content == nil ? 0 : Int(sqlite3_column_bytes(row, column))
          number(UInt64(count))
          bytes += UnsafeRawBufferPointer(start: content, count: count)
        default: break
        }
      }
    }
    return (rows, Digest256(of: bytes))
  }

  private func forEachRow(_ sql: String, _ body: (OpaquePointer?) -> Void) throws {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure() }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: body(statement)
      case SQLITE_DONE: return
      default: throw failure()
      }
    }
  }
}
