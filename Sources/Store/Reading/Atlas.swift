import Foundation
import GRDB
public import Records
import Synchronization

/// A published atlas, opened for reading. Every answer rests on pages whose checksums were verified.
public final class Atlas: Sendable {
  public let path: String
  /// That of the file, or, for one of an older format, of what it was read as.
  public let manifest: AtlasManifest
  /// SHA-256 of the file, which every answer names.
  public let digest: Digest256
  /// For people; nil where none was given.
  public let title: String?
  /// Sorted by space, data set and protocol.
  public let settings: [Setting]
  public let quantities: [MeasuredQuantity]

  let directory: AtlasDirectory
  let source: BlockSource
  private let queue: DatabaseQueue
  private let index = LazyReference<ArchitectureIndex>()
  private let lookups = Atomic<Int>(0)
  /// Lookups by id that go to the file before the ids of all architectures are read into memory.
  private static let lookupsBeforeIndex = 32

  /// Opens the atlas at `path`: checks application id, format, length, manifest and the pages that this needs; the other
  /// pages are checked when they are first read. With `preload`, every page and the file's SHA-256 are checked now, and
  /// all but curves and details is decoded into memory.
  ///
  /// Throws a ``StoreError`` that says what is wrong with the file.
  public convenience init(path: String, preload: Bool = false) throws {
    // A publication may rename the atlas and its manifest between our steps; the next attempt meets it finished.
    var firstFailure: (any Error)?
    for _ in 0..<3 {
      for manifestPath in [AtlasFormat.manifestPath(path), AtlasFormat.pendingManifestPath(path)] {
        do {
          try self.init(path: path, manifestPath: manifestPath, checkingAll: preload)
          if preload { try self.preload() }
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

  /// Opens the atlas at `path`, which has no manifest beside it yet, as its readers will: every page is checked, and all
  /// but curves and details is decoded.
  static func check(_ path: String, _ manifest: AtlasManifest) throws {
    try Atlas(path: path, manifest: manifest, checkingAll: true).preload()
  }

  private convenience init(path: String, manifestPath: String, checkingAll: Bool) throws {
    try self.init(AtlasHeader.open(path), manifest: AtlasManifest.read(manifestPath), checkingAll: checkingAll)
  }

  private convenience init(path: String, manifest: AtlasManifest, checkingAll: Bool) throws {
    try self.init(AtlasHeader.open(path), manifest: manifest, checkingAll: checkingAll)
  }

  private init(_ file: SystemFile, manifest: AtlasManifest, checkingAll: Bool) throws {
    let path = file.path
    let size = try file.size()
    guard manifest.format == AtlasFormat.version else {
      throw StoreError.manifestMismatch(
        path: path,
        reason: "the file has format \(AtlasFormat.version), the manifest is of format \(manifest.format)")
    }
    digest = manifest.digest
    guard size >= manifest.bytes else {
      throw StoreError.truncated(path: path, bytes: size, expected: manifest.bytes)
    }
    guard size == manifest.bytes else {
      throw StoreError.extended(path: path, bytes: size, expected: manifest.bytes)
    }
    let pages = CheckedPages(path: path, file: file, manifest: manifest)
    if checkingAll { try pages.checkAll() }
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.label = "atlas"
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
    let (queue, directory) = try StoreError.typed(path, damagedPage: { pages.damagedPage }) {
      let queue = try CheckedFileSystem.withLocation(of: pages) {
        try DatabaseQueue(path: $0, configuration: configuration)
      }
      return try queue.read { db in
        try Self.checkContents(db, manifest, path: path)
        return (queue, try AtlasDirectory(db, manifest, path: path))
      }
    }
    let source = BlockSource(pages)
    self.path = path
    self.manifest = manifest
    self.queue = queue
    self.directory = directory
    self.source = source
    title = directory.title
    settings = directory.settings.indices.map { Setting(id: $0 + 1, directory: directory, source: source) }
    quantities = directory.quantities.indices.map { MeasuredQuantity($0, directory: directory, source: source) }
  }

  /// The digests that the file itself lists must be those of the manifest: a manifest of another atlas shows here.
  private static func checkContents(_ db: Database, _ manifest: AtlasManifest, path: String) throws {
    try db.checkSchemaIsPlain()
    let listed = try db.rows("SELECT name, rows, digest FROM contents") { row in
      "\(try row.text(0)) \(try row.integer(1)) \(try row.text(2))"
    }
    guard Set(listed) == Set(manifest.tables.map { "\($0.name) \($0.rows) \($0.digest.hex)" }) else {
      throw StoreError.manifestMismatch(path: path, reason: "the file lists other table digests")
    }
  }

  /// Decodes everything but curves and details, on all processors.
  private func preload() throws {
    enum Part: Sendable {
      case index
      case setting(Setting)
      case quantity(MeasuredQuantity)
      case column(Column)
    }
    var parts: [Part] = [.index]
    for setting in settings {
      parts.append(.setting(setting))
      setting.forEachColumn { parts.append(.column($0)) }
    }
    parts += quantities.map { .quantity($0) }
    _ = try parts.concurrentMap { part in
      switch part {
      case .index: _ = try self.architectureIndex()
      case .setting(let setting): _ = try setting.runIndex()
      case .quantity(let quantity): try quantity.loadAll()
      case .column(let column): try column.loadAll()
      }
    }
  }

  /// Runs `body` on the database; SQLite's errors become ``StoreError``.
  func read<R>(_ body: (Database) throws -> R) throws -> R {
    try StoreError.typed(path, damagedPage: { self.source.pages.damagedPage }) { try queue.read(body) }
  }

  // MARK: Architectures

  /// The row of an architecture; nil when the atlas does not have it.
  @inline(__always)
  public func row(of id: ArchitectureID) throws -> Int? {
    if let row = index.read({ $0.row(of: id) }) { return row }
    return try rowFromFile(of: id)
  }

  private func rowFromFile(of id: ArchitectureID) throws -> Int? {
    if lookups.wrappingAdd(1, ordering: .relaxed).oldValue >= Self.lookupsBeforeIndex {
      return try architectureIndex().row(of: id)
    }
    return try read { db in
      try db.firstRow("SELECT id FROM architectures WHERE digest = ?", [id.bytes]) { try $0.count(0) }
    }
  }

  private func architectureIndex() throws -> ArchitectureIndex {
    if let index = index.load() { return index }
    let count = try architectureCount()
    let ids = try source.withReader { try $0.architectureIDs(atMost: count) }
    guard ids.count == count else {
      throw StoreError.damaged(path: path, reason: "it has \(ids.count) architectures, its manifest says \(count)")
    }
    return index.storeIfNil(ArchitectureIndex(ids))
  }

  public func architectureCount() throws -> Int {
    guard let table = manifest.tables.first(where: { $0.name == "architectures" }) else {
      throw StoreError.manifestMismatch(path: path, reason: "no table architectures")
    }
    return table.rows
  }
}
