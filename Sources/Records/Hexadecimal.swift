import Foundation

/// Big-endian 64-bit words as lower-case hexadecimal digits and as bytes.
package enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  package static func text(_ words: [UInt64]) -> String {
    String(unsafeUninitializedCapacity: 16 * words.count) { buffer in
      for (index, word) in words.enumerated() {
        for place in 0..<16 {
          buffer[16 * index + place] = digits[Int(truncatingIfNeeded: word >> UInt64(60 - 4 * place)) & 15]
        }
      }
      return 16 * words.count
    }
  }

  /// Nil unless `text` is exactly `count` words of lower-case digits.
  package static func words(_ text: String, count: Int) -> [UInt64]? {
    guard text.utf8.count == 16 * count else { return nil }
    var words: [UInt64] = []
    var word: UInt64 = 0
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
      default: return nil
      }
      if index % 16 == 15 { words.append(word) }
    }
    return words
  }

  /// Words of bytes whose number is a multiple of eight.
  static func words(_ bytes: some Collection<UInt8>) -> [UInt64] {
    var words: [UInt64] = []
    var word: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      word = word << 8 | UInt64(byte)
      if index % 8 == 7 { words.append(word) }
    }
    return words
  }

  /// The first 32 bytes.
  static func fourWords(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    return (word(0), word(1), word(2), word(3))
  }

  static func bytes(_ words: [UInt64]) -> Data {
    words.map(\.bigEndian).withUnsafeBytes { Data($0) }
  }
}
