import GRDB
import Records

/// A table of a working file.
enum WorkingTable: Int, CaseIterable {
  case settings, runs, sources, batches, cards, replacedCards, quantities, measurements, conflicts

  var name: String { self == .replacedCards ? "replaced_cards" : "\(self)" }

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

  /// By the number of the table.
  private var sums = [Sum](repeating: Sum(), count: WorkingTable.allCases.count)

  static let createTable = """
    CREATE TABLE checksums (
      name TEXT PRIMARY KEY NOT NULL, rows INTEGER NOT NULL, sum INTEGER NOT NULL
    ) WITHOUT ROWID
    """

  /// Of tables without rows.
  init() {}

  /// As the file says them.
  init(_ db: Database) throws {
    var found: Set<WorkingTable> = []
    try db.forEachRow("SELECT name, rows, sum FROM checksums") { row in
      let name = try row.text(0)
      guard let table = WorkingTable.allCases.first(where: { $0.name == name }) else {
        throw row.damage(0, "is not a table that has checksums")
      }
      found.insert(table)
      sums[table.rawValue] = Sum(rows: try row.integer(1), sum: UInt64(bitPattern: try row.integer(2)))
    }
    guard found.count == WorkingTable.allCases.count else {
      throw StoredRow.Damage(reason: "it lists the checksums of \(found.count) tables")
    }
  }

  func store(_ db: Database) throws {
    for table in WorkingTable.allCases {
      let sum = sums[table.rawValue]
      try db.cachedStatement(sql: "REPLACE INTO checksums VALUES (?, ?, ?)")
        .execute(arguments: [table.name, sum.rows, Int64(bitPattern: sum.sum)])
    }
  }

  func rows(_ table: WorkingTable) -> Int64 { sums[table.rawValue].rows }

  mutating func add(_ table: WorkingTable, _ checksum: RowChecksum) {
    sums[table.rawValue].rows &+= 1
    sums[table.rawValue].sum &+= checksum.value
  }

  mutating func remove(_ table: WorkingTable, _ checksum: RowChecksum) {
    sums[table.rawValue].rows &-= 1
    sums[table.rawValue].sum &-= checksum.value
  }

  /// Reads every row of every table but the data of batches, and gives the checksums. Throws ``StoredRow/Damage`` where
  /// the file says others.
  static func checked(_ db: Database) throws -> WorkingChecksums {
    let expected = try WorkingChecksums(db)
    for table in WorkingTable.allCases {
      var found = Sum()
      // The rows themselves: an index is a copy of a part of them.
      let hint = table == .settings || table == .quantities || table == .sources ? " NOT INDEXED" : ""
      try db.forEachRow("SELECT \(table.columns) FROM \(table.name)\(hint)") { row in
        found.rows &+= 1
        found.sum &+= RowChecksum(row).value
      }
      guard expected.sums[table.rawValue] == found else {
        throw StoredRow.Damage(reason: "the rows of its table \(table.name) do not have their checksum")
      }
    }
    return expected
  }
}
