import Foundation
import GRDB
public import Records

// MARK: Curves and whole records

extension Atlas {
  /// The curve of a run, or nil when the run has none of this metric and split.
  public func curve(run: Int64, _ metric: Metric, _ split: Split) throws -> Curve? {
    try read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT epochs, block, start FROM curves
          WHERE run = ? AND metric = (SELECT id FROM metrics WHERE name = ?) AND split = ?
          """)
      guard let row = try Row.fetchOne(statement, arguments: [run, metric.name, split.number]) else { return nil }
      let block: Int64 = row["block"]
      return Curve(
        metric: metric, split: split,
        values: try Self.slice(values(ofBlock: block, db), row, block: block, path: path))
    }
  }

  /// The last values of a run, one a curve.
  public func finalValues(run: Int64) throws -> [FinalValue] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT metrics.name, split, epochs, final_value FROM curves JOIN metrics ON metrics.id = metric
          WHERE run = ? ORDER BY metric, split
          """, arguments: [run]
      ).map { row in
        guard let split = Split(number: row["split"]) else {
          throw StoreError.database(path: path, reason: "a curve has an unknown split")
        }
        let value: Double? = row["final_value"]
        return FinalValue(
          metric: Metric(row["name"]), split: split, epochs: row["epochs"], value: value.map { Float($0) })
      }
    }
  }

  /// The whole record of a run.
  public func record(run: Int64) throws -> RunRecord {
    var found: RunRecord?
    try forEachRecord(in: run...run) { found = $1 }
    guard let found else { throw StoreError.unknownRun(path: path, run: run) }
    return found
  }

  /// Calls `body` with the number and the whole record of every run, in their order.
  public func forEachRecord(_ body: (Int64, RunRecord) throws -> Void) throws {
    try forEachRecord(in: 1...Int64.max, body)
  }

  private func forEachRecord(in range: ClosedRange<Int64>, _ body: (Int64, RunRecord) throws -> Void) throws {
    try read { db in
      // Blocks are shared by neighbouring runs: each is unpacked once while the runs of it go by.
      var blocks: [Int64: [Float]] = [:]
      let starts = try Int64.fetchAll(
        db,
        sql: """
          SELECT first_run FROM detail_blocks WHERE first_run <= ? AND first_run >=
            (SELECT max(first_run) FROM detail_blocks WHERE first_run <= ?) ORDER BY first_run
          """, arguments: [range.upperBound, max(range.lowerBound, 1)])
      for first in starts {
        for (index, detail) in try details(first: first, db).enumerated() {
          let run = first + Int64(index)
          guard range.contains(run) else { continue }
          var used: Set<Int64> = []
          var record = detail
          try fill(&record, run: run, db, &blocks, &used)
          blocks = blocks.filter { used.contains($0.key) || blocks.count < 256 }
          try body(run, record)
        }
      }
    }
  }

  private func fill(
    _ record: inout RunRecord, run: Int64, _ db: Database, _ blocks: inout [Int64: [Float]],
    _ used: inout Set<Int64>
  ) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT metrics.name, split, epochs, block, start FROM curves JOIN metrics ON metrics.id = metric WHERE run = ?
        """)
    var filled = 0
    for row in try Row.fetchAll(statement, arguments: [run]) {
      let metric = Metric(row["name"])
      guard let split = Split(number: row["split"]),
        let index = record.curves.firstIndex(where: { $0.metric == metric && $0.split == split })
      else { throw StoreError.damagedRecord(path: path, run: "\(run)", reason: "a curve that the record lacks") }
      let block: Int64 = row["block"]
      let values = try blocks[block] ?? self.values(ofBlock: block, db)
      blocks[block] = values
      used.insert(block)
      record.curves[index].values = try Self.slice(values, row, block: block, path: path)
      filled += 1
    }
    guard filled == record.curves.count else {
      throw StoreError.damagedRecord(path: path, run: "\(run)", reason: "a curve is missing")
    }
  }

  /// Unpacks a curve block after checking its checksum.
  func values(ofBlock block: Int64, _ db: Database) throws -> [Float] {
    let statement = try db.cachedStatement(sql: "SELECT count, checksum, data FROM curve_blocks WHERE id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [block]) else {
      throw StoreError.damagedBlock(path: path, table: "curve_blocks", block: block, reason: "it is missing")
    }
    return try unpack(row, "curve_blocks", block) { try CurveCodec.unpack($0, count: row["count"]) }
  }

  private func details(first: Int64, _ db: Database) throws -> [RunRecord] {
    guard
      let row = try Row.fetchOne(db, sql: "SELECT * FROM detail_blocks WHERE first_run = ?", arguments: [first])
    else {
      throw StoreError.damagedBlock(path: path, table: "detail_blocks", block: first, reason: "it is missing")
    }
    return try unpack(row, "detail_blocks", first) {
      try CanonicalJSON.decode([RunRecord].self, from: Data(Deflate.unpack($0, count: row["bytes"])))
    }
  }

  private func unpack<R>(_ row: Row, _ table: String, _ block: Int64, _ body: (Data) throws -> R) throws -> R {
    let data: Data = row["data"]
    let checksum: Int64 = row["checksum"]
    guard Int64(Checksum.crc32([UInt8](data))) == checksum else {
      throw StoreError.damagedBlock(path: path, table: table, block: block, reason: "it does not have its checksum")
    }
    do { return try body(data) } catch {
      throw StoreError.damagedBlock(
        path: path, table: table, block: block,
        reason: (error as? Deflate.Failure)?.reason ?? "its content cannot be read")
    }
  }

  private static func slice(_ values: [Float], _ row: Row, block: Int64, path: String) throws -> [Float] {
    let start: Int = row["start"]
    let epochs: Int = row["epochs"]
    guard start >= 0, epochs >= 0, start <= values.count, epochs <= values.count - start else {
      throw StoreError.damagedBlock(
        path: path, table: "curve_blocks", block: block, reason: "a curve reaches past the block's end")
    }
    return Array(values[start..<start + epochs])
  }
}
