import Foundation
import Records
import Store
import TestSupport
import Testing

/// Promise R31: a working file in which a bit flipped is published whole or refused as damaged.
@Suite struct WorkingDamageTests {
  let workshop: Workshop
  let whole: AtlasManifest

  /// Cards, runs, measurements, and a conflict of each kind, in more than one batch.
  init() throws {
    workshop = try Workshop()
    var maker = SyntheticRuns(seed: 31)
    let runs = try maker.runs(14)
    var other = runs[1]
    other.counts = Counts(parameters: 1)
    var entries = try SyntheticRuns.cards() + runs.map(JournalEntry.run)
    entries += try maker.measurements(12).map(JournalEntry.measurement)
    let store = try WorkingStore(path: workshop.file("w"), runsPerPiece: 9)
    try store.ingest(files: [workshop.journal("j", entries)], reading: PlainReading())
    try store.ingest(
      files: [workshop.journal("k", [.run(other)])], reading: PlainReading(), options: IngestOptions(conflicts: .first))
    try #require(store.conflicts().count == 1)
    whole = try store.publish(to: workshop.file("whole"))
  }

  /// Publishes `bytes` as a working file: the manifest, or the error.
  private func publish(_ bytes: Data) throws -> Result<AtlasManifest, any Error> {
    for name in ["b-wal", "b-shm", "b.atlas", "b.atlas.manifest.json"] {
      try? FileManager.default.removeItem(atPath: workshop.file(name))
    }
    try workshop.write(bytes, "b")
    return Result { try WorkingStore(path: workshop.file("b")).publish(to: workshop.file("b.atlas")) }
  }

  /// Nil where the content is that of the undamaged file or the error says that the file is damaged.
  private func fault(_ published: Result<AtlasManifest, any Error>) -> String? {
    switch published {
    case .success(let manifest):
      if manifest.tables != whole.tables { return "another content" }
      let isThere = FileManager.default.fileExists(atPath: workshop.file("b.atlas.manifest.json"))
      return isThere ? nil : "no manifest"
    case .failure(let error as any UserFacingError):
      if error.exitStatus != .dataError { return "\(error.exitStatus): \(error.message)" }
      return FileManager.default.fileExists(atPath: workshop.file("b.atlas")) ? "an atlas in spite of an error" : nil
    case .failure(let error): return "an error without a type: \(error)"
    }
  }

  @Test func aFlippedBitIsFoundOrChangesNothing() throws {
    let bytes = try workshop.bytes("w")
    try #require(fault(publish(bytes)) == nil)
    var generator = SeededGenerator(seed: 800)
    var refused = 0
    let flips = Reliability.isLong ? 800 : 150
    for _ in 0..<flips {
      var damaged = bytes
      let bit = generator.integer(below: 8 * bytes.count)
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let published = try publish(damaged)
      if case .failure = published { refused += 1 }
      if let fault = fault(published) { Issue.record("bit \(bit): \(fault)") }
    }
    // Pages are rarely full, and what is behind their content is not read.
    #expect(refused > flips / 10 && refused < flips)
    Reliability.report("R31", "\(flips) flipped bits of a working file: \(refused) refused, the others published whole")
  }

