/// Reads what ``ByteWriter`` wrote. Total: any bytes give values or a ``Failure``, and nothing is allocated that the
/// remaining bytes could not fill.
package struct ByteReader {
  package struct Failure: Error, Hashable, CustomStringConvertible {
    package let offset: Int
    package let reason: String

    package init(offset: Int, reason: String) {
      self.offset = offset
      self.reason = reason
    }

    package var description: String { "at byte \(offset): \(reason)" }
  }

  private let bytes: UnsafeRawBufferPointer
  package private(set) var offset = 0

  /// `bytes` must outlive the reader.
  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package var remaining: Int { bytes.count - offset }
  package var isAtEnd: Bool { remaining == 0 }

  package func failure(_ reason: String) -> Failure { Failure(offset: offset, reason: reason) }

  /// The next `count` bytes.
  package mutating func take(_ count: Int) throws(Failure) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw failure("\(count) bytes needed, \(remaining) left") }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  package mutating func byte() throws(Failure) -> UInt8 {
    guard offset < bytes.count else { throw failure("the bytes end early") }
    defer { offset += 1 }
    return bytes[offset]
  }

  package mutating func number() throws(Failure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw failure("a number is longer than 64 bits") }
      value |= UInt64(next & 0x7f) << shift
      guard next != 0 || shift == 0 else { throw failure("a number is not in its shortest form") }
      if next < 0x80 { return value }
      shift += 7
      guard shift <= 63 else { throw failure("a number is longer than 64 bits") }
    }
  }

  package mutating func signed() throws(Failure) -> Int64 {
    let value = try number()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A number of things of at least `size` bytes each.
  package mutating func count(ofSize size: Int) throws(Failure) -> Int {
    let value = try number()
    guard value <= UInt64(remaining / max(size, 1)) else {
      throw failure("\(value) entries do not fit in the \(remaining) bytes that are left")
    }
    return Int(value)
  }

  package mutating func integer() throws(Failure) -> Int {
    let value = try number()
    guard let integer = Int(exactly: value) else { throw failure("\(value) is too large") }
    return integer
  }

  package mutating func text() throws(Failure) -> String {
    let count = try count(ofSize: 1)
    let utf8 = try take(count)
    guard let text = String(validating: utf8, as: UTF8.self) else { throw failure("a text is not UTF-8") }
    return text
  }

  package mutating func double() throws(Failure) -> Double {
    Double(bitPattern: UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self)))
  }

  package mutating func float() throws(Failure) -> Float {
    Float(bitPattern: UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self)))
  }

  package mutating func digest() throws(Failure) -> Digest256 {
    guard let digest = Digest256(bytes: try take(32)) else { throw failure("a digest does not have 32 bytes") }
    return digest
  }
}
