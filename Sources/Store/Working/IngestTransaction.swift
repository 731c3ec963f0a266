import Foundation
import GRDB
import GRDBSQLite
import Records

/// One transaction of an ingest: adds cards, runs and measurements, and counts.
struct IngestTransaction {
  let db: Database
  let file: String
  private(set) var report: IngestReport
  /// Settings and quantities by what they are, kept from transaction to transaction.
  private(set) var settings: [SettingKey: Int64]
  private(set) var quantities: [QuantityKey: Int64]

  struct SettingKey: Hashable {
    let space: String
    let dataset: String
    let datasetDigest: Digest256?
    let protocolDigest: Digest256
  }

  struct QuantityKey: Hashable {
    let space: String
    let quantity: Quantity
  }

  /// The bytes of the runs that this transaction adds, one after another.
  private var batch: [UInt8] = []
  private var batchID: Int64
  private let insert: Statement

  init(
    db: Database, file: String, report: IngestReport, settings: [SettingKey: Int64],
    quantities: [QuantityKey: Int64]
  ) throws {
    self.db = db
    self.file = file
    self.report = report
    self.settings = settings
    self.quantities = quantities
    insert = try db.makeStatement(sql: "INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    batchID = (try Int64.fetchOne(db, sql: "SELECT max(id) FROM batches") ?? 0) + 1
  }

  // MARK: Cards

  mutating func add(kind: String, name: String, digest: Digest256?, card: String, place: Int) throws {
    count { $0.cards += 1 }
    let cardDigest = Digest256(of: card)
    let known = try db.cachedStatement(
      sql: "SELECT card_digest FROM cards WHERE kind = ? AND name = ? AND digest = ?")
    let existing = try Data.fetchOne(known, arguments: [kind, name, digest?.bytes ?? Data()])
    if let existing = existing.flatMap({ Digest256(bytes: $0) }) {
      guard existing != cardDigest else { return }
      report.cardConflicts.append(
        .init(
          name: name, kept: min(existing, cardDigest), refused: max(existing, cardDigest), file: file, place: place))
      guard cardDigest < existing else { return }
    }
    try db.execute(
      sql: "REPLACE INTO cards VALUES (?, ?, ?, ?, ?)",
      arguments: [kind, name, digest?.bytes ?? Data(), cardDigest.bytes, card])
  }

  // MARK: Runs

  mutating func add(_ run: IncomingRun) throws {
    count { $0.runs += 1 }
    if batch.count >= AtlasFormat.workingBatchBytes { try flush() }
    if try insertRow(of: run, setting: setting(of: run.key)) {
      batch += run.encoded.bytes
      count { $0.recorded += 1 }
    } else {
      try meet(run, key: run.keyDigest.bytes.prefix(16))
    }
  }

  /// Inserts the row of a run unless there is one of its key; tells whether it did. Bound by hand: boxing eight values a
  /// run would take longer than SQLite does.
  private func insertRow(of run: IncomingRun, setting: Int64) throws -> Bool {
    let statement = insert.sqliteStatement
    func bind(_ place: Int32, _ digest: UnsafeRawBufferPointer, _ count: Int) {
      sqlite3_bind_blob(statement, place, digest.baseAddress, Int32(count), nil)
    }
    sqlite3_bind_int64(statement, 2, setting)
    sqlite3_bind_int64(statement, 3, batchID)
    sqlite3_bind_int64(statement, 4, Int64(batch.count))
    sqlite3_bind_int64(statement, 5, Int64(run.encoded.bytes.count))
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    sqlite3_bind_text(statement, 6, run.startedAt, Int32(run.startedAt.utf8.count), copied)
    // What is bound stays where it is until the step is done.
    let status = run.keyDigest.withBytes { key in
      run.numerics.withBytes { numerics in
        run.digest.withBytes { digest in
          bind(1, key, 16)
          bind(7, numerics, 32)
          bind(8, digest, 32)
          let status = sqlite3_step(statement)
          sqlite3_reset(statement)
          return status
        }
      }
    }
    guard status == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: status), message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
    }
    return sqlite3_changes(db.sqliteConnection) == 1
  }

  /// Adds a run whose key is there already.
  private mutating func meet(_ run: IncomingRun, key: Data) throws {
    let select = try db.cachedStatement(sql: "SELECT numerics, digest, started_at FROM runs WHERE key = ?")
    guard let row = try Row.fetchOne(select, arguments: [key]),
      let numerics = Digest256(bytes: row["numerics"] as Data),
      let digest = Digest256(bytes: row["digest"] as Data)
    else { throw StoreError.damagedRecord(path: file, run: run.keyDigest.hex, reason: "its digests are damaged") }
    let isFirst = run.rank < (row["started_at"], digest)
    if numerics == run.numerics {
      count { $0.duplicates += 1 }
    } else {
      count { $0.conflicts += 1 }
      report.conflicts.append(
        .init(
          key: run.key, kept: isFirst ? run.numerics : numerics, refused: isFirst ? numerics : run.numerics,
          file: file, place: run.place))
      for seen in [numerics, run.numerics] {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO conflicts VALUES (?, ?)")
          .execute(arguments: [key, seen.bytes])
      }
    }
    guard isFirst else { return }
    try db.cachedStatement(
      sql: "UPDATE runs SET batch = ?, start = ?, length = ?, started_at = ?, numerics = ?, digest = ? WHERE key = ?"
    ).execute(arguments: [
      batchID, batch.count, run.encoded.bytes.count, run.startedAt, run.numerics.bytes, run.digest.bytes, key,
    ])
    batch += run.encoded.bytes
  }

  private mutating func setting(of key: RunKey) throws -> Int64 {
    let wanted = SettingKey(
      space: key.space, dataset: key.dataset, datasetDigest: key.datasetDigest, protocolDigest: key.protocolDigest)
    if let known = settings[wanted] { return known }
    let arguments: StatementArguments = [
      key.space, key.dataset, key.datasetDigest?.bytes ?? Data(), key.protocolDigest.bytes,
    ]
    try db.execute(
      sql: "INSERT OR IGNORE INTO settings(space, dataset, dataset_digest, protocol_digest) VALUES (?, ?, ?, ?)",
      arguments: arguments)
    let id = try Int64.fetchOne(
      db,
      sql: """
        SELECT id FROM settings WHERE space = ? AND dataset = ? AND dataset_digest = ? AND protocol_digest = ?
        """, arguments: arguments)
    settings[wanted] = id
    return id ?? 0
  }

  // MARK: Measurements

  mutating func add(_ measurement: ArchitectureMeasurement, place: Int) throws {
    count { $0.measurements += 1 }
    let quantity = try self.quantity(of: measurement)
    let value = Int64(bitPattern: measurement.value.bitPattern)
    let cost = measurement.costSeconds.map { Int64(bitPattern: $0.bitPattern) }
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO measurements VALUES (?, ?, ?, ?)")
      .execute(arguments: [quantity, measurement.architecture, value, cost])
    guard db.changesCount == 0 else { return count { $0.recorded += 1 } }
    let select = try db.cachedStatement(
      sql: "SELECT value, cost FROM measurements WHERE quantity = ? AND architecture = ?")
    guard let row = try Row.fetchOne(select, arguments: [quantity, measurement.architecture]) else { return }
    let keptBits: Int64 = row[0]
    let keptCost = (row[1] as Int64?).map { Double(bitPattern: UInt64(bitPattern: $0)) }
    let kept = Double(bitPattern: UInt64(bitPattern: keptBits))
    let replaces: Bool
    if keptBits == value {
      // The same value again may cost something else: the smaller cost stays, and any rather than none.
      count { $0.duplicates += 1 }
      replaces = measurement.costSeconds.map { cost in keptCost.map { Self.precedes(cost, $0) } ?? true } ?? false
    } else {
      count { $0.conflicts += 1 }
      replaces = Self.precedes(measurement.value, kept)
      report.measurementConflicts.append(
        .init(
          architecture: measurement.architecture, quantity: measurement.quantity,
          kept: replaces ? measurement.value : kept, refused: replaces ? kept : measurement.value, file: file,
          place: place))
    }
    guard replaces else { return }
    try db.execute(
      sql: "REPLACE INTO measurements VALUES (?, ?, ?, ?)",
      arguments: [quantity, measurement.architecture, value, cost])
  }

  /// An order of all bit patterns, those of NaN and both zeros included, so that what stays does not depend on what came
  /// first.
  private static func precedes(_ left: Double, _ right: Double) -> Bool {
    left.bitPattern != right.bitPattern && left.isTotallyOrdered(belowOrEqualTo: right)
  }

  private mutating func quantity(of measurement: ArchitectureMeasurement) throws -> Int64 {
    let wanted = QuantityKey(space: measurement.space, quantity: measurement.quantity)
    if let known = quantities[wanted] { return known }
    let arguments: StatementArguments = [measurement.space, try CanonicalJSON.text(measurement.quantity)]
    try db.execute(sql: "INSERT OR IGNORE INTO quantities(space, quantity) VALUES (?, ?)", arguments: arguments)
    let id = try Int64.fetchOne(
      db, sql: "SELECT id FROM quantities WHERE space = ? AND quantity = ?", arguments: arguments)
    quantities[wanted] = id
    return id ?? 0
  }

  // MARK: End

  /// Writes the bytes of the runs that were added since the last time.
  mutating func flush() throws {
    guard !batch.isEmpty else { return }
    let data = try Deflate.pack(batch, level: 1)
    try db.execute(
      sql: "INSERT INTO batches VALUES (?, ?, ?, ?)",
      arguments: [batchID, batch.count, Int64(Checksum.crc32([UInt8](data))), data])
    batch.removeAll(keepingCapacity: true)
    batchID += 1
  }

  private mutating func count(_ change: (inout IngestReport.File) -> Void) {
    change(&report.files[report.files.count - 1])
  }
}
