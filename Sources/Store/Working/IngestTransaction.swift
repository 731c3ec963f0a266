import Foundation
import GRDB
import Records

/// One transaction of an ingest: adds cards and runs, and counts.
struct IngestTransaction {
  let db: Database
  let journal: String
  private(set) var report: IngestReport

  init(db: Database, journal: String, report: IngestReport) {
    self.db = db
    self.journal = journal
    self.report = report
  }

  mutating func add(_ card: DatasetCard, offset: Int) throws {
    let json = try CanonicalJSON.text(card)
    let digest = Digest256(of: json)
    try addCard(
      name: card.name, digest: digest, offset: offset,
      existing: String.fetchOne(
        db, sql: "SELECT card_digest FROM datasets WHERE name = ? AND digest = ?",
        arguments: [card.name, card.digest.bytes]),
      replace: { [db] in
        try db.execute(
          sql: "REPLACE INTO datasets VALUES (?, ?, ?, ?)",
          arguments: [card.name, card.digest.bytes, digest.hex, json])
      })
  }

  mutating func add(_ card: ProtocolCard, offset: Int) throws {
    let json = try CanonicalJSON.text(card)
    let digest = Digest256(of: json)
    try addCard(
      name: card.name, digest: digest, offset: offset,
      existing: String.fetchOne(
        db, sql: "SELECT card_digest FROM protocols WHERE digest = ?", arguments: [card.digest.bytes]),
      replace: { [db] in
        try db.execute(
          sql: "REPLACE INTO protocols VALUES (?, ?, ?)", arguments: [card.digest.bytes, digest.hex, json])
      })
  }

  private mutating func addCard(
    name: String, digest: Digest256, offset: Int, existing: String?, replace: () throws -> Void
  ) throws {
    count { $0.cards += 1 }
    guard let existing = existing.flatMap(Digest256.init(hex:)) else {
      try replace()
      return
    }
    guard existing != digest else { return }
    report.cardConflicts.append(
      .init(
        name: name, kept: min(existing, digest), refused: max(existing, digest), journal: journal, offset: offset))
    if digest < existing { try replace() }
  }

  mutating func add(_ run: IncomingRun, vector: WorkingStore.VectorEncoder) throws {
    count { $0.runs += 1 }
    let select = try db.cachedStatement(
      sql: "SELECT numerics, digest, started_at FROM runs WHERE key_digest = ?")
    guard let row = try Row.fetchOne(select, arguments: [run.keyDigest.bytes]) else {
      try addArchitecture(of: run, vector: vector)
      try write(run)
      count { $0.recorded += 1 }
      return
    }
    guard let numerics = Digest256(hex: row["numerics"]), let digest = Digest256(hex: row["digest"]) else {
      throw StoreError.damagedRecord(path: journal, run: run.keyDigest.hex, reason: "its digests are damaged")
    }
    let isFirst = run.rank < (row["started_at"], digest)
    if numerics == run.numerics {
      count { $0.duplicates += 1 }
    } else {
      count { $0.conflicts += 1 }
      report.conflicts.append(
        .init(
          key: run.record.key, kept: isFirst ? run.numerics : numerics, refused: isFirst ? numerics : run.numerics,
          journal: journal, offset: run.offset))
      for seen in [numerics, run.numerics] {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO conflicts VALUES (?, ?)")
          .execute(arguments: [run.keyDigest.bytes, seen.hex])
      }
    }
    if isFirst { try write(run) }
  }

  private func write(_ run: IncomingRun) throws {
    let key = run.record.key
    let insert = try db.cachedStatement(
      sql: "REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    try insert.execute(arguments: [
      run.keyDigest.bytes, key.space, key.architecture, key.dataset, key.datasetDigest.bytes, key.protocolDigest.bytes,
      Int64(bitPattern: key.seed), run.rank.startedAt, run.numerics.hex, run.digest.hex, run.json.count,
      try Deflate.pack([UInt8](run.json)),
    ])
  }

  private func addArchitecture(of run: IncomingRun, vector: WorkingStore.VectorEncoder) throws {
    let key = run.record.key
    let id = key.architectureID.bytes
    let known = try db.cachedStatement(sql: "SELECT 1 FROM architectures WHERE digest = ?")
    guard try Int.fetchOne(known, arguments: [id]) == nil else { return }
    let packed: Data?
    do { packed = try vector(key.space, key.architecture) } catch {
      throw StoreError.invalidRecord(journal: journal, offset: run.offset, reason: "architecture: \(error)")
    }
    try db.cachedStatement(sql: "INSERT INTO architectures VALUES (?, ?, ?, ?)")
      .execute(arguments: [id, key.space, key.architecture, packed])
  }

  private mutating func count(_ change: (inout IngestReport.Journal) -> Void) {
    change(&report.journals[report.journals.count - 1])
  }
}
