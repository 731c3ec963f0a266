import Foundation
import GRDB
import GRDBSQLite
import Records

/// A connection that reads blocks, one after another, with nothing between SQLite and the caller. Not shared by threads.
final class BlockReader {
  let decoder = FrameDecoder()
  private let pages: CheckedPages
  private var connection: OpaquePointer?
  private var statement: OpaquePointer?

  init(_ pages: CheckedPages) throws {
    self.pages = pages
    let status = try CheckedFileSystem.withLocation(of: pages) {
      sqlite3_open_v2($0, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
    }
    guard status == SQLITE_OK,
      sqlite3_prepare_v3(
        connection, "SELECT data FROM blocks WHERE id = ?1", -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        == SQLITE_OK
    else {
      // The destructor does not run for what was not made.
      let error = failure()
      sqlite3_close_v2(connection)
      throw error
    }
  }

  deinit {
    sqlite3_finalize(statement)
    sqlite3_close_v2(connection)
  }

  /// Calls `body` with the bytes of block `id`, which are valid until it returns.
  func block<R>(_ id: Int64, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    sqlite3_bind_int64(statement, 1, id)
    defer { sqlite3_reset(statement) }
    switch sqlite3_step(statement) {
    case SQLITE_ROW:
      let bytes = UnsafeRawBufferPointer(
        start: sqlite3_column_blob(statement, 0), count: Int(sqlite3_column_bytes(statement, 0)))
      do { return try body(bytes) } catch let failure as FrameFailure {
        throw StoreError.damagedBlock(path: pages.path, table: "blocks", block: id, reason: failure.reason)
      }
    case SQLITE_DONE:
      throw StoreError.damagedBlock(path: pages.path, table: "blocks", block: id, reason: "it is missing")
    default: throw failure()
    }
  }

  /// The ids of all architectures, that of row 1 first.
  func architectureIDs(atMost count: Int) throws -> [ArchitectureID] {
    var rows: OpaquePointer?
    defer { sqlite3_finalize(rows) }
    let sql = "SELECT id, digest FROM architectures ORDER BY id"
    guard sqlite3_prepare_v2(connection, sql, -1, &rows, nil) == SQLITE_OK else { throw failure() }
    var ids: [ArchitectureID] = []
    ids.reserveCapacity(min(count, pages.manifest.bytes / 16))
    while true {
      switch sqlite3_step(rows) {
      case SQLITE_ROW:
        let bytes = UnsafeRawBufferPointer(
          start: sqlite3_column_blob(rows, 1), count: Int(sqlite3_column_bytes(rows, 1)))
        guard sqlite3_column_type(rows, 1) == SQLITE_BLOB, let id = ArchitectureID(bytes: bytes),
          sqlite3_column_int64(rows, 0) == Int64(ids.count + 1)
        else { throw StoreError.damaged(path: pages.path, reason: "row \(ids.count + 1) of its architectures") }
        ids.append(id)
      case SQLITE_DONE: return ids
      default: throw failure()
      }
    }
  }

  private func failure() -> StoreError {
    if let page = pages.damagedPage { return .damagedPage(path: pages.path, page: page) }
    let code = ResultCode(rawValue: sqlite3_extended_errcode(connection))
    return StoreError(
      DatabaseError(resultCode: code, message: String(cString: sqlite3_errmsg(connection))), path: pages.path)
  }
}
