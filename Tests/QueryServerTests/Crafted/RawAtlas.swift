import Foundation
import GRDBSQLite
import Records
import Store

/// An atlas that is changed by plain SQL and then gets checksums, digests and a manifest that fit: what somebody can make
/// who knows the format and means harm.
struct RawAtlas: Sendable {
  let path: String
  private let atlas: Data
  private let manifest: JSONValue

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// `path` is where changed copies of the atlas at `original` are put.
  init(copyOf original: String, path: String) throws {
    self.path = path
    atlas = try Data(contentsOf: URL(fileURLWithPath: original))
    let text = try Data(contentsOf: URL(fileURLWithPath: AtlasFormat.manifestPath(original)))
    guard case .object(let sealed) = try CanonicalJSON.decode(JSONValue.self, from: text),
      let manifest = sealed["manifest"]
    else { throw Failure(description: "no manifest") }
    self.manifest = manifest
  }

  /// Puts the atlas at ``path`` as `statements` change it; `members` replace members of the manifest. Nil where SQLite
  /// refuses the statements.
  func write(_ statements: String, members: [String: JSONValue] = [:]) throws -> String? {
    for name in [path, path + "-journal"] { try? FileManager.default.removeItem(atPath: name) }
    try atlas.write(to: URL(fileURLWithPath: path))
    let connection = try Connection(path)
    guard (try? connection.execute(statements)) != nil else { return nil }
    var tables: [JSONValue] = []
    for table in AtlasSchema.digestedTables {
      let (rows, digest) = (try? connection.digest(of: table)) ?? (0, Digest256(of: ""))
      tables.append(.object(["name": .string(table), "rows": .integer(rows), "digest": .string(digest.hex)]))
      if !statements.contains("contents") {
        try connection.execute("UPDATE contents SET rows = \(rows), digest = '\(digest.hex)' WHERE name = '\(table)'")
      }
    }
    connection.close()
    try seal(tables, members)
    return path
  }

  private func seal(_ tables: [JSONValue], _ members: [String: JSONValue]) throws {
    guard case .object(var content) = manifest else { throw Failure(description: "no manifest") }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var checksums = Data()
    for start in stride(from: 0, to: bytes.count, by: AtlasFormat.pageBytes) {
      let page = Array(bytes[start..<min(start + AtlasFormat.pageBytes, bytes.count)])
      withUnsafeBytes(of: Checksum.crc32(page).littleEndian) { checksums.append(contentsOf: $0) }
    }
    content["bytes"] = .integer(Int64(bytes.count))
    content["digest"] = .string(Digest256(of: bytes).hex)
    content["tables"] = .array(tables)
    content["pageChecksums"] = .string(checksums.base64EncodedString())
    content.merge(members) { $1 }
    let sealed = JSONValue.object([
      "manifest": .object(content), "manifestDigest": .string(try CanonicalJSON.digest(content).hex),
    ])
    try (CanonicalJSON.encode(sealed) + Data("\n".utf8))
      .write(to: URL(fileURLWithPath: AtlasFormat.manifestPath(path)))
  }

  /// Names of the columns of a table.
  func columns(of table: String) throws -> [String] {
    try atlas.write(to: URL(fileURLWithPath: path))
    return try Connection(path).texts("SELECT name FROM pragma_table_info('\(table)')")
  }

  /// The texts of a query on the unchanged atlas.
  func texts(_ sql: String) throws -> [String] {
    try atlas.write(to: URL(fileURLWithPath: path))
    return try Connection(path).texts(sql)
  }

  private final class Connection {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
      guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { throw failure() }
    }

    deinit { close() }

    func close() {
      sqlite3_close_v2(handle)
      handle = nil
    }

    private func failure() -> Failure { Failure(description: String(cString: sqlite3_errmsg(handle))) }

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
}
