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
    try store.restore(entries, of: pages.path)
    let manifest = try store.publish(to: path, title: title, isChecked: false)
    return (try SystemFile(path, .read), manifest)
  }

  private func read() throws -> (entries: [JournalEntry], title: String?) {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try CheckedFileSystem.withLocation(of: pages) {
      try DatabaseQueue(path: $0, configuration: configuration)
    }
    return try StoreError.typed(pages.path, damagedPage: { self.pages.damagedPage }) {
      try queue.read { db in
        try db.checkSchemaIsPlain()
        let title = try db.firstRow("SELECT value FROM meta WHERE key = 'title'") { try $0.text(0) }
        var entries: [JournalEntry] = []
        for card in try cards("datasets", DatasetCard.self, db) { entries.append(.dataset(card)) }
        for card in try cards("protocols", ProtocolCard.self, db) { entries.append(.trainingProtocol(card)) }
        for record in try records(db) { entries.append(.run(record)) }
        return (entries, title)
      }
    }
  }

  private func cards<Card: Decodable>(_ table: String, _ type: Card.Type, _ db: Database) throws -> [Card] {
    try db.rows("SELECT card FROM \(table) WHERE card IS NOT NULL ORDER BY id") { row in
      let text = try row.text(0)
      do { return try CanonicalJSON.decode(type, from: Data(text.utf8)) } catch {
        throw StoreError.damaged(path: pages.path, reason: "a card of \(table) cannot be read")
      }
    }
  }

  private func records(_ db: Database) throws -> [RunRecord] {
    var records: [RunRecord] = []
    try db.forEachRow("SELECT first_run, bytes, data FROM detail_blocks ORDER BY first_run") { row in
      let (block, count, data) = (try row.integer(0), try row.count(1), try row.blob(2))
      do {
        records += try CanonicalJSON.decode([RunRecord].self, from: Data(Deflate.unpack(data, count: count)))
      } catch {
        throw damaged("detail_blocks", block, (error as? Deflate.Failure)?.reason ?? "its content cannot be read")
      }
    }
    let blocks = try db.rows("SELECT id, count, data FROM curve_blocks ORDER BY id") {
      (try $0.integer(0), try $0.count(1), try $0.blob(2))
    }
    for (block, count, data) in blocks {
      let values: [Float]
      do { values = try FormatOneCurves.unpack(data, count: count) } catch {
        throw damaged("curve_blocks", block, error.reason)
      }
      try fill(&records, from: values, block: block, db)
    }
    for run in records.indices {
      // Scores were values of the curves, written as the shortest decimals of their Float32.
      if var score = records[run].score {
        score.validation = Double(Float(score.validation))
        score.test = score.test.map { Double(Float($0)) }
        records[run].score = score
      }
    }
    return records
  }

  private func fill(_ records: inout [RunRecord], from values: [Float], block: Int64, _ db: Database) throws {
    let sql = """
      SELECT run, name, split, epochs, start FROM curves JOIN metrics ON metrics.id = metric WHERE block = ?
      """
    try db.forEachRow(sql, [block]) { row in
      let run = try row.count(0)
      let metric = Metric(try row.text(1))
      let split = Split(number: UInt8(try row.count(2, in: 0...255)))
      let epochs = try row.count(3)
      let start = try row.count(4)
      guard records.indices.contains(run - 1),
        let place = records[run - 1].curves.firstIndex(where: { $0.metric == metric && $0.split == split }),
        epochs <= values.count, start <= values.count - epochs
      else { throw damaged("curve_blocks", block, "a curve has no run or reaches past the block's end") }
      records[run - 1].curves[place].values = values[start..<start + epochs].map { Double($0) }
    }
  }

  private func damaged(_ table: String, _ block: Int64, _ reason: String) -> StoreError {
    .damagedBlock(path: pages.path, table: table, block: block, reason: reason)
  }
}
