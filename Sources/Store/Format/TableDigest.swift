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

  /// `table` is one of ``AtlasSchema/digestedTables``.
  init(of table: String, in db: Database) throws {
    var builder = Digest256.Builder()
    var rows = 0
    var bytes: [UInt8] = []
    try db.forEachRow("SELECT * FROM \(table) ORDER BY \(AtlasSchema.primaryKey(of: table))") { row in
      for column in 0..<row.columnCount { Self.append(row.value(column), to: &bytes) }
      rows += 1
      if bytes.count > 1 << 16 {
        builder.update(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    builder.update(bytes)
    self.init(name: table, rows: rows, digest: builder.finish())
  }

  private static func append(_ value: StoredRow.Value, to bytes: inout [UInt8]) {
    func number(_ bits: UInt64) {
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
    switch value {
    case .null: bytes.append(0)
    case .integer(let value):
      bytes.append(1)
      number(UInt64(bitPattern: value))
    case .real(let value):
      bytes.append(2)
      number(value.bitPattern)
    case .text(let text):
      bytes.append(3)
      number(UInt64(text.count))
      bytes.append(contentsOf: text)
    case .blob(let data):
      bytes.append(4)
      number(UInt64(data.count))
      bytes.append(contentsOf: data)
    }
  }
}
