import Foundation
import Records
import Store

/// An atlas that is changed by plain SQL and then gets checksums, digests and a manifest that fit: what somebody can make
/// who knows the format and means harm.
struct RawAtlas: Sendable {
  let path: String
  private let atlas: Data
  private let manifest: JSONValue

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// `path` is where changed copies of the atlas at `original` are put.
  init(copyOf original: String, path: String) throws {
    self.path = path
    atlas = try Data(contentsOf: URL(fileURLWithPath: original))
    let text = try Data(contentsOf: URL(fileURLWithPath: AtlasFormat.manifestPath(original)))
    guard case .object(let sealed) = try CanonicalJSON.decode(JSONValue.self, from: text),
      let manifest = sealed["manifest"]
    else { throw Failure(description: "no manifest") }
    self.manifest = manifest
  }

  /// Puts the atlas at ``path`` as `statements` change it; `members` replace members of the manifest. Nil where SQLite
  /// refuses the statements.
  func write(_ statements: String, members: [String: JSONValue] = [:]) throws -> String? {
    for name in [path, path + "-journal"] { try? FileManager.default.removeItem(atPath: name) }
    try atlas.write(to: URL(fileURLWithPath: path))
    let connection = try RawTables(path)
    guard (try? connection.execute(statements)) != nil else { return nil }
    var tables: [JSONValue] = []
    for table in AtlasSchema.digestedTables {
      let (rows, digest) = (try? connection.digest(of: table)) ?? (0, Digest256(of: ""))
      tables.append(.object(["name": .string(table), "rows": .integer(rows), "digest": .string(digest.hex)]))
      if !statements.contains("contents") {
        try connection.execute("UPDATE contents SET rows = \(rows), digest = '\(digest.hex)' WHERE name = '\(table)'")
      }
    }
    connection.close()
    try seal(tables, members)
    return path
  }

  private func seal(_ tables: [JSONValue], _ members: [String: JSONValue]) throws {
    guard case .object(var content) = manifest else { throw Failure(description: "no manifest") }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var checksums = Data()
    for start in stride(from: 0, to: bytes.count, by: AtlasFormat.pageBytes) {
      let page = Array(bytes[start..<min(start + AtlasFormat.pageBytes, bytes.count)])
      withUnsafeBytes(of: Checksum.crc32(page).littleEndian) { checksums.append(contentsOf: $0) }
    }
    content["bytes"] = .integer(Int64(bytes.count))
    content["digest"] = .string(Digest256(of: bytes).hex)
    content["tables"] = .array(tables)
    content["pageChecksums"] = .string(checksums.base64EncodedString())
    content.merge(members) { $1 }
    let sealed = JSONValue.object([
      "manifest": .object(content), "manifestDigest": .string(try CanonicalJSON.digest(content).hex),
    ])
    try (CanonicalJSON.encode(sealed) + Data("\n".utf8))
      .write(to: URL(fileURLWithPath: AtlasFormat.manifestPath(path)))
  }

  /// Names of the columns of a table.
  func columns(of table: String) throws -> [String] {
    try atlas.write(to: URL(fileURLWithPath: path))
    return try RawTables(path).texts("SELECT name FROM pragma_table_info('\(table)')")
  }

  /// The texts of a query on the unchanged atlas.
  func texts(_ sql: String) throws -> [String] {
    try atlas.write(to: URL(fileURLWithPath: path))
    return try RawTables(path).texts(sql)
  }
}
