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
  let positionLists: [[Int]]
  /// Space, data set, protocol (places in the lists above) and number of runs of each setting.
  let settings: [(space: Int, dataset: Int, protocolIndex: Int, runs: Int)]
  let quantities: [(space: Int, quantity: Quantity, measurements: Int)]
  let settingColumns: [[ColumnEntry]]
  let quantityColumns: [[ColumnEntry]]

  /// Reads the tables. Total: throws for content that does not fit together, so that everything that is asked later
  /// finds numbers in their bounds.
  init(_ db: Database, _ manifest: AtlasManifest, path: String) throws {
    let reader = DirectoryReader(db: db, manifest: manifest, path: path)
    title = try db.firstRow("SELECT value FROM meta WHERE key = 'title'") { try $0.text(0) }
    let architectures = try reader.architectureCount()
    var next = 1
    let spaces = try reader.rows("spaces", "name, card") { row, number in
      let end = try reader.firstRow(after: number, from: next, architectures)
      defer { next = end }
      return Space(name: try row.text(1), card: try reader.card(row, 2, SpaceCard.self), rows: next..<end)
    }
    guard next == architectures + 1 else { throw reader.damaged("an architecture belongs to no space") }
    self.spaces = spaces
    let sources = try reader.rows("sources", "name, card") { row, _ in
      (name: try row.text(1), card: try reader.card(row, 2, SourceCard.self))
    }
    self.sources = sources
    metrics = try reader.rows("metrics", "name, unit, larger_is_better, meaning, minimum, maximum, target") { row, _ in
      MetricCard(
        name: try row.text(1), unit: try row.text(2), largerIsBetter: try row.integer(3) != 0,
        meaning: try row.text(4),
        range: ValueRange(minimum: try row.optional(5, row.real), maximum: try row.optional(6, row.real)),
        target: try row.optional(7, row.text))
    }
    let datasets = try reader.rows("datasets", "name, digest, card") { row, _ in
      (
        name: try row.text(1), digest: try row.optional(2, row.digest),
        card: try reader.card(row, 3, DatasetCard.self)
      )
    }
    self.datasets = datasets
    let protocols = try reader.rows("protocols", "name, digest, card") { row, _ in
      (
        name: try row.optional(1, row.text), digest: try row.digest(2),
        card: try reader.card(row, 3, ProtocolCard.self)
      )
    }
    self.protocols = protocols
    positionLists = try reader.rows("position_lists", "positions") { row, _ in
      guard let list = try reader.card(row, 1, [Int].self), zip([0] + list, list).allSatisfy(<),
        list.last ?? 0 <= Int(Int32.max)
      else { throw reader.damaged("the positions of a list do not ascend from 1") }
      return list
    }
    let settings = try reader.rows("settings", "space, dataset, protocol, runs") { row, _ in
      (
        space: try reader.place(row, 1, in: spaces.count), dataset: try reader.place(row, 2, in: datasets.count),
        protocolIndex: try reader.place(row, 3, in: protocols.count), runs: try row.count(4)
      )
    }
    self.settings = settings
    let quantities = try reader.rows(
      "quantities", "space, name, unit, device, conditions, dataset, protocol, source, measurements"
    ) { row, _ in
      (
        space: try reader.place(row, 1, in: spaces.count),
        quantity: Quantity(
          name: try row.text(2), unit: try row.text(3), device: try row.optional(4, row.text),
          conditions: try reader.card(row, 5, [String: String].self) ?? [:], dataset: try row.optional(6, row.text),
          protocolDigest: try row.optional(7, row.digest),
          source: row.isNull(8) ? nil : sources[try reader.place(row, 8, in: sources.count)].name),
        measurements: try row.count(9)
      )
    }
    (settingColumns, quantityColumns) = try reader.columns(
      settings: settings.map(\.runs), quantities: quantities.map(\.measurements))
    // The split that a quantity is of stands with its values.
    self.quantities = zip(quantities, quantityColumns).map { found, columns in
      var quantity = found.quantity
      quantity.split = columns.first { $0.key.name == "value" }?.key.split
      return (space: found.space, quantity: quantity, measurements: found.measurements)
    }
  }
}

/// Reads the rows of the small tables.
private struct DirectoryReader {
  let db: Database
  let manifest: AtlasManifest
  let path: String

  func damaged(_ reason: String) -> StoreError { .damaged(path: path, reason: reason) }

