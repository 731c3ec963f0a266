import Foundation

/// Rows of architectures by their canonical texts, found by the bytes of a request as they lie there: no string is made.
///
/// The texts stand one behind another, and a table of twice their number leads to them. A hash without a secret suffices,
/// for clients only look up.
struct TextIndex: Sendable {
  private var bytes: [UInt8] = []
  /// Text n is `bytes[starts[n]..<starts[n + 1]]`.
  private var starts = [0]
  private var rows: [Int] = []
  /// Number of the text of each row, from row 1 on.
  private var numbers: [UInt32] = []
  /// Number of a text plus one, 0 where there is none.
  private var table: [UInt32]

  init(capacity: Int) {
    var slots = 16
    while slots < 2 * capacity { slots *= 2 }
    table = Array(repeating: 0, count: slots)
    rows.reserveCapacity(capacity)
    numbers.reserveCapacity(capacity)
    starts.reserveCapacity(capacity + 1)
  }

  /// Adds the text of the row behind the last one; a text that comes twice names no row.
  mutating func add(_ text: String, row: Int) {
    precondition(row == numbers.count + 1, "rows come in order from 1")
    var text = text
    text.withUTF8 { utf8 in
      let text = UnsafeRawBufferPointer(utf8)
      let slot = slot(of: text)
      guard table[slot] == 0 else {
        rows[Int(table[slot]) - 1] = 0
        numbers.append(table[slot] - 1)
        return
      }
      precondition(2 * rows.count < table.count, "an index takes as many texts as it was made for")
      bytes.append(contentsOf: text)
      starts.append(bytes.count)
      rows.append(row)
      numbers.append(UInt32(rows.count - 1))
      table[slot] = UInt32(rows.count)
    }
  }

  /// The text of a row; nil for one that was not added.
  func text(ofRow row: Int) -> String? {
    guard numbers.indices.contains(row - 1) else { return nil }
    let number = Int(numbers[row - 1])
    return String(decoding: bytes[starts[number]..<starts[number + 1]], as: UTF8.self)
  }

  /// The row of a text in UTF-8, if it names one.
  func row(of text: UnsafeRawBufferPointer) -> Int? {
    let number = Int(table[slot(of: text)])
    guard number > 0, rows[number - 1] > 0 else { return nil }
    return rows[number - 1]
  }

  func row(of text: String) -> Int? {
    var text = text
    return text.withUTF8 { row(of: UnsafeRawBufferPointer($0)) }
  }

  /// Where the text is in the table, or the free slot where it would be.
  private func slot(of text: UnsafeRawBufferPointer) -> Int {
    let mask = table.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(text)) & mask
    while table[slot] != 0, !isText(Int(table[slot]) - 1, text) { slot = (slot + 1) & mask }
    return slot
  }

  private func isText(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    guard starts[number + 1] - starts[number] == text.count, let other = text.baseAddress else {
      return starts[number + 1] == starts[number] && text.isEmpty
    }
    return bytes.withUnsafeBytes { $0.baseAddress.map { memcmp($0 + starts[number], other, text.count) == 0 } ?? false }
  }

  /// Eight bytes a step; the last eight may be some of those before.
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(text.count)
    func mix(_ word: UInt64) {
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    guard text.count >= 8 else {
      for byte in text { mix(UInt64(byte)) }
      return hash
    }
    for place in stride(from: 0, to: text.count - 8, by: 8) {
      mix(text.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
    mix(text.loadUnaligned(fromByteOffset: text.count - 8, as: UInt64.self))
    return hash
  }
}
