public import Foundation
import Records

/// The bytes of a model file: no code, nothing to execute.
///
/// `NASMODEL`, version and length of the header as two little-endian 32-bit numbers; the header, canonical JSON; from
/// the next multiple of 64 on the arrays, each beginning at such a multiple, in the order in which the header lists them;
/// SHA-256 over all that, 32 bytes.
public enum ModelFile {
  public static let version: UInt32 = 1
  private static let magic = Array("NASMODEL".utf8)
  private static let alignment = 64
  /// Models within models, at most.
  private static let deepest = 8

  /// What the header says of a model.
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

  public static func encode(_ archive: ModelArchive) throws -> Data {
    let header = try CanonicalJSON.encode(Self.header(of: archive))
    var bytes = magic
    for number in [version, UInt32(header.count)] { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    bytes += header
    append(archive, to: &bytes)
    let digest = Digest256(of: Data(bytes))
    digest.withBytes { bytes += $0 }
    return Data(bytes)
  }

  /// Total: reads what ``encode(_:)`` made, and throws ``SurrogatesError/damagedModel(_:)`` for any other bytes.
  public static func decode(_ data: Data) throws -> ModelArchive {
    try data.withUnsafeBytes { bytes in
      guard bytes.count >= magic.count + 8 + 32, bytes.prefix(magic.count).elementsEqual(magic) else {
        throw SurrogatesError.damagedModel("it does not begin like a model file")
      }
      let content = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 32)])
      let version = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: magic.count, as: UInt32.self))
      guard version == Self.version else {
        throw SurrogatesError.damagedModel("it has format \(version), this version reads \(Self.version)")
      }
      guard Digest256(bytes: UnsafeRawBufferPointer(rebasing: bytes[content.count...])) == Digest256(of: content) else {
        throw SurrogatesError.damagedModel("its bytes do not have the digest at their end")
      }
      let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: magic.count + 4, as: UInt32.self)))
      let start = magic.count + 8
      guard length <= content.count - start,
        let header = try? CanonicalJSON.decode(Header.self, from: Data(content[start..<start + length]))
      else { throw SurrogatesError.damagedModel("its header cannot be read") }
      var place = start + length
      let archive = try archive(of: header, content, &place, depth: 0)
      guard place == content.count else { throw SurrogatesError.damagedModel("bytes follow its last array") }
      return archive
    }
  }

  private static func header(of archive: ModelArchive) -> Header {
    Header(
      kind: archive.kind, settings: archive.settings,
      arrays: archive.arrays.sorted { $0.key < $1.key }
        .map { Header.Array(name: $0.key, type: $0.value.typeName, count: $0.value.count) },
      parts: archive.parts.mapValues(Self.header))
  }

  private static func append(_ archive: ModelArchive, to bytes: inout [UInt8]) {
    for (_, array) in archive.arrays.sorted(by: { $0.key < $1.key }) {
      bytes += [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
      bytes += array.encoded
    }
    for (_, part) in archive.parts.sorted(by: { $0.key < $1.key }) { append(part, to: &bytes) }
  }

  private static func archive(
    of header: Header, _ content: UnsafeRawBufferPointer, _ place: inout Int, depth: Int
  ) throws -> ModelArchive {
    guard depth < deepest else { throw SurrogatesError.damagedModel("models are nested more than \(deepest) deep") }
    var arrays: [String: ModelArray] = [:]
    for entry in header.arrays {
      place += (alignment - place % alignment) % alignment
      guard let width = ModelArray.width(of: entry.type), entry.count >= 0, place <= content.count,
        entry.count <= (content.count - place) / width,
        let array = ModelArray(
          entry.type, UnsafeRawBufferPointer(rebasing: content[place..<place + entry.count * width]))
      else { throw SurrogatesError.damagedModel("its array \(entry.name) does not fit") }
      place += entry.count * width
      arrays[entry.name] = array
    }
    var parts: [String: ModelArchive] = [:]
    for (name, part) in header.parts.sorted(by: { $0.key < $1.key }) {
      parts[name] = try archive(of: part, content, &place, depth: depth + 1)
    }
    return ModelArchive(kind: header.kind, settings: header.settings, arrays: arrays, parts: parts)
  }
}
