import Foundation
import GRDB
import Records

/// A row of `columns`.
struct ColumnEntry: Sendable {
  let key: ColumnKey
  let rowsPerBlock: Int
  let firstBlock: Int64
  let blocks: Int
}

/// The small tables of an atlas, read when it is opened.
struct AtlasDirectory: Sendable {
  struct Space: Sendable {
    let name: String
    let card: SpaceCard?
    /// Rows of its architectures, from 1 on.
    let rows: Range<Int>
  }

  let title: String?
  let spaces: [Space]
  let sources: [(name: String, card: SourceCard?)]
  let metrics: [MetricCard]
  let datasets: [(name: String, digest: Digest256?, card: DatasetCard?)]
  let protocols: [(name: String?, digest: Digest256, card: ProtocolCard?)]
  let epochLists: [[Int]]
  /// Space, data set, protocol (places in the lists above) and number of runs of each setting.
  let settings: [(space: Int, dataset: Int, protocolIndex: Int, runs: Int)]
  let quantities: [(space: Int, quantity: Quantity, measurements: Int)]
  let settingColumns: [[ColumnEntry]]
  let quantityColumns: [[ColumnEntry]]

  init(_ db: Database, path: String) throws {
    func damaged(_ what: String) -> StoreError { .database(path: path, reason: "\(what) cannot be read") }
    func card<Card: Decodable>(_ text: String?, _ type: Card.Type) throws -> Card? {
      guard let text else { return nil }
      do { return try CanonicalJSON.decode(type, from: Data(text.utf8)) } catch { throw damaged("a card") }
    }
    /// Ids count from 1 without gaps, so a list's place is the id less one.
    func rows(_ table: String) throws -> [Row] {
      let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY id")
      for (index, row) in rows.enumerated() where row["id"] as Int != index + 1 { throw damaged("table \(table)") }
      return rows
    }
    func place(_ id: Int, in count: Int, _ what: String) throws -> Int {
      guard (1...max(count, 1)).contains(id), count > 0 else { throw damaged(what) }
      return id - 1
    }
    title = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'title'")
    var spaces: [Space] = []
    var next = 1
    for row in try rows("spaces") {
      let end = try Self.firstRow(after: spaces.count + 1, from: next, db)
      spaces.append(Space(name: row["name"], card: try card(row["card"], SpaceCard.self), rows: next..<end))
      next = end
    }
    self.spaces = spaces
    let sourceNames: [String] = try rows("sources").map { $0["name"] }
    sources = try rows("sources").map { ($0["name"], try card($0["card"], SourceCard.self)) }
    metrics = try rows("metrics").map {
      MetricCard(
        name: $0["name"], unit: $0["unit"], largerIsBetter: $0["larger_is_better"] as Int != 0, meaning: $0["meaning"])
    }
    let datasets = try rows("datasets").map { row in
      let digest: Data? = row["digest"]
      return (row["name"] as String, digest.flatMap { Digest256(bytes: $0) }, try card(row["card"], DatasetCard.self))
    }
    let protocols = try rows("protocols").map { row in
      guard let digest = Digest256(bytes: row["digest"] as Data) else { throw damaged("the digest of a protocol") }
      return (row["name"] as String?, digest, try card(row["card"], ProtocolCard.self))
    }
    self.datasets = datasets.map { (name: $0.0, digest: $0.1, card: $0.2) }
    self.protocols = protocols.map { (name: $0.0, digest: $0.1, card: $0.2) }
    epochLists = try rows("epoch_lists").map { row in
      guard let list = try card(row["epochs"], [Int].self), zip([0] + list, list).allSatisfy(<) else {
        throw damaged("a list of epochs")
      }
      return list
    }
    settings = try rows("settings").map { row in
      (
        try place(row["space"], in: spaces.count, "a setting"),
        try place(row["dataset"], in: datasets.count, "a setting"),
        try place(row["protocol"], in: protocols.count, "a setting"), row["runs"]
      )
    }
    var quantities = try rows("quantities").map { row in
      let protocolDigest: Data? = row["protocol"]
      let source: Int? = row["source"]
      let quantity = Quantity(
        name: row["name"], unit: row["unit"], device: row["device"],
        conditions: try card(row["conditions"], [String: String].self) ?? [:], dataset: row["dataset"],
        protocolDigest: protocolDigest.flatMap { Digest256(bytes: $0) },
        source: try source.map { sourceNames[try place($0, in: sourceNames.count, "a quantity")] })
      let number: Int = row["measurements"]
      return (space: try place(row["space"], in: spaces.count, "a quantity"), quantity: quantity, measurements: number)
    }
    var settingColumns: [[ColumnEntry]] = Array(repeating: [], count: settings.count)
    var quantityColumns: [[ColumnEntry]] = Array(repeating: [], count: quantities.count)
    for row in try rows("columns") {
      let kind: String = row["kind"]
      let split: Int? = row["split"]
      // A kind that this version does not know is passed over: what it adds is not asked for.
      guard let kind = ColumnKey.Kind(rawValue: kind) else { continue }
      let rowsPerBlock: Int = row["rows_per_block"]
      let blocks: Int = row["blocks"]
      let part = try split.map { number throws -> Split in
        guard let split = UInt8(exactly: number).flatMap({ Split(number: $0) }) else { throw damaged("a split") }
        return split
      }
      let setting: Int? = row["setting"]
      let quantity: Int? = row["quantity"]
      let rowCount: Int
      if let setting {
        rowCount = settings[try place(setting, in: settings.count, "a column")].runs
      } else {
        rowCount = quantities[try place(quantity ?? 0, in: quantities.count, "a column")].measurements
      }
      guard rowsPerBlock > 0, rowsPerBlock.nonzeroBitCount == 1, rowCount >= 0,
        blocks == (rowCount + rowsPerBlock - 1) / rowsPerBlock
      else { throw damaged("a column") }
      let entry = ColumnEntry(
        key: ColumnKey(kind, row["name"], part), rowsPerBlock: rowsPerBlock, firstBlock: row["first_block"],
        blocks: blocks)
      if let setting {
        settingColumns[setting - 1].append(entry)
      } else {
        let number = (quantity ?? 1) - 1
        quantityColumns[number].append(entry)
        if entry.key.name == "value" { quantities[number].quantity.split = part }
      }
    }
    self.quantities = quantities
    self.settingColumns = settingColumns
    self.quantityColumns = quantityColumns
  }

  /// The first row behind those of space `space`, whose rows begin at `first`; found by halving.
  private static func firstRow(after space: Int, from first: Int, _ db: Database) throws -> Int {
    var low = first
    var high = (try Int.fetchOne(db, sql: "SELECT max(id) FROM architectures") ?? 0) + 1
    while low < high {
      let middle = (low + high) / 2
      let found = try Int.fetchOne(db, sql: "SELECT space FROM architectures WHERE id = ?", arguments: [middle])
      if found ?? .max <= space { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
