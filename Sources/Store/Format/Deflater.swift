import CLibdeflate
package import Foundation

/// Packs bytes by libdeflate, as a zlib stream (RFC 1950) or a bare deflate stream (RFC 1951). One caller at a time;
/// its tables are made once, so keep it.
package final class Deflater {
  /// From 0 (stored) to 12 (smallest).
  package let level: Int
  private let compressor: OpaquePointer

  package init(level: Int) {
    precondition((0...12).contains(level), "libdeflate has the levels 0 to 12")
    guard let compressor = libdeflate_alloc_compressor(Int32(level)) else { fatalError("out of memory") }
    self.level = level
    self.compressor = compressor
  }

  deinit { libdeflate_free_compressor(compressor) }

  /// A whole zlib stream.
  package func zlibStream(_ bytes: [UInt8]) -> Data {
    let bound = libdeflate_zlib_compress_bound(compressor, bytes.count)
    var packed = Data(count: bound)
    let length = packed.withUnsafeMutableBytes { target in
      libdeflate_zlib_compress(compressor, bytes, bytes.count, target.baseAddress, target.count)
    }
    precondition(length > 0, "libdeflate broke its bound")
    return packed.prefix(length)
  }

  /// A whole gzip member (RFC 1952).
  package func gzipStream(_ bytes: [UInt8]) -> Data {
    var packed = Data(count: libdeflate_gzip_compress_bound(compressor, bytes.count))
    let length = packed.withUnsafeMutableBytes { target in
      libdeflate_gzip_compress(compressor, bytes, bytes.count, target.baseAddress, target.count)
    }
    precondition(length > 0, "libdeflate broke its bound")
    return packed.prefix(length)
  }

  /// Longest bare stream of `count` bytes.
  func bound(_ count: Int) -> Int { libdeflate_deflate_compress_bound(compressor, count) }

  /// Writes a bare deflate stream and gives its length, or nil where `target` is too short for it.
  func bareStream(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
    let length = libdeflate_deflate_compress(
      compressor, bytes.baseAddress, bytes.count, target.baseAddress, target.count)
    return length > 0 ? length : nil
  }
}
