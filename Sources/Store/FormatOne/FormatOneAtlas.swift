import Foundation
import GRDB
import Records

/// An atlas of format 1, which is read by writing it anew in the current format.
///
/// Format 1 kept a row for each run and each curve, blocks of curves, and the rest of records as JSON.
struct FormatOneAtlas {
  static let version = 1
  static let pageBytes = 4096

  let pages: CheckedPages

  /// The same content in the current format: an open file whose name is gone already, its manifest, and the title.
  func upgraded() throws -> (file: SystemFile, manifest: AtlasManifest) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("upgraded.atlas").path
    let store = try WorkingStore(path: folder.appendingPathComponent("working.sqlite").path)
    let (entries, title) = try read()
    try store.ingest(entries, of: pages.path)
    let manifest = try store.publish(to: path, title: title)
    return (try SystemFile(path, .read), manifest)
  }

  private func read() throws -> (entries: [JournalEntry], title: String?) {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try CheckedFileSystem.withLocation(of: pages) {
      try DatabaseQueue(path: $0, configuration: configuration)
    }
    do {
      return try queue.read { db in
        let title = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'title'")
        var entries: [JournalEntry] = []
        for card in try cards("datasets", DatasetCard.self, db) { entries.append(.dataset(card)) }
        for card in try cards("protocols", ProtocolCard.self, db) { entries.append(.trainingProtocol(card)) }
        for record in try records(db) { entries.append(.run(record)) }
        return (entries, title)
      }
    } catch let error as DatabaseError {
      if let page = pages.damagedPage { throw StoreError.damagedPage(path: pages.path, page: page) }
      throw StoreError.database(path: pages.path, reason: error.message ?? "\(error)")
    }
  }

  private func cards<Card: Decodable>(_ table: String, _ type: Card.Type, _ db: Database) throws -> [Card] {
    try String.fetchAll(db, sql: "SELECT card FROM \(table) WHERE card IS NOT NULL ORDER BY id").map {
      do { return try CanonicalJSON.decode(type, from: Data($0.utf8)) } catch {
        throw StoreError.database(path: pages.path, reason: "a card of \(table) cannot be read")
      }
    }
  }

  private func records(_ db: Database) throws -> [RunRecord] {
    var records: [RunRecord] = []
    for row in try Row.fetchAll(db, sql: "SELECT first_run, bytes, data FROM detail_blocks ORDER BY first_run") {
      let block: Int64 = row["first_run"]
      do {
        records += try CanonicalJSON.decode(
          [RunRecord].self, from: Data(Deflate.unpack(row["data"], count: row["bytes"])))
      } catch {
        throw damaged("detail_blocks", block, (error as? Deflate.Failure)?.reason ?? "its content cannot be read")
      }
    }
    for row in try Row.fetchAll(db, sql: "SELECT id, count, data FROM curve_blocks ORDER BY id") {
      let block: Int64 = row["id"]
      let values: [Float]
      do { values = try FormatOneCurves.unpack(row["data"], count: row["count"]) } catch {
        throw damaged("curve_blocks", block, error.reason)
      }
      try fill(&records, from: values, block: block, db)
    }
    return records
  }

  private func fill(_ records: inout [RunRecord], from values: [Float], block: Int64, _ db: Database) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT run, name, split, epochs, start FROM curves JOIN metrics ON metrics.id = metric WHERE block = ?
        """, arguments: [block])
    for row in rows {
      let run: Int = row["run"]
      let start: Int = row["start"]
      let epochs: Int = row["epochs"]
      let metric = Metric(row["name"])
      guard records.indices.contains(run - 1),
        let split = UInt8(exactly: row["split"] as Int).flatMap({ Split(number: $0) }),
        let place = records[run - 1].curves.firstIndex(where: { $0.metric == metric && $0.split == split }),
        start >= 0, epochs >= 0, epochs <= values.count, start <= values.count - epochs
      else { throw damaged("curve_blocks", block, "a curve has no run or reaches past the block's end") }
      records[run - 1].curves[place].values = values[start..<start + epochs].map { Double($0) }
    }
  }

  private func damaged(_ table: String, _ block: Int64, _ reason: String) -> StoreError {
    .damagedBlock(path: pages.path, table: table, block: block, reason: reason)
  }
}
