import GRDB
import Records

/// A table of a working file.
enum WorkingTable: String, CaseIterable {
  case settings, runs, sources, batches, cards, quantities, measurements, conflicts
  case replacedCards = "replaced_cards"

  /// What the checksum of a row is of. The data of a batch has its own checksum, which is checked when it is unpacked.
  var columns: String { self == .batches ? "id, bytes, checksum" : "*" }
}

/// How many rows each table of a working file has, and the sum of their checksums modulo 2^64.
///
/// The sum does not depend on the order of rows, so a row is added or removed without a look at the others, and what the
/// table `checksums` says follows from the rows alone. A row that changed, vanished or appeared twice makes another sum.
struct WorkingChecksums {
  private struct Sum: Equatable {
    var rows: Int64 = 0
    var sum: UInt64 = 0
  }

  private var sums: [WorkingTable: Sum]

  static let createTable = """
    CREATE TABLE checksums (
      name TEXT PRIMARY KEY NOT NULL, rows INTEGER NOT NULL, sum INTEGER NOT NULL
    ) WITHOUT ROWID
    """

  /// Of tables without rows.
  init() { sums = Dictionary(WorkingTable.allCases.map { ($0, Sum()) }, uniquingKeysWith: { one, _ in one }) }

  /// As the file says them.
  init(_ db: Database) throws {
    sums = [:]
    try db.forEachRow("SELECT name, rows, sum FROM checksums") { row in
      guard let table = WorkingTable(rawValue: try row.text(0)) else {
        throw row.damage(0, "is not a table that has checksums")
      }
      sums[table] = Sum(rows: try row.integer(1), sum: UInt64(bitPattern: try row.integer(2)))
    }
    guard sums.count == WorkingTable.allCases.count else {
      throw StoredRow.Damage(reason: "it lists the checksums of \(sums.count) tables")
    }
  }

  func store(_ db: Database) throws {
    for (table, sum) in sums {
      try db.cachedStatement(sql: "REPLACE INTO checksums VALUES (?, ?, ?)")
        .execute(arguments: [table.rawValue, sum.rows, Int64(bitPattern: sum.sum)])
    }
  }

  func rows(_ table: WorkingTable) -> Int64 { sums[table]?.rows ?? 0 }

  mutating func add(_ table: WorkingTable, _ checksum: RowChecksum) {
    sums[table, default: Sum()].rows &+= 1
    sums[table, default: Sum()].sum &+= checksum.value
  }

  mutating func remove(_ table: WorkingTable, _ checksum: RowChecksum) {
    sums[table, default: Sum()].rows &-= 1
    sums[table, default: Sum()].sum &-= checksum.value
  }

  /// Reads every row of every table but the data of batches, and gives the checksums. Throws ``StoredRow/Damage`` where
  /// the file says others.
  static func checked(_ db: Database) throws -> WorkingChecksums {
    let expected = try WorkingChecksums(db)
    for table in WorkingTable.allCases {
      var found = Sum()
      // The rows themselves: an index is a copy of a part of them.
      let hint = table == .settings || table == .quantities || table == .sources ? " NOT INDEXED" : ""
      try db.forEachRow("SELECT \(table.columns) FROM \(table.rawValue)\(hint)") { row in
        found.rows &+= 1
        found.sum &+= RowChecksum(row).value
      }
      guard expected.sums[table] == found else {
        throw StoredRow.Damage(reason: "the rows of its table \(table.rawValue) do not have their checksum")
      }
    }
    return expected
  }
}
