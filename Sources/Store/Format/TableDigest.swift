import Foundation
import GRDB
public import Records

/// Number of rows of a table and the SHA-256 of them in the order of the primary key.
///
/// Each value gives a kind byte and its bytes: 0 NULL; 1 integer, 8 bytes; 2 real, the 8 bytes of its bit pattern;
/// 3 text and 4 blob, 8 bytes of length and then the content. Numbers are little-endian. A row has no separator, since
/// all rows of a table have the same number of columns.
public struct TableDigest: Hashable, Sendable, Codable {
  public let name: String
  public let rows: Int
  public let digest: Digest256

  init(name: String, rows: Int, digest: Digest256) {
    self.name = name
    self.rows = rows
    self.digest = digest
  }

  init(of table: String, in db: Database) throws {
    let key = try db.primaryKey(table).columns.map { "\"\($0)\"" }.joined(separator: ", ")
    var builder = Digest256.Builder()
    var rows = 0
    let cursor = try Row.fetchCursor(db, sql: "SELECT * FROM \"\(table)\" ORDER BY \(key)")
    var bytes: [UInt8] = []
    while let row = try cursor.next() {
      for value in row.databaseValues { Self.append(value, to: &bytes) }
      rows += 1
      if bytes.count > 1 << 16 {
        builder.update(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    builder.update(bytes)
    self.init(name: table, rows: rows, digest: builder.finish())
  }

  private static func append(_ value: DatabaseValue, to bytes: inout [UInt8]) {
    func number(_ bits: UInt64) {
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
    switch value.storage {
    case .null: bytes.append(0)
    case .int64(let value):
      bytes.append(1)
      number(UInt64(bitPattern: value))
    case .double(let value):
      bytes.append(2)
      number(value.bitPattern)
    case .string(let text):
      bytes.append(3)
      number(UInt64(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    case .blob(let data):
      bytes.append(4)
      number(UInt64(data.count))
      bytes.append(contentsOf: data)
    }
  }
}
