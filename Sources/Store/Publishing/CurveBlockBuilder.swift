import GRDB
import Records

/// Gathers the curves of one metric and split, under one data set and protocol, into blocks of many runs.
struct CurveBlockBuilder {
  struct Group: Hashable {
    let dataset: Int64
    let protocolID: Int64
    let metric: Int64
    let split: Int64
  }

  let group: Group
  private(set) var id: Int64
  private(set) var values: [Float] = []

  init(group: Group, id: Int64) {
    self.group = group
    self.id = id
  }

  /// Adds a curve; gives the index of its first value in the block.
  mutating func append(_ curve: Curve) -> Int {
    defer { values.append(contentsOf: curve.values) }
    return values.count
  }

  var isFull: Bool { values.count >= AtlasFormat.valuesPerBlock }

  func write(to db: Database) throws {
    let data = try CurveCodec.pack(values)
    try db.cachedStatement(sql: "INSERT INTO curve_blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(arguments: [
        id, group.dataset, group.protocolID, group.metric, group.split, values.count,
        Int64(Checksum.crc32([UInt8](data))), data,
      ])
  }
}
