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
  private var checksums: WorkingChecksums

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
    checksums = try WorkingChecksums(db)
    batchID = (try db.firstRow("SELECT max(id) FROM batches") { try $0.optional(0, $0.integer) ?? 0 } ?? 0) &+ 1
  }

  // MARK: Cards

  mutating func add(kind: String, name: String, digest: Digest256?, card: String, place: Int) throws {
    count { $0.cards += 1 }
    let cardDigest = Digest256(of: card)
    let key: (kind: String, name: String, digest: Data) = (kind, name, digest?.bytes ?? Data())
    let existing = try db.firstRow(
      "SELECT card_digest, card FROM cards WHERE kind = ? AND name = ? AND digest = ?",
      [key.kind, key.name, key.digest]
    ) { (digest: try $0.digest(0), card: try $0.text(1)) }
    if let existing {
      guard existing.digest != cardDigest else { return }
      report.cardConflicts.append(
        .init(
          name: name, kept: min(existing.digest, cardDigest), refused: max(existing.digest, cardDigest), file: file,
          place: place))
      guard cardDigest < existing.digest else { return }
      checksums.remove(.cards, Self.checksum(key, existing.digest, existing.card))
    }
    try db.execute(
      sql: "REPLACE INTO cards VALUES (?, ?, ?, ?, ?)",
      arguments: [kind, name, key.digest, cardDigest.bytes, card])
    checksums.add(.cards, Self.checksum(key, cardDigest, card))
  }

  private static func checksum(
    _ key: (kind: String, name: String, digest: Data), _ cardDigest: Digest256, _ card: String
  ) -> RowChecksum {
    var checksum = RowChecksum()
    checksum.text(key.kind)
    checksum.text(key.name)
    key.digest.withUnsafeBytes { checksum.blob($0) }
    checksum.digest(cardDigest)
    checksum.text(card)
    return checksum
  }

  // MARK: Runs

  mutating func add(_ run: IncomingRun) throws {
    count { $0.runs += 1 }
    if batch.count >= AtlasFormat.workingBatchBytes { try flush() }
    let setting = try setting(of: run.key)
    if try insertRow(of: run, setting: setting) {
      checksums.add(.runs, checksum(of: run, setting: setting))
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
    let known = try db.firstRow(
      """
      SELECT key, setting, batch, start, length, started_at, numerics, digest FROM runs WHERE key = ?
      """, [key]
    ) { row in
      (
        setting: try row.integer(1), startedAt: try row.text(5), numerics: try row.digest(6),
        digest: try row.digest(7), checksum: RowChecksum(row)
      )
    }
    guard let known else { throw StoredRow.Damage(reason: "a run is in its table and is not found there") }
    let numerics = known.numerics
    let isFirst = run.rank < (known.startedAt, known.digest)
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
        guard db.changesCount == 1 else { continue }
        var checksum = RowChecksum()
        key.withUnsafeBytes { checksum.blob($0) }
        checksum.digest(seen)
        checksums.add(.conflicts, checksum)
      }
    }
    guard isFirst else { return }
    try db.cachedStatement(
      sql: "UPDATE runs SET batch = ?, start = ?, length = ?, started_at = ?, numerics = ?, digest = ? WHERE key = ?"
    ).execute(arguments: [
      batchID, batch.count, run.encoded.bytes.count, run.startedAt, run.numerics.bytes, run.digest.bytes, key,
    ])
    checksums.remove(.runs, known.checksum)
    checksums.add(.runs, checksum(of: run, setting: known.setting))
    batch += run.encoded.bytes
  }

  /// Of the row of a run whose bytes come next in the batch.
  private func checksum(of run: IncomingRun, setting: Int64) -> RowChecksum {
    var checksum = RowChecksum()
    run.keyDigest.withBytes { checksum.blob(UnsafeRawBufferPointer(rebasing: $0[..<16])) }
    for number in [setting, batchID, Int64(batch.count), Int64(run.encoded.bytes.count)] { checksum.integer(number) }
    checksum.text(run.startedAt)
    checksum.digest(run.numerics)
    checksum.digest(run.digest)
    return checksum
  }

  private mutating func setting(of key: RunKey) throws -> Int64 {
    let wanted = SettingKey(
      space: key.space, dataset: key.dataset, datasetDigest: key.datasetDigest, protocolDigest: key.protocolDigest)
    if let known = settings[wanted] { return known }
    let arguments: StatementArguments = [
      key.space, key.dataset, key.datasetDigest?.bytes ?? Data(), key.protocolDigest.bytes,
    ]
    let existing = try db.firstRow(
      "SELECT id FROM settings WHERE space = ? AND dataset = ? AND dataset_digest = ? AND protocol_digest = ?",
      arguments
    ) { try $0.integer(0) }
    if let existing {
      settings[wanted] = existing
      return existing
    }
    try db.execute(
      sql: "INSERT INTO settings(space, dataset, dataset_digest, protocol_digest) VALUES (?, ?, ?, ?)",
      arguments: arguments)
    let id = db.lastInsertedRowID
    var checksum = RowChecksum()
    checksum.integer(id)
    checksum.text(key.space)
    checksum.text(key.dataset)
    (key.datasetDigest?.bytes ?? Data()).withUnsafeBytes { checksum.blob($0) }
    checksum.digest(key.protocolDigest)
    checksums.add(.settings, checksum)
    settings[wanted] = id
    return id
  }

  // MARK: Measurements

  mutating func add(_ measurement: ArchitectureMeasurement, place: Int) throws {
    count { $0.measurements += 1 }
    let quantity = try self.quantity(of: measurement)
    let value = Int64(bitPattern: measurement.value.bitPattern)
    let cost = measurement.costSeconds.map { Int64(bitPattern: $0.bitPattern) }
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO measurements VALUES (?, ?, ?, ?)")
      .execute(arguments: [quantity, measurement.architecture, value, cost])
    var row = RowChecksum()
    row.integer(quantity)
    row.text(measurement.architecture)
    row.integer(value)
    if let cost { row.integer(cost) } else { row.null() }
    guard db.changesCount == 0 else {
      checksums.add(.measurements, row)
      return count { $0.recorded += 1 }
    }
    let known = try db.firstRow(
      "SELECT quantity, architecture, value, cost FROM measurements WHERE quantity = ? AND architecture = ?",
      [quantity, measurement.architecture]
    ) { (value: try $0.integer(2), cost: try $0.optional(3, $0.integer), checksum: RowChecksum($0)) }
    guard let known else { throw StoredRow.Damage(reason: "a measurement is in its table and is not found there") }
    let keptBits = known.value
    let keptCost = known.cost.map { Double(bitPattern: UInt64(bitPattern: $0)) }
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
    checksums.remove(.measurements, known.checksum)
    checksums.add(.measurements, row)
  }

  /// An order of all bit patterns, those of NaN and both zeros included, so that what stays does not depend on what came
  /// first.
  private static func precedes(_ left: Double, _ right: Double) -> Bool {
    left.bitPattern != right.bitPattern && left.isTotallyOrdered(belowOrEqualTo: right)
  }

  private mutating func quantity(of measurement: ArchitectureMeasurement) throws -> Int64 {
    let wanted = QuantityKey(space: measurement.space, quantity: measurement.quantity)
    if let known = quantities[wanted] { return known }
    let text = try CanonicalJSON.text(measurement.quantity)
    let existing = try db.firstRow(
      "SELECT id FROM quantities WHERE space = ? AND quantity = ?", [measurement.space, text]
    ) { try $0.integer(0) }
    if let existing {
      quantities[wanted] = existing
      return existing
    }
    try db.execute(
      sql: "INSERT INTO quantities(space, quantity) VALUES (?, ?)", arguments: [measurement.space, text])
    let id = db.lastInsertedRowID
    var checksum = RowChecksum()
    checksum.integer(id)
    checksum.text(measurement.space)
    checksum.text(text)
    checksums.add(.quantities, checksum)
    quantities[wanted] = id
    return id
  }

  // MARK: End

  /// Writes what is left, and the checksums.
  mutating func finish() throws {
    try flush()
    try checksums.store(db)
  }

  /// Writes the bytes of the runs that were added since the last time.
  private mutating func flush() throws {
    guard !batch.isEmpty else { return }
    let data = try Deflate.pack(batch, level: 1)
    let crc = Int64(data.withUnsafeBytes { Checksum.crc32($0) })
    try db.execute(
      sql: "INSERT INTO batches VALUES (?, ?, ?, ?)", arguments: [batchID, batch.count, crc, data])
    var checksum = RowChecksum()
    for number in [batchID, Int64(batch.count), crc] { checksum.integer(number) }
    checksums.add(.batches, checksum)
    batch.removeAll(keepingCapacity: true)
    batchID += 1
  }

  private mutating func count(_ change: (inout IngestReport.File) -> Void) {
    change(&report.files[report.files.count - 1])
  }
}
