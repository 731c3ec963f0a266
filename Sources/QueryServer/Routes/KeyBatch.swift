import Benchmarks
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
    var keys: [Key] = []
    try JSONReader.read(body, ["architectures"], required: ["architectures"], Self.refusal) { _, reader in
      keys = try Self.keys(&reader, limit: limit)
    }
    self.body = body
    architectures = keys
  }

  private static let refusal = JSONReader.Refusal(
    code: "server.bad_batch", hint: "send {\"architectures\": [...]}",
    allowed: ["canonical texts", "ids", "places from 0"])

  /// A list of architectures. Throws a ``Problem`` for one with more than `limit` items.
  static func keys(_ reader: inout JSONReader, limit: Int) throws -> [Key] {
    let keys = try reader.list(limit: limit, of: "a text or a place") { $0.architecture() }
    guard keys.count <= limit else {
      throw Problem.tooMany("architectures", keys.count, limit: limit, setting: "batch-keys")
    }
    return keys
  }

  /// The rows of the architectures; nil for texts and ids that the atlas does not have. Where it has to be `isShort`, throws
  /// ``AnswerRoutes/TakesLonger`` for what is neither a place nor a canonical text.
  func rows(in atlas: ServedAtlas, space: String?, isShort: Bool = false) throws -> [Int?] {
    try body.withUnsafeReadableBytes { bytes in
      try architectures.enumerated().map { index, key in
        if index.isMultiple(of: 256) { try Task.checkCancellation() }
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
}
