import CZlib
import Foundation

/// Arrays of numbers as zlib streams. No copy of the numbers beside the array itself.
enum ZlibArray {
  static func pack(_ bytes: UnsafeRawBufferPointer) -> Data? {
    var length = compressBound(UInt(bytes.count))
    var packed = Data(count: Int(length))
    let status = packed.withUnsafeMutableBytes { out in
      compress2(
        out.bindMemory(to: UInt8.self).baseAddress, &length, bytes.bindMemory(to: UInt8.self).baseAddress,
        UInt(bytes.count), 6)
    }
    return status == Z_OK ? packed.prefix(Int(length)) : nil
  }

  /// Nil unless the stream holds exactly `count` values.
  static func unpack<T: BitwiseCopyable>(_ packed: UnsafeRawBufferPointer, count: Int, zero: T) -> [T]? {
    var values = [T](repeating: zero, count: count)
    let wanted = count * MemoryLayout<T>.stride
    let complete = values.withUnsafeMutableBytes { out in
      // zlib wants a place to write even for nothing.
      var nothing: UInt8 = 0
      return withUnsafeMutablePointer(to: &nothing) { spare in
        var length = UInt(max(wanted, 1))
        let target = wanted == 0 ? spare : out.bindMemory(to: UInt8.self).baseAddress
        let status = uncompress(target, &length, packed.bindMemory(to: UInt8.self).baseAddress, UInt(packed.count))
        return status == Z_OK && length == UInt(wanted)
      }
    }
    return complete ? values : nil
  }
}
