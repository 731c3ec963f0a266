import GRDB

/// Rows and the sums of their checksums change together.
extension IngestTransaction {
  /// Adds the checksum of the row that `condition` finds.
  mutating func addChecksum(
    of table: WorkingTable, where condition: String, _ arguments: StatementArguments
  ) throws {
    if let row = try checksum(of: table, where: condition, arguments) { checksums.add(table, row) }
  }

  /// Takes the checksum of the row that `condition` finds away, before the row changes; nothing where there is no row.
  mutating func removeChecksum(
    of table: WorkingTable, where condition: String, _ arguments: StatementArguments
  ) throws {
    if let row = try checksum(of: table, where: condition, arguments) { checksums.remove(table, row) }
  }

  private func checksum(
    of table: WorkingTable, where condition: String, _ arguments: StatementArguments
  ) throws -> RowChecksum? {
    try db.firstRow("SELECT \(table.columns) FROM \(table.name) WHERE \(condition)", arguments) { RowChecksum($0) }
  }

  /// The id of the row that `condition` finds, else of the row that `insert` adds; both take `arguments`.
  mutating func id(
    in table: WorkingTable, where condition: String, insert: String, _ arguments: StatementArguments
  ) throws -> Int64 {
    let existing = try db.firstRow("SELECT id FROM \(table.name) WHERE \(condition)", arguments) {
      try $0.integer(0)
    }
    if let existing { return existing }
    try db.execute(sql: insert, arguments: arguments)
    let id = db.lastInsertedRowID
    try addChecksum(of: table, where: "id = ?", [id])
    return id
  }
}
