import Foundation
import GRDB
import GRDBSQLite
import Records

/// The one transaction of an ingest: adds cards, runs and measurements of all files, counts, and checks at the end.
struct IngestTransaction {
  let db: Database
  /// Path of the working file, for errors.
  let path: String
  let options: IngestOptions
  var isChecked: Bool { options.isChecked }
  var report = IngestReport()
  /// Path of the file that is read.
  var file = ""
  /// True while an NDJSON file is read, so that places are lines.
  var hasLines = false
  var rules: MetricRules
  var names = UsedNames()
  var cards = CardLedger()
  /// Ids of settings, quantities and sources by what they are.
  private var settings: [SettingKey: Int64] = [:]
  var quantities: [QuantityKey: Int64] = [:]
  private var sources: [String: Int64] = [:]
  private var lastSource: (name: String, id: Int64) = ("", 0)
  /// Keys of runs, and of measurements, whose conflicts leave out all of their rows.
  private var skippedRuns: Set<Data> = []
  var skippedMeasurements: Set<MeasurementKey> = []
  /// What the working file had before, for conflicts that are skipped.
  let before: SettledRows?
  let hadRuns: Bool
  private(set) var hasAddedRuns = false

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

  struct MeasurementKey: Hashable {
    let quantity: Int64
    let architecture: String
  }

  /// The bytes of the runs that this transaction adds, one after another.
  private var batch: [UInt8] = []
  private var batchID: Int64
  private let insert: Statement
  var checksums: WorkingChecksums

