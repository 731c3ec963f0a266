import Foundation

/// The curve blocks of atlas format 1: Float32 values in four planes, each with one byte of every value (the least
/// significant plane first), in one zlib stream.
enum FormatOneCurves {
  static func unpack(_ packed: Data, count: Int) throws(Deflate.Failure) -> [Float] {
    guard (0...AtlasFormat.longestBlock / 4).contains(count) else {
      throw Deflate.Failure(reason: "\(count) values are not allowed in a block")
    }
    let planes = try Deflate.unpack(packed, count: 4 * count)
    return (0..<count).map { index in
      var bits: UInt32 = 0
      for plane in 0..<4 { bits |= UInt32(planes[plane * count + index]) << (8 * plane) }
      return Float(bitPattern: bits)
    }
  }
}
