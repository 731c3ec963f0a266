import Foundation
import GRDB
public import Records

/// A published atlas, opened for reading. Every answer rests on pages whose checksums were verified.
public final class Atlas: Sendable {
  public let path: String
  public let manifest: AtlasManifest
  /// SHA-256 of the file, which every answer names.
  public var digest: Digest256 { manifest.digest }

  private let pages: CheckedPages
  private let queue: DatabaseQueue

  /// Opens the atlas at `path`: checks application id, format, length, manifest and the pages that this needs; the other
  /// pages are checked when they are first read. With `preload`, every page and the file's SHA-256 are checked now.
  ///
  /// Throws a ``StoreError`` that says what is wrong with the file.
  public convenience init(path: String, preload: Bool = false) throws {
    // A publication may rename the atlas and its manifest between our steps; the next attempt meets it finished.
    var firstFailure: (any Error)?
    for _ in 0..<3 {
      for manifestPath in [AtlasFormat.manifestPath(path), AtlasFormat.pendingManifestPath(path)] {
        do {
          try self.init(path: path, manifestPath: manifestPath, preload: preload)
          return
        } catch {
          firstFailure = firstFailure ?? error
          if case StoreError.notFound = error { throw error }
        }
      }
      guard FileManager.default.fileExists(atPath: AtlasFormat.pendingManifestPath(path)) else { break }
    }
    throw firstFailure ?? StoreError.notFound(path: path)
  }

  private init(path: String, manifestPath: String, preload: Bool) throws {
    let file = try AtlasHeader.open(path)
    let size = try file.size()
    manifest = try AtlasManifest.read(manifestPath)
    guard size >= manifest.bytes else {
      throw StoreError.truncated(path: path, bytes: size, expected: manifest.bytes)
    }
    guard size == manifest.bytes else {
      throw StoreError.extended(path: path, bytes: size, expected: manifest.bytes)
    }
    self.path = path
    pages = CheckedPages(path: path, file: file, manifest: manifest)
    if preload { try pages.checkAll() }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.label = "atlas"
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
    do {
      queue = try CheckedFileSystem.withLocation(of: pages) {
        try DatabaseQueue(path: $0, configuration: configuration)
      }
    } catch let error as DatabaseError {
      throw Self.storeError(error, pages)
    }
    try checkContents()
  }

  /// The digests that the file itself lists must be those of the manifest: a manifest of another atlas shows here.
  private func checkContents() throws {
    let listed = try read { db in
      try Row.fetchAll(db, sql: "SELECT name, rows, digest FROM contents").map { row in
        "\(row["name"] as String) \(row["rows"] as Int) \(row["digest"] as String)"
      }
    }
    guard Set(listed) == Set(manifest.tables.map { "\($0.name) \($0.rows) \($0.digest.hex)" }) else {
      throw StoreError.manifestMismatch(path: path, reason: "the file lists other table digests")
    }
  }

  /// Runs `body` on the database; SQLite's errors become ``StoreError``.
  func read<R>(_ body: (Database) throws -> R) throws -> R {
    do {
      return try queue.read(body)
    } catch let error as DatabaseError {
      throw Self.storeError(error, pages)
    } catch let error as RowDecodingError {
      throw StoreError.database(path: path, reason: "\(error)")
    }
  }

  private static func storeError(_ error: DatabaseError, _ pages: CheckedPages) -> StoreError {
    if let page = pages.damagedPage { return .damagedPage(path: pages.path, page: page) }
    return .database(path: pages.path, reason: error.message ?? "\(error)")
  }

  /// Checks every page and the SHA-256 of the file.
  func checkAllPages() throws { try pages.checkAll() }
}
