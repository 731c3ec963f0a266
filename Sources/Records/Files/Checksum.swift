import CZlib

/// The CRC-32 of zlib and PNG (ISO 3309).
package enum Checksum {
  package static func crc32(_ bytes: UnsafeRawBufferPointer, continuing value: UInt32 = 0) -> UInt32 {
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    guard let start else { return value }
    return UInt32(truncatingIfNeeded: crc32_z(UInt(value), start, bytes.count))
  }

  package static func crc32(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32($0) } }
}
