import Foundation
import Records

/// An MD5 digest (RFC 1321), for identity with published ids only: MD5 protects nothing.
///
/// Our own, because the graph hash of NAS-Bench-101 takes 57 digests of a hundred bytes a cell, 24 million for the space,
/// and a digest object made for each would cost more than the digest.
package struct MD5Digest: Hashable, Sendable, Comparable {
  /// Bytes 0 to 7, the first most significant.
  package let high: UInt64
  /// Bytes 8 to 15.
  package let low: UInt64

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The digest of a message.
  package init(of message: some Collection<UInt8>) {
    let count = message.count
    self = withUnsafeTemporaryAllocation(byteCount: count + Self.padding, alignment: 8) { buffer in
      buffer.copyBytes(from: message)
      return MD5Digest(padding: buffer, count: count)
    }
  }

  /// Reads 32 hexadecimal digits in either case; nil for anything else.
  package init?(hex text: some StringProtocol) {
    guard let words = Hexadecimal.words(text.lowercased(), count: 2) else { return nil }
    self.init(high: words[0], low: words[1])
  }

  /// 32 lower-case hexadecimal digits.
  package var hex: String {
    withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
      write(to: buffer, at: 0)
      return String(decoding: buffer, as: UTF8.self)
    }
  }

  /// Digests sort as their digits.
  package static func < (left: MD5Digest, right: MD5Digest) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// Writes the 32 digits to `buffer` from `offset`.
  func write(to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    for (index, word) in [high >> 32, high & 0xffff_ffff, low >> 32, low & 0xffff_ffff].enumerated() {
      buffer.storeBytes(of: Self.digits(of: word).bigEndian, toByteOffset: offset + 8 * index, as: UInt64.self)
    }
  }

  /// The 8 digits of a 32-bit word as bytes, the first most significant.
  private static func digits(of word: UInt64) -> UInt64 {
    var nibbles = (word | word << 16) & 0x0000_ffff_0000_ffff
    nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff
    nibbles = (nibbles | nibbles << 4) & 0x0f0f_0f0f_0f0f_0f0f
    let letters = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return nibbles + 0x3030_3030_3030_3030 + letters * 39
  }
}

extension MD5Digest {
  /// What a message's buffer must have room for behind the message.
  static let padding = 72

  /// The addends of the 64 steps, as the RFC defines them.
  private static let addends = (1...64).map { UInt32(abs(sin(Double($0))) * 4_294_967_296) }

  /// The digest of the first `count` bytes of `buffer`, which has room for ``padding`` more and loses what is there.
  init(padding buffer: UnsafeMutableRawBufferPointer, count: Int) {
    let length = (count + Self.padding) / 64 * 64
    buffer[count] = 0x80
    for index in (count + 1)..<(length - 8) { buffer[index] = 0 }
    buffer.storeBytes(of: UInt64(count * 8).littleEndian, toByteOffset: length - 8, as: UInt64.self)
    var state = SIMD4<UInt32>(0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476)
    Self.addends.withUnsafeBufferPointer { addends in
      for block in stride(from: 0, to: length, by: 64) {
        state &+= Block(buffer: buffer, offset: block, addends: addends).turn(state)
      }
    }
    let words = SIMD4<UInt64>(
      truncatingIfNeeded: SIMD4(
        state[0].byteSwapped, state[1].byteSwapped,
        state[2].byteSwapped, state[3].byteSwapped))
    self.init(high: words[0] << 32 | words[1], low: words[2] << 32 | words[3])
  }

  private struct Block {
    let buffer: UnsafeMutableRawBufferPointer
    let offset: Int
    let addends: UnsafeBufferPointer<UInt32>

    /// 64 steps in four rounds; each round has its own mixing, order of words and rotations.
    @inline(__always)
    func turn(_ state: SIMD4<UInt32>) -> SIMD4<UInt32> {
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      for i in stride(from: 0, to: 16, by: 4) {
        a = b &+ rotate(a &+ (d ^ (b & (c ^ d))) &+ term(i, i), 7)
        d = a &+ rotate(d &+ (c ^ (a & (b ^ c))) &+ term(i + 1, i + 1), 12)
        c = d &+ rotate(c &+ (b ^ (d & (a ^ b))) &+ term(i + 2, i + 2), 17)
        b = c &+ rotate(b &+ (a ^ (c & (d ^ a))) &+ term(i + 3, i + 3), 22)
      }
      for i in stride(from: 16, to: 32, by: 4) {
        a = b &+ rotate(a &+ (c ^ (d & (b ^ c))) &+ term(i, 5 * i + 1), 5)
        d = a &+ rotate(d &+ (b ^ (c & (a ^ b))) &+ term(i + 1, 5 * i + 6), 9)
        c = d &+ rotate(c &+ (a ^ (b & (d ^ a))) &+ term(i + 2, 5 * i + 11), 14)
        b = c &+ rotate(b &+ (d ^ (a & (c ^ d))) &+ term(i + 3, 5 * i + 16), 20)
      }
      for i in stride(from: 32, to: 48, by: 4) {
        a = b &+ rotate(a &+ (b ^ c ^ d) &+ term(i, 3 * i + 5), 4)
        d = a &+ rotate(d &+ (a ^ b ^ c) &+ term(i + 1, 3 * i + 8), 11)
        c = d &+ rotate(c &+ (d ^ a ^ b) &+ term(i + 2, 3 * i + 11), 16)
        b = c &+ rotate(b &+ (c ^ d ^ a) &+ term(i + 3, 3 * i + 14), 23)
      }
      for i in stride(from: 48, to: 64, by: 4) {
        a = b &+ rotate(a &+ (c ^ (b | ~d)) &+ term(i, 7 * i), 6)
        d = a &+ rotate(d &+ (b ^ (a | ~c)) &+ term(i + 1, 7 * i + 7), 10)
        c = d &+ rotate(c &+ (a ^ (d | ~b)) &+ term(i + 2, 7 * i + 14), 15)
        b = c &+ rotate(b &+ (d ^ (c | ~a)) &+ term(i + 3, 7 * i + 21), 21)
      }
      return SIMD4(a, b, c, d)
    }

    /// The step's addend plus its word of the block.
    @inline(__always)
    private func term(_ step: Int, _ word: Int) -> UInt32 {
      addends[step]
        &+ UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: offset + (word & 15) * 4, as: UInt32.self))
    }

    @inline(__always)
    private func rotate(_ value: UInt32, _ by: UInt32) -> UInt32 { value &<< by | value &>> (32 &- by) }
  }
}
