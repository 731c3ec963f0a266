package import Foundation

/// A table as a file of Apache Parquet: one row group, a plain page a column, no compression, every column optional.
///
/// No Swift package writes Parquet. This is the smallest part of the format that every reader takes; its description is
/// parquet.thrift of the Parquet format 2.10, in Thrift's compact protocol. A test reads the files with pyarrow.
package enum ParquetFile {
  package static func bytes(of table: AnswerTable) -> Data {
    var file = Data("PAR1".utf8)
    var chunks: [Chunk] = []
    for column in table.columns {
      let page = page(column.cells)
      let header = pageHeader(bytes: page.count, rows: table.rowCount)
      chunks.append(Chunk(column: column, offset: file.count, bytes: header.count + page.count))
      file += header + page
    }
    let footer = metadata(table, chunks)
    file += footer
    withUnsafeBytes(of: UInt32(footer.count).littleEndian) { file.append(contentsOf: $0) }
    return file + Data("PAR1".utf8)
  }

  private struct Chunk {
    let column: AnswerTable.Column
    let offset: Int
    let bytes: Int
  }

  /// Numbers of the enumerations `Type`, `Encoding`, `FieldRepetitionType`, `ConvertedType` and `PageType`.
  private enum Code {
    static let int64 = 2
    static let double = 5
    static let byteArray = 6
    static let plain = 0
    static let runLength = 3
    static let optional = 1
    static let text = 0
    static let dataPage = 0
    static let uncompressed = 0
  }

  private static func type(_ cells: AnswerTable.Cells) -> Int {
    switch cells {
    case .texts: Code.byteArray
    case .counts: Code.int64
    case .numbers: Code.double
    }
  }

  // MARK: Pages

  /// Which cells are there, then those that are.
  private static func page(_ cells: AnswerTable.Cells) -> Data {
    switch cells {
    case .texts(let cells):
      var page = levels(cells.map { $0 != nil })
      for case let text? in cells {
        withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { page.append(contentsOf: $0) }
        page.append(contentsOf: text.utf8)
      }
      return page
    case .counts(let cells):
      return levels(cells.map { $0 != nil }) + words(cells.map { $0.map { UInt64(bitPattern: Int64($0)) } })
    case .numbers(let cells): return levels(cells.map { $0 != nil }) + words(cells.map { $0?.bitPattern })
    }
  }

  private static func words(_ cells: [UInt64?]) -> Data {
    var bytes = Data(capacity: 8 * cells.count)
    for case let word? in cells { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// Definition levels, 1 for a cell that is there, as runs of the hybrid of run lengths and packed bits.
  private static func levels(_ isThere: [Bool]) -> Data {
    var runs = Data()
    var first = 0
    while first < isThere.count {
      let end = isThere[first...].firstIndex { $0 != isThere[first] } ?? isThere.count
      Thrift.append(UInt64(end - first) << 1, to: &runs)
      runs.append(isThere[first] ? 1 : 0)
      first = end
    }
    var bytes = Data()
    withUnsafeBytes(of: UInt32(runs.count).littleEndian) { bytes.append(contentsOf: $0) }
    return bytes + runs
  }

  private static func pageHeader(bytes: Int, rows: Int) -> Data {
    var header = Thrift()
    header.number(1, Code.dataPage, .int32)
    header.number(2, bytes, .int32)
    header.number(3, bytes, .int32)
    header.structure(5) {
      $0.number(1, rows, .int32)
      $0.number(2, Code.plain, .int32)
      $0.number(3, Code.runLength, .int32)
      $0.number(4, Code.runLength, .int32)
    }
    return header.finish()
  }

  // MARK: The footer

  private static func metadata(_ table: AnswerTable, _ chunks: [Chunk]) -> Data {
    var file = Thrift()
    file.number(1, 2, .int32)
    file.structures(2, count: table.columns.count + 1) { index, element in
      guard index > 0 else {
        element.text(4, "schema")
        element.number(5, table.columns.count, .int32)
        return
      }
      let column = table.columns[index - 1]
      element.number(1, type(column.cells), .int32)
      element.number(3, Code.optional, .int32)
      element.text(4, column.name)
      if case .texts = column.cells {
        element.number(6, Code.text, .int32)
        element.structure(10) { $0.structure(1) { _ in } }
      }
    }
    file.number(3, table.rowCount, .int64)
    file.structures(4, count: 1) { _, group in
      group.structures(1, count: chunks.count) { index, chunk in
        chunk.number(2, chunks[index].offset, .int64)
        chunk.structure(3) { describe(chunks[index], rows: table.rowCount, &$0) }
      }
      group.number(2, chunks.map(\.bytes).reduce(0, +), .int64)
      group.number(3, table.rowCount, .int64)
    }
    file.structures(5, count: 1) { _, pair in
      pair.text(1, "caption")
      pair.text(2, table.caption)
    }
    file.text(6, "nasatlas")
    return file.finish()
  }

  private static func describe(_ chunk: Chunk, rows: Int, _ data: inout Thrift) {
    data.number(1, type(chunk.column.cells), .int32)
    data.numbers(2, [Code.plain, Code.runLength])
    data.texts(3, [chunk.column.name])
    data.number(4, Code.uncompressed, .int32)
    data.number(5, rows, .int64)
    data.number(6, chunk.bytes, .int64)
    data.number(7, chunk.bytes, .int64)
    data.number(9, chunk.offset, .int64)
  }
}

/// A structure in Thrift's compact protocol, written field by field in rising order of their numbers.
private struct Thrift {
  enum Kind: UInt8 {
    case int32 = 5
    case int64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  private var bytes = Data()
  private var last = 0

  /// Seven bits a byte, the lowest first.
  static func append(_ value: UInt64, to bytes: inout Data) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func begin(_ field: Int, _ kind: Kind) {
    bytes.append(UInt8(field - last) << 4 | kind.rawValue)
    last = field
  }

  private mutating func zigzag(_ value: Int) {
    Self.append(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)), to: &bytes)
  }

  private mutating func raw(_ text: String) {
    Self.append(UInt64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func beginList(_ field: Int, of kind: Kind, count: Int) {
    begin(field, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      Self.append(UInt64(count), to: &bytes)
    }
  }

  mutating func number(_ field: Int, _ value: Int, _ kind: Kind) {
    begin(field, kind)
    zigzag(value)
  }

  mutating func text(_ field: Int, _ value: String) {
    begin(field, .binary)
    raw(value)
  }

  mutating func numbers(_ field: Int, _ values: [Int]) {
    beginList(field, of: .int32, count: values.count)
    for value in values { zigzag(value) }
  }

  mutating func texts(_ field: Int, _ values: [String]) {
    beginList(field, of: .binary, count: values.count)
    for value in values { raw(value) }
  }

  mutating func structure(_ field: Int, _ write: (inout Thrift) -> Void) {
    begin(field, .structure)
    var inner = Thrift()
    write(&inner)
    bytes += inner.finish()
  }

  mutating func structures(_ field: Int, count: Int, _ write: (Int, inout Thrift) -> Void) {
    beginList(field, of: .structure, count: count)
    for index in 0..<count {
      var inner = Thrift()
      write(index, &inner)
      bytes += inner.finish()
    }
  }

  /// All bytes, with the mark of the end.
  func finish() -> Data { bytes + [0] }
}