  /// What `body` makes of the rows of a table and their ids, which count from 1 without gaps: the place in the list is
  /// the id less one. Column 0 is the id, and `columns` follow it.
  func rows<Value>(
    _ table: String, _ columns: String, _ body: (StoredRow, Int) throws -> Value
  ) throws -> [Value] {
    var number = 0
    return try db.rows("SELECT id, \(columns) FROM \(table) ORDER BY id") { row in
      number += 1
      guard try row.integer(0) == Int64(number) else { throw damaged("the ids of \(table) are not 1, 2, 3…") }
      return try body(row, number)
    }
  }

  func card<Card: Decodable>(_ row: StoredRow, _ column: Int32, _ type: Card.Type) throws -> Card? {
    guard let text = try row.optional(column, row.text) else { return nil }
    do { return try CanonicalJSON.decode(type, from: Data(text.utf8)) } catch {
      throw row.damage(column, "cannot be read")
    }
  }

  /// The place in a list of `count` that an id names.
  func place(_ row: StoredRow, _ column: Int32, in count: Int) throws -> Int {
    guard count > 0 else { throw row.damage(column, "names a row that does not exist") }
    return try row.count(column, in: 1...Int64(count)) - 1
  }

  /// Number of architectures as the manifest says it. A row takes more than 16 bytes, so no manifest can make a reader
  /// allocate more than the file is long.
  func architectureCount() throws -> Int {
    let largest = try db.firstRow("SELECT max(id) FROM architectures") { try $0.optional(0, $0.integer) } ?? 0
    let rows = manifest.tables.first { $0.name == "architectures" }?.rows
    guard let rows, rows >= 0, rows <= manifest.bytes / 16, Int64(rows) == largest else {
      throw damaged("the ids of architectures are not those of \(rows ?? 0) rows")
    }
    return rows
  }

  /// The first row behind those of space `space`, whose rows begin at `first`; found by halving.
  func firstRow(after space: Int, from first: Int, _ architectures: Int) throws -> Int {
    var low = first
    var high = architectures + 1
    while low < high {
      let middle = (low + high) / 2
      let found = try db.firstRow("SELECT space FROM architectures WHERE id = ?", [middle]) { try $0.integer(0) }
      if found ?? .max <= Int64(space) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The columns of each setting and of each quantity, whose numbers of rows are given.
  func columns(settings: [Int], quantities: [Int]) throws -> (settings: [[ColumnEntry]], quantities: [[ColumnEntry]]) {
    var found: (settings: [[ColumnEntry]], quantities: [[ColumnEntry]]) = (
      Array(repeating: [], count: settings.count), Array(repeating: [], count: quantities.count)
    )
    let largestBlock = try db.firstRow("SELECT max(id) FROM blocks") { try $0.optional(0, $0.integer) } ?? 0
    let names = "setting, quantity, kind, name, split, rows_per_block, first_block, blocks"
    _ = try rows("columns", names) { row, number in
      // A kind that this version does not know is passed over: what it adds is not asked for.
      guard let kind = ColumnKey.Kind(rawValue: try row.text(3)) else { return }
      let isOfSetting = !row.isNull(1)
      let owner = try place(row, isOfSetting ? 1 : 2, in: isOfSetting ? settings.count : quantities.count)
      let rowCount = isOfSetting ? settings[owner] : quantities[owner]
      let split = try row.optional(5) { column throws(StoredRow.Damage) in
        guard let split = Split(number: UInt8(try row.count(column, in: 0...255))) else {
          throw row.damage(column, "names a split that does not exist")
        }
        return split
      }
      let rowsPerBlock = try row.count(6, in: 1...Int64(AtlasFormat.longestFrame))
      let blocks = try row.count(8)
      guard rowsPerBlock.nonzeroBitCount == 1, blocks == (rowCount + rowsPerBlock - 1) / rowsPerBlock else {
        throw damaged("column \(number) does not have as many blocks as its rows need")
      }
      let firstBlock = try row.count(7)
      guard blocks == 0 || firstBlock >= 1 && Int64(firstBlock + blocks - 1) <= largestBlock else {
        throw damaged("column \(number) names blocks that do not exist")
      }
      let entry = ColumnEntry(
        key: ColumnKey(kind, try row.text(4), split), rowsPerBlock: rowsPerBlock, firstBlock: Int64(firstBlock),
        blocks: blocks)
      if isOfSetting { found.settings[owner].append(entry) } else { found.quantities[owner].append(entry) }
    }
    return found
  }
}
