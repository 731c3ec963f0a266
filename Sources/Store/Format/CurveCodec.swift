package import Foundation

/// Packs Float32 values: four planes, each holding one byte of every value (the least significant plane first), then
/// zlib. The planes of signs and exponents hardly change along curves, which is what zlib needs. Every bit pattern
/// survives, those of NaN included.
package enum CurveCodec {
  package static func pack(_ values: [Float]) throws(Deflate.Failure) -> Data {
    let count = values.count
    var planes = [UInt8](repeating: 0, count: 4 * count)
    for (index, value) in values.enumerated() {
      let bits = value.bitPattern
      for plane in 0..<4 { planes[plane * count + index] = UInt8(truncatingIfNeeded: bits >> (8 * plane)) }
    }
    return try Deflate.pack(planes)
  }

  package static func unpack(_ packed: Data, count: Int) throws(Deflate.Failure) -> [Float] {
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