  /// The header and the declarations of tables, each bit of them.
  @Test(.enabled(if: Reliability.isLong, "slow tier: NASATLAS_SLOW=1"))
  func everyBitOfTheFirstPage() throws {
    let bytes = try workshop.bytes("w")
    for bit in 0..<8 * 4_096 where bit < 800 || bit.isMultiple(of: 7) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      if let fault = fault(try publish(damaged)) { Issue.record("bit \(bit): \(fault)") }
    }
  }

  /// Rows that changed, vanished or were added behind the back of the store, one table after another.
  @Test(arguments: [
    "DELETE FROM runs WHERE key = (SELECT min(key) FROM runs)", "UPDATE runs SET started_at = started_at || 'x'",
    "UPDATE runs SET length = length - 1", "UPDATE runs SET batch = batch + 1", "UPDATE runs SET setting = setting + 1",
    "DELETE FROM batches WHERE id = 1", "UPDATE batches SET data = zeroblob(length(data))",
    "UPDATE batches SET checksum = checksum + 1", "UPDATE batches SET bytes = bytes + 1",
    "DELETE FROM measurements WHERE rowid_of IS NULL", "UPDATE measurements SET value = value + 1",
    "UPDATE measurements SET cost = NULL", "UPDATE measurements SET architecture = architecture || ' '",
    "UPDATE cards SET card = replace(card, 'a', 'b')", "DELETE FROM cards WHERE kind = 'source'",
    "UPDATE cards SET name = name || 'x'", "UPDATE settings SET dataset = dataset || 'x'",
    "INSERT INTO settings SELECT id + 100, space || 'x', dataset, dataset_digest, protocol_digest FROM settings",
    "UPDATE quantities SET quantity = replace(quantity, 'latency', 'patency')", "DELETE FROM quantities",
    "DELETE FROM conflicts", "INSERT INTO conflicts VALUES (x'00', x'00')", "UPDATE checksums SET sum = sum + 1",
    "UPDATE checksums SET rows = rows - 1", "DELETE FROM checksums WHERE name = 'runs'", "DELETE FROM checksums",
    "UPDATE checksums SET sum = 'many'", "ALTER TABLE runs RENAME COLUMN batch TO bunch", "DROP TABLE conflicts",
    "CREATE INDEX more ON runs(setting)", "PRAGMA user_version = 9", "PRAGMA application_id = 7",
  ])
  func changedRowsAreRefused(_ sql: String) throws {
    try workshop.write(workshop.bytes("w"), "c")
    // WITHOUT ROWID tables have no row numbers, so one measurement is named by its key.
    let statement = sql.replacing(
      "rowid_of IS NULL", with: "architecture = (SELECT min(architecture) FROM measurements)")
    try RawSQLite.execute(statement, workshop.file("c"))
    let published = try publish(workshop.bytes("c"))
    #expect(fault(published) == nil)
    #expect(throws: (any Error).self) { try published.get() }
  }

  @Test func aWorkingFileWithoutChecksumsSaysWhatToDo() throws {
    try workshop.write(workshop.bytes("w"), "c")
    try RawSQLite.execute("DROP TABLE checksums; PRAGMA user_version = 2", workshop.file("c"))
    let error = #expect(throws: StoreError.self) { try WorkingStore(path: workshop.file("c")) }
    #expect(error?.code == "store.working_older" && error?.exitStatus == .dataError)
    #expect(error?.remedy?.contains("ingest") == true)
  }

  /// Duplicates, conflicts, better cards and cheaper measurements replace rows; the checksums follow.
  @Test func checksumsFollowEveryChange() throws {
    let store = try WorkingStore(path: workshop.file("w"))
    var maker = SyntheticRuns(seed: 32)
    for round in 0..<4 {
      var runs = try SyntheticRuns(seed: 31).with { try $0.runs(14) }
      for place in runs.indices where place % 4 == round { runs[place].provenance?.startedAt = "2020-01-01T00:00:00Z" }
      for place in runs.indices where place % 5 == round { runs[place].score = nil }
      var card = SyntheticRuns.sourceCard
      card.title = "title \(round)"
      let measurements = try maker.measurements(12)
      let entries = [.source(card)] + runs.map(JournalEntry.run) + measurements.map(JournalEntry.measurement)
      let policies: [ConflictPolicy] = [.first, .second, .skip, .second]
      try store.ingest(
        files: [workshop.journal("r\(round)", entries)], reading: PlainReading(),
        options: IngestOptions(conflicts: policies[round], replacesCards: round.isMultiple(of: 2)))
      try store.verify()
    }
    try store.publish(to: workshop.file("w.atlas"))
    _ = try Atlas.verify(path: workshop.file("w.atlas"))
  }
}

extension SyntheticRuns {
  /// What `body` makes with a copy of the maker.
  func with<Value>(_ body: (inout SyntheticRuns) throws -> Value) rethrows -> Value {
    var copy = self
    return try body(&copy)
  }
}
