import CZlib
package import Foundation
import Records

/// Unpacks a gzip file piece by piece in constant memory.
package enum GzipReader {
  /// Calls `body` with pieces of the unpacked bytes in order. Throws `unreadable` for a damaged or truncated stream and
  /// past `largestOutput` bytes.
  package static func forEachPiece(
    of file: URL, largestOutput: Int = 4 << 30, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    func unreadable(_ reason: String) -> DatasetError { .unreadable(path: file.path, reason: reason) }
    let packed = try SourceFile.bytes(of: file, remedy: "check the path")
    var stream = z_stream()
    guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw unreadable("zlib cannot start")
    }
    defer { inflateEnd(&stream) }
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    defer { piece.deallocate() }
    try packed.withUnsafeBytes { raw in
      let input = raw.bindMemory(to: UInt8.self)
      guard input.count <= Int(UInt32.max) else { throw unreadable("the file is larger than 4 GiB") }
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      var total = 0
      var status = Z_OK
      repeat {
        stream.next_out = piece.baseAddress
        stream.avail_out = UInt32(piece.count)
        status = inflate(&stream, Z_NO_FLUSH)
        let made = piece.count - Int(stream.avail_out)
        guard status == Z_OK || status == Z_STREAM_END else {
          throw unreadable("the gzip stream is damaged or truncated")
        }
        total += made
        guard total <= largestOutput else { throw unreadable("it unpacks to more than \(largestOutput) bytes") }
        try body(UnsafeBufferPointer(rebasing: piece[..<made]))
        if status == Z_STREAM_END, stream.avail_in > 0 {
          guard inflateReset(&stream) == Z_OK else { throw unreadable("zlib failed") }
          status = Z_OK
        }
      } while status != Z_STREAM_END
    }
  }
}
