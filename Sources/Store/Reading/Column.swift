import Records

/// One number a row, decoded block by block as rows are asked for and then kept.
final class Column: Sendable {
  let rows: Int
  private let entry: ColumnEntry
  private let source: BlockSource
  // Made before the column is shared; what it points to is atomic.
  nonisolated(unsafe) private let decoded: UnsafeMutablePointer<LazyReference<DecodedBlock>>
  private let shift: Int
  private let mask: Int

  /// The decoded values of a block.
  final class DecodedBlock: Sendable {
    let values: ColumnValues
    init(_ values: ColumnValues) { self.values = values }
  }

  init(_ entry: ColumnEntry, rows: Int, source: BlockSource) {
    self.entry = entry
    self.rows = rows
    self.source = source
    shift = entry.rowsPerBlock.trailingZeroBitCount
    mask = entry.rowsPerBlock - 1
    decoded = .allocate(capacity: entry.blocks)
    for block in 0..<entry.blocks { (decoded + block).initialize(to: LazyReference()) }
  }

  deinit {
    decoded.deinitialize(count: entry.blocks)
    decoded.deallocate()
  }

  var blockCount: Int { entry.blocks }

  /// The value of a row; nil where it is absent.
  @inline(__always)
  func value(_ row: Int) throws -> Double? {
    precondition(row >= 0 && row < rows, "there is no such row")
    let block = row >> shift
    if let value = decoded[block].read({ $0.values[row & mask] }) { return value }
    return try load(block).values[row & mask]
  }

  /// A block, decoded now or before.
  @discardableResult
  func load(_ block: Int) throws -> DecodedBlock {
    if let block = decoded[block].load() { return block }
    let count = min(entry.rowsPerBlock, rows - block * entry.rowsPerBlock)
    let values = try source.withReader { reader in
      try reader.block(entry.firstBlock + Int64(block)) { try reader.decoder.decode($0, count: count) }
    }
    return decoded[block].storeIfNil(DecodedBlock(values))
  }

  /// Decodes every block.
  func loadAll() throws {
    for block in 0..<blockCount { try load(block) }
  }

  /// The values of all rows.
  func forEach(_ body: (Int, Double?) throws -> Void) throws {
    for block in 0..<blockCount {
      let values = try load(block).values
      for index in 0..<values.count { try body(block << shift + index, values[index]) }
    }
  }
}

/// Several values a row, decoded anew for each question.
struct PieceColumnReader: Sendable {
  let entry: ColumnEntry
  let rows: Int
  let source: BlockSource

  /// The values of a row.
  func values(_ row: Int) throws -> [Double] {
    try read(row) { $0.doubles() }
  }

  /// The values of a row, nil for absent ones.
  func optionalValues(_ row: Int) throws -> [Double?] {
    try read(row) { values in (0..<values.count).map { values[$0] } }
  }

  private func read<R>(_ row: Int, _ body: (ColumnValues) -> R) throws -> R {
    // The block behind the last one belongs to another column.
    precondition(row >= 0 && row < rows, "there is no such row")
    let shift = entry.rowsPerBlock.trailingZeroBitCount
    let block = entry.firstBlock + Int64(row >> shift)
    return try source.withReader { reader in
      try reader.block(block) { bytes in
        body(try reader.decoder.decode(bytes, piece: row & (entry.rowsPerBlock - 1)))
      }
    }
  }
}
