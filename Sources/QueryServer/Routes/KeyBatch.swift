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
  enum Key: Hashable {
    case text(String)
    case place(Int)
  }

  let architectures: [Key]

  /// Throws a ``Problem`` for what is no batch, and for one with more than `limit` keys.
  init(_ body: ByteBuffer, limit: Int) throws {
    var reader = Reader(bytes: Array(body.readableBytesView))
    guard let keys = reader.batch(limit: limit) else {
      throw Problem(
        .badRequest, "server.bad_batch", "the body is no batch (byte \(reader.place))",
        hint: "send {\"architectures\": [...]}", allowed: ["canonical texts", "ids", "places from 0"])
    }
    guard keys.count <= limit else {
      throw Problem.tooMany("architectures", keys.count, limit: limit, setting: "batch-keys")
    }
    architectures = keys
  }

  /// The rows of the architectures; nil for those that the atlas does not have.
  func rows(in atlas: ServedAtlas, space: String?) throws -> [Int?] {
    let count = try atlas.atlas.architectureCount()
    return try architectures.map { key in
      switch key {
      case .place(let place): return place >= 0 && place < count ? place + 1 : nil
      case .text(let text):
        do { return try atlas.find(text, space: space).row } catch BenchmarkError.architectureNotInAtlas {
          return nil
        } catch BenchmarkError.unknownID { return nil }
      }
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Nil for what is no batch. Stops behind one key more than `limit`.
    mutating func batch(limit: Int) -> [Key]? {
      guard take("{"), string() == "architectures", take(":"), take("[") else { return nil }
      var keys: [Key] = []
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
      return bytes[place] == UInt8(ascii: "\"") ? string().map { .text($0) } : number().map { .place($0) }
    }

    private mutating func string() -> String? {
      guard take("\"") else { return nil }
      let start = place
      var isPlain = true
      while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
        if bytes[place] < 0x20 { return nil }
        if bytes[place] == UInt8(ascii: "\\") {
          isPlain = false
          place += 1
        }
        place += 1
      }
      guard place < bytes.count else { return nil }
      place += 1
      if isPlain { return String(validating: bytes[start..<place - 1], as: UTF8.self) }
      // Escapes are rare, so the general decoder may take its time.
      return try? JSONDecoder().decode(String.self, from: Data(bytes[(start - 1)..<place]))
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
