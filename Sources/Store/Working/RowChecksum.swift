import Records

/// A 64-bit checksum of one row of a working file.
///
/// Each step is a bijection of the state and of the number that goes in, so a row in which one number or eight bytes
/// changed has another checksum for certain. It finds damage; it is no protection against forgery. Eight bytes per
/// step, since every row of an ingest goes through it.
struct RowChecksum {
  private(set) var value: UInt64 = 0x9e37_79b9_7f4a_7c15

  private mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0xd6e8_feb8_6659_fd93
    value ^= value >> 32
  }

  mutating func null() { add(0) }

  mutating func integer(_ number: Int64) {
    add(1)
    add(UInt64(bitPattern: number))
  }

  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { self.text(UnsafeRawBufferPointer($0)) }
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {
    add(3)
    add(bytes)
  }

  mutating func blob(_ bytes: UnsafeRawBufferPointer) {
    add(4)
    add(bytes)
  }

  mutating func digest(_ digest: Digest256) { digest.withBytes { blob($0) } }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(UInt64(bytes.count))
    var place = 0
    while place + 8 <= bytes.count {
      add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
      place += 8
    }
    guard place < bytes.count else { return }
    var rest: UInt64 = 0
    for byte in bytes[place...].reversed() { rest = rest << 8 | UInt64(byte) }
    add(rest)
  }

  init() {}

  /// Of all values of a row that was read.
  init(_ row: StoredRow) {
    for column in 0..<row.columnCount {
      switch row.value(column) {
      case .null: null()
      case .integer(let number): integer(number)
      case .real(let number): integer(Int64(bitPattern: number.bitPattern))
      case .text(let bytes): text(bytes)
      case .blob(let bytes): blob(bytes)
      }
    }
  }
}
