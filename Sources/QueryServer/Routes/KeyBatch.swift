import Benchmarks
import Foundation
import NIOCore
import NIOFoundationCompat
import Records

/// The architectures of a batch in JSON: `{"architectures": [...]}`, texts, ids or places.
struct KeyBatch: Decodable {
  enum Key: Decodable {
    case text(String)
    case place(Int)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let place = try? container.decode(Int.self) {
        self = .place(place)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  let architectures: [Key]

  /// Throws a ``Problem`` for what is no batch, and for one with more than `limit` keys.
  init(_ body: ByteBuffer, limit: Int) throws {
    do {
      self = try JSONDecoder().decode(KeyBatch.self, from: body)
    } catch {
      throw Problem(
        .badRequest, "server.bad_batch", "the body is no batch", hint: "send {\"architectures\": [...]}",
        allowed: ["canonical texts", "ids", "places from 0"])
    }
    guard architectures.count <= limit else {
      throw Problem.tooMany("architectures", architectures.count, limit: limit, setting: "batch-keys")
    }
  }

  /// The rows of the architectures; nil for those that the atlas does not have.
  func rows(in benchmark: Benchmark, space: String?) throws -> [Int?] {
    let count = try benchmark.atlas.architectureCount()
    return try architectures.map { key in
      switch key {
      case .place(let place):
        return place >= 0 && place < count ? place + 1 : nil
      case .text(let text):
        do { return try benchmark.architecture(text, space: space).row } catch BenchmarkError.architectureNotInAtlas {
          return nil
        } catch BenchmarkError.unknownID {
          return nil
        }
      }
    }
  }
}
