import Benchmarks
import HTTPTypes
import NIOCore
import Store

/// The architectures of a batch by their places, UInt32 little-endian one after another.
struct PlaceBatch {
  static let contentType = "application/vnd.nasatlas.batch"
  private var body: ByteBuffer
  private let count: Int

  init(_ body: ByteBuffer, limit: Int) throws {
    self.body = body
    count = body.readableBytes / 4
    guard body.readableBytes.isMultiple(of: 4) else {
      throw Problem(
        .badRequest, "server.bad_batch", "the body has \(body.readableBytes) bytes; allowed: a multiple of 4 bytes")
    }
    guard count <= limit else { throw Problem.tooMany("places", count, limit: limit, setting: "batch-keys") }
  }

  /// The values as Float64, little-endian, NaN where there is none; and whether there is one.
  func values(_ lookup: Lookup, of atlas: ServedAtlas) throws -> (body: ByteBuffer, hasValue: Bool) {
    var answer = ByteBufferAllocator().buffer(capacity: 8 * count)
    let rows = lookup.setting.spaceRows
    var hasValue = false
    try body.withUnsafeReadableBytes { bytes in
      for index in 0..<count {
        let place = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        let row = try atlas.row(ofPlace: Int(place), index: index)
        let value = rows.contains(row) ? try lookup.value(ofArchitecture: row) : nil
        if value != nil { hasValue = true }
        answer.writeInteger((value ?? .nan).bitPattern, endianness: .little)
      }
    }
    return (answer, hasValue)
  }
}
