import Crypto
public import Foundation

/// A SHA-256 digest. Written, compared and sorted as 64 lower-case hexadecimal digits.
public struct Digest256: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  /// The digest of `bytes`.
  public init(of bytes: some DataProtocol) {
    hex = SHA256.hash(data: bytes).hexadecimal
  }

  /// The digest of the UTF-8 bytes of `text`.
  public init(of text: String) {
    self.init(of: Data(text.utf8))
  }

  /// Reads 64 hexadecimal digits; nil for anything else.
  public init?(hex text: String) {
    guard text.utf8.count == 64, text.utf8.allSatisfy(isLowerHexadecimal) else { return nil }
    hex = text
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

  /// The first twelve digits, for people.
  public var short: String { String(hex.prefix(12)) }
  public var description: String { hex }

  public static func < (left: Digest256, right: Digest256) -> Bool { left.hex < right.hex }

  /// Digests a stream piece by piece.
  public struct Builder {
    private var hash = SHA256()
    public init() {}
    public mutating func update(_ bytes: some DataProtocol) { hash.update(data: bytes) }
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }
    public func finish() -> Digest256 { Digest256(unchecked: hash.finalize().hexadecimal) }
  }

  private init(unchecked hex: String) { self.hex = hex }
}

/// The id of an architecture: the first 128 bits of the SHA-256 of `space`, a line feed, and the canonical text.
/// Written as 32 lower-case hexadecimal digits.
public struct ArchitectureID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  /// 32 lower-case hexadecimal digits.
  public let hex: String

  public init(space: String, canonicalText: String) {
    hex = String(Digest256(of: space + "\n" + canonicalText).hex.prefix(32))
  }

  /// Reads 32 hexadecimal digits; nil for anything else.
  public init?(hex text: String) {
    guard text.utf8.count == 32, text.utf8.allSatisfy(isLowerHexadecimal) else { return nil }
    hex = text
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

  public var description: String { hex }
  public static func < (left: ArchitectureID, right: ArchitectureID) -> Bool { left.hex < right.hex }
}

private func isLowerHexadecimal(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

extension Sequence<UInt8> {
  fileprivate var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
