import Benchmarks
import Foundation
import HTTPTypes
import NIOCore
import Records
import Store

/// The architectures of a batch in JSON: `{"architectures": [...]}`, texts, ids or places.
///
/// Read byte by byte, for a general decoder takes longer over a batch than the answer does.
struct KeyBatch {
  enum Key {
    /// Bytes of the body: ASCII without escapes.
    case plain(Range<Int>)
    case text(String)
    case place(Int)
  }

  private let body: ByteBuffer
  let architectures: [Key]

  /// Throws a ``Problem`` for what is no batch, and for one with more than `limit` keys.
  init(_ body: ByteBuffer, limit: Int) throws {
    let keys = try body.withUnsafeReadableBytes { bytes in
      var reader = Reader(bytes: bytes)
      guard let keys = reader.batch(limit: limit) else {
        throw Problem(
          .badRequest, "server.bad_batch", "the body is no batch (byte \(reader.place))",
          hint: "send {\"architectures\": [...]}", allowed: ["canonical texts", "ids", "places from 0"])
      }
      return keys
    }
    guard keys.count <= limit else {
      throw Problem.tooMany("architectures", keys.count, limit: limit, setting: "batch-keys")
    }
    self.body = body
    architectures = keys
  }

  /// The rows of the architectures; nil for texts and ids that the atlas does not have. Where it has to be `isShort`, throws
  /// ``AnswerRoutes/TakesLonger`` for what is neither a place nor a canonical text.
  func rows(in atlas: ServedAtlas, space: String?, isShort: Bool = false) throws -> [Int?] {
    try body.withUnsafeReadableBytes { bytes in
      try architectures.enumerated().map { index, key in
        switch key {
        case .place(let place): return try atlas.row(ofPlace: place, index: index)
        case .text(let text):
          if isShort { throw AnswerRoutes.TakesLonger() }
          return try atlas.find(.text(text), space: space, index: index)?.row
        case .plain(let range):
          let text = UnsafeRawBufferPointer(rebasing: bytes[range])
          if let row = atlas.row(ofText: text, space: space) { return row }
          if isShort { throw AnswerRoutes.TakesLonger() }
          return try atlas.find(.text(String(decoding: text, as: UTF8.self)), space: space, index: index)?.row
        }
      }
    }
  }

  /// A key by itself.
  func key(_ key: Key) -> ArchitectureKey {
    switch key {
    case .plain(let range): .text(String(buffer: text(range)))
    case .text(let text): .text(text)
    case .place(let place): .place(place)
    }
  }

  /// The bytes of a plain key.
  func text(_ range: Range<Int>) -> ByteBuffer {
    body.getSlice(at: body.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
  }

  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var place = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Nil for what is no batch. Stops behind one key more than `limit`.
    mutating func batch(limit: Int) -> [Key]? {
      guard take("{"), isMember("architectures"), take(":"), take("[") else { return nil }
      var keys: [Key] = []
      // A guess of the shortest; what is too much is freed with the request.
      keys.reserveCapacity(min(limit + 1, bytes.count / 16))
      if !take("]") {
        repeat {
          guard let key = key() else { return nil }
          keys.append(key)
          if keys.count > limit { return keys }
        } while take(",")
        guard take("]") else { return nil }
      }
      guard take("}") else { return nil }
      skipBlanks()
      return place == bytes.count ? keys : nil
    }

    private mutating func key() -> Key? {
      skipBlanks()
      guard place < bytes.count else { return nil }
      return bytes[place] == UInt8(ascii: "\"") ? string() : number().map { .place($0) }
    }

    private mutating func isMember(_ name: String) -> Bool {
      switch string() {
      case .plain(let range)?: bytes[range].elementsEqual(name.utf8)
      case .text(let text)?: text == name
      default: false
      }
    }

    private mutating func string() -> Key? {
      guard take("\"") else { return nil }
      let start = place
      var isPlain = true
      while true {
        while place + 8 <= bytes.count {
          let specials = Self.specials(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
          guard specials == 0 else {
            place += specials.trailingZeroBitCount >> 3
            break
          }
          place += 8
        }
        guard place < bytes.count, bytes[place] != UInt8(ascii: "\"") else { break }
        let byte = bytes[place]
        if byte < 0x20 { return nil }
        if byte >= 0x80 || byte == UInt8(ascii: "\\") { isPlain = false }
        place += byte == UInt8(ascii: "\\") ? 2 : 1
      }
      guard place < bytes.count else { return nil }
      place += 1
      if isPlain { return .plain(start..<place - 1) }
      // Such strings are rare, so the general decoder may take its time.
      return (try? JSONDecoder().decode(String.self, from: Data(bytes[(start - 1)..<place]))).map { .text($0) }
    }

    /// The high bits of those of eight bytes that are a quotation mark, a backslash, a control or beyond ASCII. Each is
    /// found by the bit that a subtraction leaves in its byte; a borrow may find one too many, but only behind a true one.
    @inline(__always)
    private static func specials(_ littleEndian: UInt64) -> UInt64 {
      let word = UInt64(littleEndian: littleEndian)
      let ones: UInt64 = 0x0101_0101_0101_0101
      let marks = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let escapes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      let found = word | (word &- ones &* 0x20) | (marks &- ones) | (escapes &- ones)
      return found & (ones &* 0x80)
    }

    /// A place, 0 to 2³² - 1; some languages write whole numbers with a point and zeros.
    private mutating func number() -> Int? {
      let start = place
      skip(while: 0x30...0x39)
      guard (1...10).contains(place - start),
        let number = UInt32(String(decoding: bytes[start..<place], as: UTF8.self))
      else { return nil }
      if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
        place += 1
        let point = place
        skip(while: 0x30...0x30)
        if place == point { return nil }
      }
      return Int(number)
    }

    private mutating func skip(while range: ClosedRange<UInt8>) {
      while place < bytes.count, range.contains(bytes[place]) { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      skipBlanks()
      guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
      place += 1
      return true
    }

    private mutating func skipBlanks() {
      while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
    }
  }
}
