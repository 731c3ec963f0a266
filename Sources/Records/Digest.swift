import Crypto
public import Foundation

/// A SHA-256 digest. Written, compared and sorted as 64 lower-case hexadecimal digits.
public struct Digest256: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  /// The digest's bytes as four big-endian numbers, so that numbers sort as digits do.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest of `bytes`.
  public init(of bytes: some DataProtocol) { self.init(SHA256.hash(data: bytes)) }

  /// The digest of the UTF-8 bytes of `text`.
  public init(of text: String) {
    var text = text
    self.init(SHA256.hash(utf8: &text))
  }

  package init(of bytes: UnsafeRawBufferPointer) {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    self.init(hash.finalize())
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else.
  public init?(hex text: String) {
    guard let words = Hexadecimal.words(text, count: 4) else { return nil }
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// Reads 32 bytes; nil for any other number of them.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    let words = Hexadecimal.words(bytes)
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// The same for bytes in memory, as fast as they can be read.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    words = Hexadecimal.fourWords(bytes)
  }

  private init(_ digest: SHA256Digest) {
    words = digest.withUnsafeBytes { Hexadecimal.fourWords($0) }
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest256(hex: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(text) is not a SHA-256 digest of 64 hex digits"))
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { Hexadecimal.text([words.0, words.1, words.2, words.3]) }
  /// The 32 bytes.
  public var bytes: Data { Hexadecimal.bytes([words.0, words.1, words.2, words.3]) }
  /// Calls `body` with the 32 bytes.
  package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let bigEndian = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    return try withUnsafeBytes(of: bigEndian, body)
  }
  /// The first twelve digits, for people.
  public var short: String { String(hex.prefix(12)) }
  public var description: String { hex }
  /// The first 128 bits, as numbers.
  package var prefix: (UInt64, UInt64) { (words.0, words.1) }

  public static func == (left: Digest256, right: Digest256) -> Bool { left.words == right.words }
  public static func < (left: Digest256, right: Digest256) -> Bool { left.words < right.words }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  /// Digests a stream piece by piece.
  public struct Builder {
    private var hash = SHA256()
    public init() {}
    public mutating func update(_ bytes: some DataProtocol) { hash.update(data: bytes) }
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }
    public func finish() -> Digest256 { Digest256(hash.finalize()) }
  }
}

extension SHA256 {
  fileprivate static func hash(utf8 text: inout String) -> SHA256Digest {
    text.withUTF8 { bytes in
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      return hash.finalize()
    }
  }
}

/// The id of an architecture: the first 128 bits of the SHA-256 of `space`, a line feed, and the canonical text.
/// Written as 32 lower-case hexadecimal digits.
public struct ArchitectureID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  /// The sixteen bytes as two big-endian numbers, so that numbers sort as digits do.
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(space: String, canonicalText: String) {
    let prefix = Digest256(of: space + "\n" + canonicalText).prefix
    self.init(high: prefix.0, low: prefix.1)
  }

  /// Reads 32 lower-case hexadecimal digits; nil for anything else.
  public init?(hex text: String) {
    guard let words = Hexadecimal.words(text, count: 2) else { return nil }
    self.init(high: words[0], low: words[1])
  }

  /// Reads 16 bytes; nil for any other number of them.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    let words = Hexadecimal.words(bytes)
    self.init(high: words[0], low: words[1])
  }

  /// The same for bytes in memory, as fast as they can be read.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    self.init(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = ArchitectureID(hex: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(text) is not an architecture id of 32 hex digits"))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  /// 32 lower-case hexadecimal digits.
  public var hex: String { Hexadecimal.text([high, low]) }
  /// The 16 bytes.
  public var bytes: Data { Hexadecimal.bytes([high, low]) }
  public var description: String { hex }

  public static func < (left: ArchitectureID, right: ArchitectureID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// The bits of an id are those of a digest, so a part of them is a hash already.
  public func hash(into hasher: inout Hasher) { hasher.combine(high) }
}
