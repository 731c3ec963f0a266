import Foundation
import Records

/// Packs columns into blocks, on all processors.
enum BlockPacker {
  /// The blocks of a column that has one value a row, rows taken in `order`.
  static func pack(_ column: SparseColumn, order: [Int]) throws -> [Data] {
    try blocks(rows: order.count, rowsPerBlock: AtlasFormat.rowsPerBlock) { encoder, rows in
      try encoder.pack(
        order[rows].map { column.values[$0] },
        present: column.present.map { present in order[rows].map { present[$0] } })
    }
  }

  /// The blocks of a column that has several values a row, rows taken in `order`.
  static func pack(_ column: PieceColumn, order: [Int]) throws -> [Data] {
    try blocks(rows: order.count, rowsPerBlock: column.rowsPerBlock) { encoder, rows in
      var values: [Double] = []
      var present: [Bool]? = column.present == nil ? nil : []
      for row in order[rows] {
        let piece = column.starts[row]..<column.starts[row] + column.lengths[row]
        values.append(contentsOf: column.values[piece])
        if let known = column.present { present?.append(contentsOf: known[piece]) }
      }
      return try encoder.pack(values, present: present, lengths: order[rows].map { column.lengths[$0] })
    }
  }

  private static func blocks(
    rows: Int, rowsPerBlock: Int, _ body: @Sendable (FrameEncoder, Range<Int>) throws -> Data
  ) throws -> [Data] {
    let blocks = stride(from: 0, to: rows, by: rowsPerBlock).map { $0..<min($0 + rowsPerBlock, rows) }
    // A few runs of blocks rather than single ones, since an encoder takes longer to make than a block.
    let pieces = max(1, min(16, blocks.count))
    let parts = (0..<pieces).map { blocks[(blocks.count * $0 / pieces)..<(blocks.count * ($0 + 1) / pieces)] }
    return try parts.concurrentMap { part in
      let encoder = FrameEncoder()
      return try part.map { try body(encoder, $0) }
    }.flatMap { $0 }
  }
}