  init(db: Database, path: String, options: IngestOptions, before: SettledRows?) throws {
    self.db = db
    self.path = path
    self.options = options
    self.before = before
    rules = MetricRules(try WorkingStore.cards(db, "metric", MetricCard.self, path: path))
    hadRuns = try db.firstRow("SELECT 1 FROM runs LIMIT 1") { try $0.integer(0) } != nil
    insert = try db.makeStatement(sql: "INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    checksums = try WorkingChecksums(db)
    batchID = (try db.firstRow("SELECT max(id) FROM batches") { try $0.optional(0, $0.integer) ?? 0 } ?? 0) &+ 1
  }

  /// Begins with the next file.
  mutating func begin(_ file: String, hasLines: Bool = false) {
    self.file = file
    self.hasLines = hasLines
    cards.begin()
    report.files.append(.init(path: file))
  }

  mutating func count(_ change: (inout IngestReport.File) -> Void) {
    change(&report.files[report.files.count - 1])
  }

  // MARK: Runs

  mutating func add(_ run: IncomingRun) throws {
    count { $0.runs += 1 }
    if batch.count >= AtlasFormat.workingBatchBytes { try flush() }
    if let best = run.undecidedBest { names.note(best, file: file, place: run.place, hasLines: hasLines) }
    if !skippedRuns.isEmpty, skippedRuns.contains(run.keyDigest.bytes.prefix(16)) {
      return count { $0.conflicts += 1 }
    }
    let (setting, source) = (try setting(of: run.key), try source(run.source))
    if try insertRow(of: run, setting: setting, source: source) {
      checksums.add(.runs, checksum(of: run, setting: setting, source: source))
      batch += run.encoded.bytes
      hasAddedRuns = true
      count { $0.recorded += 1 }
    } else {
      try meet(run, key: run.keyDigest.bytes.prefix(16))
    }
  }

  /// Inserts the row of a run unless there is one of its key; tells whether it did. Bound by hand: boxing ten values a
  /// run would take longer than SQLite does.
  private func insertRow(of run: IncomingRun, setting: Int64, source: Int64) throws -> Bool {
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
    sqlite3_bind_int64(statement, 9, Int64(run.status.number))
    sqlite3_bind_int64(statement, 10, source)
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

  /// Adds a run whose key is there already. A failed or timed-out run gives way to every other one; else the numerics
  /// must be equal, and the run that started first stays.
  private mutating func meet(_ run: IncomingRun, key: Data) throws {
    let sql = """
      SELECT numerics, digest, started_at, status, sources.name FROM runs LEFT JOIN sources ON sources.id = source
      WHERE key = ?
      """
    let known = try db.firstRow(sql, [key]) { row in
      guard let status = RunStatus(number: UInt8(try row.count(3, in: 0...255))) else {
        throw row.damage(3, "is not a status")
      }
      return (
        numerics: try row.digest(0), digest: try row.digest(1), startedAt: try row.text(2), status: status,
        source: try row.optional(4, row.text)
      )
    }
    guard let known else { throw StoredRow.Damage(reason: "a run of the table cannot be found") }
    let numerics = known.numerics
    let isResult = IncomingRun.isResult(run.status)
    let isFirst = run.rank < (known.startedAt, known.digest)
    if isResult != IncomingRun.isResult(known.status) {
      count { $0.superseded += 1 }
      if isResult { try replace(key, by: run) }
    } else if numerics == run.numerics {
      count { $0.duplicates += 1 }
      if isFirst { try replace(key, by: run) }
    } else if !isResult {
      count { $0.superseded += 1 }
      if isFirst { try replace(key, by: run) }
    } else {
      try resolve(run, key: key, first: numerics, source: known.source)
    }
  }

  private mutating func resolve(_ run: IncomingRun, key: Data, first: Digest256, source: String?) throws {
    count { $0.conflicts += 1 }
    let kept = options.kept(firstSource: source, secondSource: run.source) ?? .undecided
    report.add(
      .init(
        key: run.key, first: first, second: run.numerics, firstSource: source, secondSource: run.source, kept: kept,
        file: file, place: run.place), to: \.conflicts, kept)
    for seen in [first, run.numerics] {
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO conflicts VALUES (?, ?)").execute(arguments: [key, seen.bytes])
      guard db.changesCount == 1 else { continue }
      try addChecksum(of: .conflicts, where: "key = ? AND numerics = ?", [key, seen.bytes])
    }
    switch kept {
    case .second: try replace(key, by: run)
    case .neither:
      skippedRuns.insert(key)
      guard try before?.hasRun(key) != true else { return }
      try removeChecksum(of: .runs, where: "key = ?", [key])
      try db.cachedStatement(sql: "DELETE FROM runs WHERE key = ?").execute(arguments: [key])
      count { $0.withdrawn += 1 }
    case .first, .undecided: break
    }
  }

  private mutating func replace(_ key: Data, by run: IncomingRun) throws {
    let (setting, source) = (try setting(of: run.key), try self.source(run.source))
    try removeChecksum(of: .runs, where: "key = ?", [key])
    try db.cachedStatement(
      sql: """
        UPDATE runs SET batch = ?, start = ?, length = ?, started_at = ?, numerics = ?, digest = ?, status = ?,
          source = ? WHERE key = ?
        """
    ).execute(arguments: [
      batchID, batch.count, run.encoded.bytes.count, run.startedAt, run.numerics.bytes, run.digest.bytes,
      Int64(run.status.number), source, key,
    ])
    checksums.add(.runs, checksum(of: run, setting: setting, source: source))
    batch += run.encoded.bytes
    hasAddedRuns = true
  }

  /// Of the row of a run whose bytes come next in the batch.
  private func checksum(of run: IncomingRun, setting: Int64, source: Int64) -> RowChecksum {
    var checksum = RowChecksum()
    run.keyDigest.withBytes { checksum.blob(UnsafeRawBufferPointer(rebasing: $0[..<16])) }
    for number in [setting, batchID, Int64(batch.count), Int64(run.encoded.bytes.count)] { checksum.integer(number) }
    checksum.text(run.startedAt)
    checksum.digest(run.numerics)
    checksum.digest(run.digest)
    checksum.integer(Int64(run.status.number))
    checksum.integer(source)
    return checksum
  }

  private mutating func setting(of key: RunKey) throws -> Int64 {
    let wanted = SettingKey(
      space: key.space, dataset: key.dataset, datasetDigest: key.datasetDigest, protocolDigest: key.protocolDigest)
    if let known = settings[wanted] { return known }
    let arguments: StatementArguments = [
      key.space, key.dataset, key.datasetDigest?.bytes ?? Data(), key.protocolDigest.bytes,
    ]
    let id = try id(
      in: .settings, where: "space = ? AND dataset = ? AND dataset_digest = ? AND protocol_digest = ?",
      insert: "INSERT INTO settings(space, dataset, dataset_digest, protocol_digest) VALUES (?, ?, ?, ?)", arguments)
    settings[wanted] = id
    names.datasets.insert(.init(name: key.dataset, digest: key.datasetDigest))
    return id
  }

  /// Id of a source of runs; 0 for none.
  private mutating func source(_ name: String?) throws -> Int64 {
    guard let name else { return 0 }
    if name == lastSource.name, lastSource.id != 0 { return lastSource.id }
    if let known = sources[name] {
      lastSource = (name, known)
      return known
    }
    let id = try id(in: .sources, where: "name = ?", insert: "INSERT INTO sources(name) VALUES (?)", [name])
    sources[name] = id
    names.sources.insert(name)
    lastSource = (name, id)
    return id
  }

  // MARK: End

  /// Writes the bytes of the runs that were added since the last time.
  mutating func flush() throws {
    guard !batch.isEmpty else { return }
    let data = try Deflate.pack(batch, level: 1)
    let crc = Int64(Checksum.crc32([UInt8](data)))
    try db.execute(
      sql: "INSERT INTO batches VALUES (?, ?, ?, ?)", arguments: [batchID, batch.count, crc, data])
    var checksum = RowChecksum()
    for number in [batchID, Int64(batch.count), crc] { checksum.integer(number) }
    checksums.add(.batches, checksum)
    batch.removeAll(keepingCapacity: true)
    batchID += 1
  }
}

/// The rows that a working file had before an ingest began, read on a connection of their own.
struct SettledRows {
  private let queue: DatabaseQueue

  init(path: String) throws {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.label = "before"
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  func hasRun(_ key: Data) throws -> Bool {
    try queue.read { try $0.firstRow("SELECT 1 FROM runs WHERE key = ?", [key]) { try $0.integer(0) } != nil }
  }

  func hasMeasurement(of quantity: Int64, _ architecture: String) throws -> Bool {
    try queue.read { db in
      try db.firstRow("SELECT 1 FROM measurements WHERE quantity = ? AND architecture = ?", [quantity, architecture]) {
        try $0.integer(0)
      } != nil
    }
  }
}
