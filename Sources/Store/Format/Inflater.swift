import CLibdeflate
import Foundation

/// Unpacks streams whose unpacked length is known beforehand, by libdeflate. One caller at a time; its tables are made
/// once, so keep it.
package final class Inflater {
  private let decompressor: OpaquePointer

  package init() {
    guard let decompressor = libdeflate_alloc_decompressor() else { fatalError("out of memory") }
    self.decompressor = decompressor
  }

  deinit { libdeflate_free_decompressor(decompressor) }

  /// Unpacks a zlib stream (RFC 1950) that is all of `packed` and fills all of `target`; false for anything else.
  func zlibStream(_ packed: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
    var read = 0
    let result = libdeflate_zlib_decompress_ex(
      decompressor, packed.baseAddress, packed.count, target.baseAddress, target.count, &read, nil)
    return result == LIBDEFLATE_SUCCESS && read == packed.count
  }

  /// Bytes that a target of `bareStream` should have beyond what it is to hold: libdeflate's fast loop stops where one
  /// more step could write past the end, and goes on symbol by symbol.
  static let slack = 320

  /// Unpacks a bare deflate stream (RFC 1951) that is all of `packed` and gives `count` bytes; false for anything else.
  /// What lies behind those bytes in `target` may be overwritten.
  func bareStream(
    _ packed: UnsafeRawBufferPointer, count: Int, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var read = 0
    var written = 0
    let result = libdeflate_deflate_decompress_ex(
      decompressor, packed.baseAddress, packed.count, target.baseAddress, target.count, &read, &written)
    return result == LIBDEFLATE_SUCCESS && read == packed.count && written == count
  }

  /// Whether so few packed bytes can hold so many: deflate cannot do better than 1:1032, so a larger promise is a lie not
  /// worth allocating for.
  static func isPossible(packed: Int, unpacked: Int) -> Bool { (unpacked + 1_031) / 1_032 <= packed }
}
