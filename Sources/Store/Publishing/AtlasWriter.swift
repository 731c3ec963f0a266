import Foundation
import GRDB
import Records

/// Writes the tables of an atlas from the rows of a working file, everything in one fixed order: the same set of runs
/// gives the same tables.
struct AtlasWriter {
  private let source: Database
  private let path: String
  private let db: Database
  private var architectureIDs: [Data: Int64] = [:]
  private var datasetIDs: [String: Int64] = [:]
  private var protocolIDs: [Data: Int64] = [:]
  private var metricIDs: [Metric: Int64] = [:]
  private var openBlocks: [CurveBlockBuilder.Group: CurveBlockBuilder] = [:]
  private var nextBlock: Int64 = 1
  private var details: [RunRecord] = []
  private var runCount: Int64 = 0

  /// Writes into the empty database `db`. `path` is the working file's, for errors.
  static func write(from source: Database, path: String, title: String?, to db: Database) throws {
    var writer = AtlasWriter(source: source, path: path, db: db)
    for statement in AtlasSchema.tables { try db.execute(sql: statement) }
    try writer.writeArchitectures()
    if let title { try db.execute(sql: "INSERT INTO meta VALUES ('title', ?)", arguments: [title]) }
    try writer.writeCards()
    try writer.writeRuns()
    for statement in AtlasSchema.indexes { try db.execute(sql: statement) }
    for table in AtlasSchema.digestedTables {
      let digest = try TableDigest(of: table, in: db)
      try db.execute(
        sql: "INSERT INTO contents VALUES (?, ?, ?)", arguments: [digest.name, digest.rows, digest.digest.hex])
    }
    try db.execute(sql: "PRAGMA application_id = \(AtlasFormat.applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(AtlasFormat.version)")
  }

  private init(source: Database, path: String, db: Database) {
    self.source = source
    self.path = path
    self.db = db
  }

  private mutating func writeArchitectures() throws {
    var spaces: [String: Int64] = [:]
    let rows = try Row.fetchCursor(source, sql: "SELECT * FROM architectures ORDER BY space, text")
    while let row = try rows.next() {
      let name: String = row["space"]
      if spaces[name] == nil {
        spaces[name] = Int64(spaces.count + 1)
        try db.execute(sql: "INSERT INTO spaces VALUES (?, ?)", arguments: [spaces[name], name])
      }
      let digest: Data = row["digest"]
      let id = Int64(architectureIDs.count + 1)
      architectureIDs[digest] = id
      try db.cachedStatement(sql: "INSERT INTO architectures VALUES (?, ?, ?, ?, ?)")
        .execute(arguments: [id, spaces[name], row["text"] as String, digest, row["vector"] as Data?])
    }
    try db.execute(
      sql: "INSERT INTO meta VALUES ('format', ?), ('page_bytes', ?)",
      arguments: [String(AtlasFormat.version), String(AtlasFormat.pageBytes)])
    for split in AtlasFormat.splitNumbers {
      try db.execute(sql: "INSERT INTO splits VALUES (?, ?)", arguments: [split.number, split.name])
    }
  }

  /// Data sets and protocols that runs or cards name.
  private mutating func writeCards() throws {
    let datasets = try Row.fetchAll(
      source,
      sql: """
        SELECT name, digest, max(card) AS card FROM (
          SELECT dataset AS name, dataset_digest AS digest, NULL AS card FROM runs
          UNION SELECT name, digest, card FROM datasets
        ) GROUP BY name, digest ORDER BY name, digest
        """)
    for (index, row) in datasets.enumerated() {
      let name: String = row["name"]
      let digest: Data = row["digest"]
      let id = Int64(index + 1)
      datasetIDs[Self.datasetKey(name, digest)] = id
      try db.execute(
        sql: "INSERT INTO datasets VALUES (?, ?, ?, ?)", arguments: [id, name, digest, row["card"] as String?])
    }
    let protocols = try Row.fetchAll(
      source,
      sql: """
        SELECT digest, max(card) AS card FROM (
          SELECT protocol_digest AS digest, NULL AS card FROM runs UNION SELECT digest, card FROM protocols
        ) GROUP BY digest ORDER BY digest
        """)
    for (index, row) in protocols.enumerated() {
      let digest: Data = row["digest"]
      protocolIDs[digest] = Int64(index + 1)
      try db.execute(
        sql: "INSERT INTO protocols VALUES (?, ?, ?)", arguments: [index + 1, digest, row["card"] as String?])
    }
  }

