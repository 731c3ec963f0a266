package import Foundation
import Records

/// zlib streams (RFC 1950) whose unpacked length is known beforehand.
package enum Deflate {
  package struct Failure: Error, Equatable {
    package let reason: String
  }

  /// Level of what is packed on the way, where speed matters.
  package static let workingLevel = 6

  /// What lies in a pool belongs to nobody, and who takes it out is alone with it.
  private struct Pooled<Object>: @unchecked Sendable {
    let object: Object
  }

  private static let deflaters = Guarded<[Pooled<Deflater>]>([])
  private static let inflaters = Guarded<[Pooled<Inflater>]>([])

  /// Fails only for more bytes than `unpack` accepts.
  package static func pack(_ bytes: [UInt8], level: Int = workingLevel) throws(Failure) -> Data {
    guard bytes.count <= AtlasFormat.longestBlock else {
      throw Failure(reason: "\(bytes.count) bytes are too long for a block (at most \(AtlasFormat.longestBlock))")
    }
    let pooled = deflaters.withLock { pool in
      pool.lastIndex { $0.object.level == level }.map { pool.remove(at: $0) }
    }
    let deflater = pooled ?? Pooled(object: Deflater(level: level))
    defer { deflaters.withLock { $0.append(deflater) } }
    return deflater.object.zlibStream(bytes)
  }

  /// Unpacks a stream that must give exactly `count` bytes. Total.
  package static func unpack(_ packed: Data, count: Int) throws(Failure) -> [UInt8] {
    guard (0...AtlasFormat.longestBlock).contains(count) else {
      throw Failure(reason: "an unpacked length of \(count) is not allowed (0…\(AtlasFormat.longestBlock))")
    }
    guard Inflater.isPossible(packed: packed.count, unpacked: count) else {
      throw Failure(reason: "\(packed.count) packed bytes cannot hold \(count)")
    }
    let inflater = inflaters.withLock { $0.popLast() } ?? Pooled(object: Inflater())
    defer { inflaters.withLock { $0.append(inflater) } }
    var intact = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target)[..<count])
      intact = packed.withUnsafeBytes { inflater.object.zlibStream($0, into: room) }
      filled = intact ? count : 0
    }
    guard intact else { throw Failure(reason: "the packed bytes are damaged or do not give \(count) bytes") }
    return bytes
  }
}
