import Foundation
import GRDB
import Records

extension Atlas {
  /// Checks everything of the atlas at `path`: manifest, every page, the SHA-256 of the file and of each table, SQLite's
  /// own integrity check, every block, and that every rebuilt record has its numerics digest and its columns.
  ///
  /// Throws a ``StoreError`` at the first defect.
  public static func verify(path: String) throws -> VerifyReport {
    try Atlas(path: path, preload: true).verify()
  }

  private func verify() throws -> VerifyReport {
    try checkDatabase()
    let curveValues = try checkBlocks()
    var runs = 0
    let summaries = try self.runs()
    try forEachRecord { id, record in
      defer { runs += 1 }
      guard runs < summaries.count, summaries[runs].id == id, try summaries[runs].agrees(with: record) else {
        throw StoreError.damagedRecord(
          path: path, run: "\(id)", reason: "its columns or its numerics digest are not those of its record")
      }
    }
    guard try runs == runCount() else {
      throw StoreError.damagedRecord(path: path, run: "\(runs + 1)", reason: "its details are missing")
    }
    return VerifyReport(
      digest: digest, bytes: manifest.bytes, pages: manifest.bytes / manifest.pageBytes, tables: manifest.tables,
      architectures: try architectureCount(), runs: runs, curveBlocks: curveValues.blocks,
      curveValues: curveValues.values)
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

  /// The SQL of every table and index of the file.
  package func schemaStatements() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") }
  }

  private func checkBlocks() throws -> (blocks: Int, values: Int) {
    try read { db in
      var values = 0
      let ids = try Int64.fetchAll(db, sql: "SELECT id FROM curve_blocks ORDER BY id")
      for id in ids { values += try self.values(ofBlock: id, db).count }
      return (ids.count, values)
    }
  }
}

extension RunSummary {
  /// True when the columns say what the record says.
  fileprivate func agrees(with record: RunRecord) throws -> Bool {
    let epochs = record.costs?.epochs
    return try record.numericsDigest() == numericsDigest && record.key == key && record.status == status
      && record.origin?.kind == originKind && record.epochs == self.epochs && record.score == score
      && record.counts == counts && epochs.map { $0.reduce(0) { $0 + $1.trainWallSeconds } } == trainSeconds
      && epochs.map { $0.reduce(0) { $0 + $1.evaluationWallSeconds } } == evaluationSeconds
      && record.costs?.latencyBatch1Milliseconds == latencyBatch1Milliseconds
      && record.costs?.latencyBatch64Milliseconds == latencyBatch64Milliseconds
  }
}