  private mutating func writeRuns() throws {
    let rows = try Row.fetchCursor(
      source,
      sql: """
        SELECT * FROM runs ORDER BY space, architecture, dataset, dataset_digest, protocol_digest, seed
        """)
    while let row = try rows.next() { try write(try Self.record(of: row, path: path), numerics: row["numerics"]) }
    guard runCount > 0 else { throw StoreError.nothingToPublish(path: path) }
    try flushDetails()
    for block in openBlocks.values.sorted(by: { $0.id < $1.id }) { try block.write(to: db) }
  }

  /// The record of a row of the working file, checked against its digest.
  static func record(of row: Row, path: String) throws -> RunRecord {
    let digest: String = row["digest"]
    do {
      let json = try Deflate.unpack(row["record"], count: row["bytes"])
      guard Digest256(of: json).hex == digest else {
        throw Deflate.Failure(reason: "the record does not have its digest")
      }
      return try CanonicalJSON.decode(RunRecord.self, from: Data(json))
    } catch {
      throw StoreError.damagedRecord(
        path: path, run: digest, reason: (error as? Deflate.Failure)?.reason ?? "the record cannot be read")
    }
  }

  private mutating func write(_ record: RunRecord, numerics: String) throws {
    let key = record.key
    guard let architecture = architectureIDs[key.architectureID.bytes],
      let dataset = datasetIDs[Self.datasetKey(key.dataset, key.datasetDigest.bytes)],
      let protocolID = protocolIDs[key.protocolDigest.bytes],
      let numerics = Digest256(hex: numerics)
    else {
      throw StoreError.damagedRecord(
        path: path, run: numerics, reason: "its architecture, data set or protocol is gone")
    }
    runCount += 1
    for curve in record.curves {
      try write(curve, dataset: dataset, protocolID: protocolID)
    }
    let projection = RunProjection(record, numerics: numerics)
    let scoreMetric = try record.score.map { try metricID($0.metric) }
    try db.cachedStatement(
      sql: "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ).execute(
      arguments: StatementArguments([runCount, architecture, dataset, protocolID] as [Int64])
        + projection.columns(scoreMetric: scoreMetric))
    var detail = record
    for index in detail.curves.indices { detail.curves[index].values = [] }
    details.append(detail)
    if details.count == AtlasFormat.runsPerDetailBlock { try flushDetails() }
  }

  private mutating func write(_ curve: Curve, dataset: Int64, protocolID: Int64) throws {
    let group = CurveBlockBuilder.Group(
      dataset: dataset, protocolID: protocolID, metric: try metricID(curve.metric), split: curve.split.number)
    if openBlocks[group] == nil {
      openBlocks[group] = CurveBlockBuilder(group: group, id: nextBlock)
      nextBlock += 1
    }
    guard var block = openBlocks.removeValue(forKey: group) else { return }
    let start = block.append(curve)
    try db.cachedStatement(sql: "INSERT INTO curves VALUES (?, ?, ?, ?, ?, ?, ?)")
      .execute(arguments: [
        runCount, group.metric, group.split, curve.values.count, curve.values.last.map { Double($0) }, block.id, start,
      ])
    if block.isFull {
      try block.write(to: db)
    } else {
      openBlocks[group] = block
    }
  }

  private mutating func metricID(_ metric: Metric) throws -> Int64 {
    if let id = metricIDs[metric] { return id }
    let id = Int64(metricIDs.count + 1)
    metricIDs[metric] = id
    try db.execute(sql: "INSERT INTO metrics VALUES (?, ?)", arguments: [id, metric.name])
    return id
  }

  private mutating func flushDetails() throws {
    guard !details.isEmpty else { return }
    let json = try [UInt8](CanonicalJSON.encode(details))
    let data = try Deflate.pack(json)
    try db.execute(
      sql: "INSERT INTO detail_blocks VALUES (?, ?, ?, ?)",
      arguments: [runCount - Int64(details.count) + 1, json.count, Int64(Checksum.crc32([UInt8](data))), data])
    details.removeAll(keepingCapacity: true)
  }

  private static func datasetKey(_ name: String, _ digest: Data) -> String {
    digest.base64EncodedString() + name
  }
}
