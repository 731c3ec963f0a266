import CLibdeflate

/// The CRC-32 of zlib and PNG (ISO 3309).
package enum Checksum {
  package static func crc32(_ bytes: UnsafeRawBufferPointer, continuing value: UInt32 = 0) -> UInt32 {
    libdeflate_crc32(value, bytes.baseAddress, bytes.count)
  }

  package static func crc32(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32($0) } }
}
