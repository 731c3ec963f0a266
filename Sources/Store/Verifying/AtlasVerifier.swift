import Foundation
import GRDB
import Records

extension Atlas {
  /// Checks everything of the atlas at `path`: manifest, every page, the SHA-256 of the file and of each table, SQLite's
  /// own integrity check, every block, the ids of architectures, that every record can be put together again, and the
  /// lists of the best.
  ///
  /// Throws a ``StoreError`` at the first defect.
  public static func verify(path: String) throws -> VerifyReport {
    try Atlas(path: path, preload: true).verify()
  }

  private func verify() throws -> VerifyReport {
    try checkDatabase()
    try checkArchitectures()
    let blocks = try checkBlocks()
    for setting in settings {
      try forEachRecord(in: setting) { _, _ in }
    }
    try checkTop()
    return VerifyReport(
      digest: digest, bytes: manifest.bytes, pages: manifest.bytes / manifest.pageBytes, tables: manifest.tables,
      architectures: try architectureCount(), runs: runCount, measurements: measurementCount, blocks: blocks.count,
      values: blocks.values)
  }

  private func checkDatabase() throws {
    try read { db in
      for expected in manifest.tables {
        guard try TableDigest(of: expected.name, in: db) == expected else {
          throw StoreError.manifestMismatch(path: path, reason: "table \(expected.name) has another digest")
        }
      }
      guard manifest.tables.map(\.name) == AtlasSchema.digestedTables else {
        throw StoreError.manifestMismatch(path: path, reason: "the list of tables is another")
      }
      let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check")
      guard findings == ["ok"] else {
        throw StoreError.database(path: path, reason: findings.first ?? "integrity_check gave nothing")
      }
      let orphans = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check")
      guard orphans.isEmpty else {
        throw StoreError.database(path: path, reason: "\(orphans.count) rows refer to rows that do not exist")
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
      try Row.fetchAll(db, sql: "SELECT id, checksum FROM blocks ORDER BY id").map { ($0[0] as Int64, $0[1] as Int64) }
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
    let rows = try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT t.setting, m.name, t.split, t.architecture, t.value, t.runs FROM top t JOIN metrics m ON m.id = t.metric
          """)
    }
    for row in rows {
      guard let split = UInt8(exactly: row[2] as Int).flatMap({ Split(number: $0) }),
        settings.indices.contains((row[0] as Int) - 1),
        let mean = try settings[(row[0] as Int) - 1].finals(Metric(row[1]), split)?.mean(ofArchitecture: row[3]),
        mean.value.bitPattern == (row[4] as Double).bitPattern, mean.count == row[5] as Int
      else { throw StoreError.manifestMismatch(path: path, reason: "the list of the best is not that of the runs") }
    }
  }

  /// The SQL of every table and index of the file.
  package func schemaStatements() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") }
  }
}
