public import Foundation

/// How an ``ArrayArchive`` is written: numbers and JSON, nothing to execute.
///
/// A word of eight letters; version and length of the header as two little-endian 32-bit numbers; the header, canonical
/// JSON; from the next multiple of 64 on the arrays, each beginning at such a multiple, in the order in which the header
/// lists them; SHA-256 over all that, 32 bytes.
public struct ArrayFile: Hashable, Sendable {
  private let magic: [UInt8]
  private let version: UInt32
  private static let alignment = 64
  /// Archives within archives, at most.
  private static let deepest = 8

  /// What the header says of an archive.
  private struct Header: Codable {
    struct Array: Codable {
      let name: String
      let type: String
      let count: Int
    }
    let kind: String
    let settings: JSONValue
    /// Ascending by name.
    let arrays: [Array]
    let parts: [String: Header]
  }

  /// A kind of file by the eight letters that it begins with.
  public init(magic: String, version: UInt32) {
    self.magic = Array(magic.utf8)
    self.version = version
    precondition(self.magic.count == 8, "a file begins with eight letters")
  }

  public func encode(_ archive: ArrayArchive) throws -> Data {
    let header = try CanonicalJSON.encode(self.header(of: archive))
    var bytes = magic
    for number in [version, UInt32(header.count)] { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    bytes += header
    append(archive, to: &bytes)
    let digest = Digest256(of: Data(bytes))
    digest.withBytes { bytes += $0 }
    return Data(bytes)
  }

  /// Total: reads what ``encode(_:)`` made, and throws ``DamagedArchive`` for any other bytes.
  public func decode(_ data: Data) throws -> ArrayArchive {
    try data.withUnsafeBytes { bytes in
      let (version, content) = try envelope(bytes)
      guard version == self.version else {
        throw DamagedArchive("it has format \(version), this version reads \(self.version)")
      }
      guard hasDigest(content, bytes) else { throw DamagedArchive("its bytes do not have the digest at their end") }
      let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: magic.count + 4, as: UInt32.self)))
      let start = magic.count + 8
      guard length <= content.count - start,
        let header = try? CanonicalJSON.decode(Header.self, from: Data(content[start..<start + length]))
      else { throw DamagedArchive("its header cannot be read") }
      var place = start + length
      let archive = try self.archive(of: header, content, &place, depth: 0)
      guard place == content.count else { throw DamagedArchive("bytes follow its last array") }
      return archive
    }
  }

  /// Whether the bytes are an undamaged file of this kind in another version, so that it is made anew instead of refused.
  package func isWholeInOtherVersion(_ data: Data) -> Bool {
    data.withUnsafeBytes { bytes in
      guard let (version, content) = try? envelope(bytes) else { return false }
      return version != self.version && hasDigest(content, bytes)
    }
  }

  /// The version, and all but the digest. Throws ``DamagedArchive`` for files of another kind.
  private func envelope(_ bytes: UnsafeRawBufferPointer) throws -> (UInt32, UnsafeRawBufferPointer) {
    guard bytes.count >= magic.count + 8 + 32, bytes.prefix(magic.count).elementsEqual(magic) else {
      throw DamagedArchive("it does not begin with \(String(decoding: magic, as: UTF8.self))")
    }
    let version = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: magic.count, as: UInt32.self))
    return (version, UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 32)]))
  }

  private func hasDigest(_ content: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
    Digest256(bytes: UnsafeRawBufferPointer(rebasing: bytes[content.count...])) == Digest256(of: content)
  }

  private func header(of archive: ArrayArchive) -> Header {
    Header(
      kind: archive.kind, settings: archive.settings,
      arrays: archive.arrays.sorted { $0.key < $1.key }
        .map { Header.Array(name: $0.key, type: $0.value.typeName, count: $0.value.count) },
      parts: archive.parts.mapValues(header))
  }

  private func append(_ archive: ArrayArchive, to bytes: inout [UInt8]) {
    for (_, array) in archive.arrays.sorted(by: { $0.key < $1.key }) {
      bytes += [UInt8](repeating: 0, count: (Self.alignment - bytes.count % Self.alignment) % Self.alignment)
      bytes += array.encoded
    }
    for (_, part) in archive.parts.sorted(by: { $0.key < $1.key }) { append(part, to: &bytes) }
  }

  private func archive(
    of header: Header, _ content: UnsafeRawBufferPointer, _ place: inout Int, depth: Int
  ) throws -> ArrayArchive {
    guard depth < Self.deepest else { throw DamagedArchive("archives are nested more than \(Self.deepest) deep") }
    var arrays: [String: NumberArray] = [:]
    for entry in header.arrays {
      place += (Self.alignment - place % Self.alignment) % Self.alignment
      guard let width = NumberArray.width(of: entry.type), entry.count >= 0, place <= content.count,
        entry.count <= (content.count - place) / width,
        let array = NumberArray(
          entry.type, UnsafeRawBufferPointer(rebasing: content[place..<place + entry.count * width]))
      else { throw DamagedArchive("its array \(entry.name) does not fit") }
      place += entry.count * width
      arrays[entry.name] = array
    }
    var parts: [String: ArrayArchive] = [:]
    for (name, part) in header.parts.sorted(by: { $0.key < $1.key }) {
      parts[name] = try archive(of: part, content, &place, depth: depth + 1)
    }
    return ArrayArchive(kind: header.kind, settings: header.settings, arrays: arrays, parts: parts)
  }
}
