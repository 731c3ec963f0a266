public import Foundation
public import Records

/// What an atlas must be, byte for byte: the file `NAME.atlas.manifest.json` beside it.
public struct AtlasManifest: Hashable, Sendable, Codable {
  public let format: Int
  /// Version of NASAtlas that published.
  public let version: String
  /// Length of the atlas, in bytes.
  public let bytes: Int
  /// SHA-256 of the whole file: the atlas digest that answers name.
  public let digest: Digest256
  public let tables: [TableDigest]
  public let pageBytes: Int
  /// CRC-32 of each page, 4 bytes little-endian a page, written as Base64.
  public let pageChecksums: Data
  /// Cards that `ingest --replace-cards` replaced, sorted; absent where it replaced none.
  public let cardHistory: [ReplacedCard]?
  /// Path of the working file that the atlas was published from, relative to the folder of the atlas. Absent where the
  /// two share no folder, and for a temporary one.
  public let working: String?

  /// The manifest and the digest of its canonical JSON, as the file holds them.
  private struct Sealed: Codable {
    let manifest: AtlasManifest
    let manifestDigest: Digest256
  }

  func encoded() throws -> Data {
    try CanonicalJSON.encode(Sealed(manifest: self, manifestDigest: CanonicalJSON.digest(self))) + Data("\n".utf8)
  }

  /// CRC-32 of a page, counted from 0.
  func checksum(ofPage page: Int) -> UInt32 {
    pageChecksums.withUnsafeBytes {
      UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 4 * page, as: UInt32.self))
    }
  }

  /// Reads and checks the manifest file at `path`.
  package static func read(_ path: String) throws -> AtlasManifest {
    let file: SystemFile
    do { file = try SystemFile(path, .read) } catch RecordsError.notFound {
      throw StoreError.manifestMissing(path: path)
    }
    let size = try file.size()
    guard size <= AtlasFormat.longestManifest else {
      throw StoreError.manifestDamaged(path: path, reason: "\(size) bytes are too many")
    }
    return try decode(Data(file.read(at: 0, count: size)), path: path)
  }

  /// Total: any bytes give a manifest or `manifestDamaged`.
  package static func decode(_ bytes: Data, path: String) throws -> AtlasManifest {
    let sealed: Sealed
    do { sealed = try CanonicalJSON.decode(Sealed.self, from: bytes) } catch {
      throw StoreError.manifestDamaged(path: path, reason: "it is not the JSON of a manifest")
    }
    let manifest = sealed.manifest
    // Comparing the bytes also finds changes that a decoder forgives, such as a flipped padding bit of the Base64.
    guard try CanonicalJSON.digest(manifest) == sealed.manifestDigest, try manifest.encoded() == bytes else {
      throw StoreError.manifestDamaged(path: path, reason: "it does not have its own digest")
    }
    guard manifest.format == AtlasFormat.version else {
      throw StoreError.unsupportedFormat(path: path, found: manifest.format, supported: AtlasFormat.version)
    }
    guard manifest.pageBytes == AtlasFormat.pageBytes, manifest.bytes > 0,
      manifest.bytes.isMultiple(of: manifest.pageBytes),
      manifest.pageChecksums.count == manifest.bytes / manifest.pageBytes * 4
    else { throw StoreError.manifestDamaged(path: path, reason: "its page checksums do not fit its length") }
    return manifest
  }
}
