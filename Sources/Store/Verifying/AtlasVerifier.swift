import Foundation
import GRDB
import Records

extension Atlas {
  /// Checks everything of the atlas at `path`: manifest, every page, the SHA-256 of the file and of each table, SQLite's
  /// own integrity check, every block, the ids of architectures, that every record can be put together again, and the
  /// lists of the best.
  ///
  /// Throws a ``StoreError`` at the first defect. Runs that contradict themselves are no defect of the file: the report
  /// lists them.
  public static func verify(path: String) throws -> VerifyReport {
    try Atlas(path: path, preload: true).verify()
  }

  private func verify() throws -> VerifyReport {
    try checkDatabase()
    try checkArchitectures()
    let blocks = try checkBlocks()
    let rules = MetricRules(metricCards)
    var contradictions = Contradictions()
    for setting in settings {
      try forEachRecord(in: setting) { _, record in contradictions.check(record, rules) }
    }
    try checkTop()
    return VerifyReport(
      digest: digest, bytes: manifest.bytes, pages: manifest.bytes / manifest.pageBytes, tables: manifest.tables,
      architectures: try architectureCount(), runs: runCount, measurements: measurementCount, blocks: blocks.count,
      values: blocks.values, contradictions: contradictions)
  }

  private func checkDatabase() throws {
    try read { db in
      for expected in manifest.tables {
        guard try TableDigest(of: expected.name, in: db) == expected else {
          throw StoreError.manifestMismatch(path: path, reason: "table \(expected.name) has a different digest")
        }
      }
      guard manifest.tables.map(\.name) == AtlasSchema.digestedTables else {
        throw StoreError.manifestMismatch(path: path, reason: "the list of tables differs")
      }
      let findings = try db.rows("PRAGMA integrity_check") { try $0.text(0) }
      guard findings == ["ok"] else {
        throw StoreError.damaged(path: path, reason: findings.first ?? "integrity_check gave nothing")
      }
      var orphans = 0
      try db.forEachRow("PRAGMA foreign_key_check") { _ in orphans += 1 }
      guard orphans == 0 else {
        throw StoreError.damaged(path: path, reason: "\(orphans) rows refer to rows that do not exist")
      }
    }
  }

  private func checkArchitectures() throws {
    let count = try architectureCount()
    for first in stride(from: 1, through: count, by: 4_096) {
      for entry in try architectures(rows: first..<min(first + 4_096, count + 1)) {
        guard entry.id == ArchitectureID(space: entry.space, canonicalText: entry.canonicalText) else {
          throw StoreError.damagedRecord(
            path: path, run: entry.canonicalText, reason: "its id is not that of its text")
        }
      }
    }
  }

  private func checkBlocks() throws -> (count: Int, values: Int) {
    let checksums = try read { db in
      try db.rows("SELECT id, checksum FROM blocks ORDER BY id") { (try $0.integer(0), try $0.integer(1)) }
    }
    let values = try checksums.concurrentMap { [source, path] block, checksum in
      try source.withReader { reader in
        try reader.block(block) { bytes in
          guard Int64(Checksum.crc32(bytes)) == checksum else {
            throw StoreError.damagedBlock(
              path: path, table: "blocks", block: block, reason: "it does not have its checksum")
          }
          return try reader.decoder.decode(bytes).count
        }
      }
    }
    return (values.count, values.reduce(0, +))
  }

  private func checkTop() throws {
    let sql = """
      SELECT t.setting, m.name, t.split, t.architecture, t.value, t.runs FROM top t LEFT JOIN metrics m ON m.id = t.metric
      """
    try read { db in
      try db.forEachRow(sql) { row in
        guard !settings.isEmpty, let split = Split(number: UInt8(try row.count(2, in: 0...255))) else {
          throw row.damage(2, "names a split that does not exist")
        }
        let setting = settings[try row.count(0, in: 1...Int64(settings.count)) - 1]
        let mean = try setting.finals(Metric(row.text(1)), split)?.mean(ofArchitecture: row.count(3))
        guard let mean, mean.value.bitPattern == (try row.real(4)).bitPattern, mean.count == (try row.count(5)) else {
          throw StoreError.manifestMismatch(path: path, reason: "the list of the best does not match the runs")
        }
      }
    }
  }

  /// The SQL of every table and index of the file.
  package func schemaStatements() throws -> [String] {
    try read { try $0.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") { try $0.text(0) } }
  }
}
