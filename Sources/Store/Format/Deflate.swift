import CZlib
package import Foundation

/// zlib streams (RFC 1950) whose unpacked length is known beforehand.
package enum Deflate {
  package struct Failure: Error, Equatable {
    package let reason: String
  }

  package static func pack(_ bytes: [UInt8]) throws(Failure) -> Data {
    var length = compressBound(uLong(bytes.count))
    var packed = Data(count: Int(length))
    let status = packed.withUnsafeMutableBytes { target in
      compress2(
        target.bindMemory(to: UInt8.self).baseAddress, &length, bytes, uLong(bytes.count), 6)
    }
    guard status == Z_OK else { throw Failure(reason: "zlib could not pack (status \(status))") }
    return packed.prefix(Int(length))
  }

  /// Unpacks a stream that must give exactly `count` bytes. Total.
  package static func unpack(_ packed: Data, count: Int) throws(Failure) -> [UInt8] {
    guard (0...AtlasFormat.longestBlock).contains(count) else {
      throw Failure(reason: "an unpacked length of \(count) is not allowed (0…\(AtlasFormat.longestBlock))")
    }
    // zlib cannot do better than 1:1032, so a larger promise is a lie not worth allocating for.
    guard count <= packed.count * 1_032 else {
      throw Failure(reason: "\(packed.count) packed bytes cannot hold \(count)")
    }
    var status = Z_OK
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { target, filled in
      var length = uLongf(count)
      status = packed.withUnsafeBytes { source in
        uncompress(
          target.baseAddress, &length, source.bindMemory(to: UInt8.self).baseAddress, uLong(source.count))
      }
      filled = status == Z_OK ? Int(length) : 0
    }
    guard status == Z_OK, bytes.count == count else {
      throw Failure(reason: "the packed bytes are damaged (zlib status \(status), \(bytes.count) of \(count) bytes)")
    }
    return bytes
  }
}
