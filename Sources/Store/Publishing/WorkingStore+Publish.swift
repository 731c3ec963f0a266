import Foundation
import GRDB
import GRDBSQLite
import Records

extension WorkingStore {
  /// Writes the atlas `path` and its manifest from all that the working file holds, replacing what is there; gives the
  /// manifest.
  ///
  /// The same runs give the same bytes, with the same versions of SQLite and zlib. Readers see the old atlas or the new
  /// one, wherever this ends: (1) the new atlas is written beside the old one, synced and opened as readers open it, every page and column checked; (2) its manifest waits, synced,
  /// under the pending name; (3) renaming the atlas is the moment of publication; (4) the manifest gets its final name.
  /// A reader tries both manifests, so between (2) and (4) it finds the one that fits. A publication that ended between
  /// (3) and (4) is completed before the next one begins. One publication of an atlas at a time. `title` is kept in the
  /// atlas, for people.
  ///
  /// An atlas that was published from this working file is replaced; any other one only with `force`. Links are followed.
  /// `isTemporary` says that this working file goes away, so that the manifest does not name it.
  @discardableResult
  public func publish(
    to path: String, title: String? = nil, force: Bool = false, isTemporary: Bool = false
  ) throws -> AtlasManifest {
    try publish(to: path, title: title, force: force, isTemporary: isTemporary, isChecked: true)
  }

  /// Without checks runs are written as they are, even where they contradict themselves or a metric has no card.
  @discardableResult
  package func publish(
    to path: String, title: String?, force: Bool = false, isTemporary: Bool = false, isChecked: Bool
  ) throws -> AtlasManifest {
    let place = try PublicationPlace(path, working: self.path, force: force)
    let path = place.atlas
    guard try runCount() + measurementCount() > 0 else { throw StoreError.nothingToPublish(path: self.path) }
    return try StoreError.typed(path) {
      try Self.completeInterruptedPublication(of: path)
      let partial = path + ".partial"
      for suffix in ["", "-journal", "-wal", "-shm"] where FileManager.default.fileExists(atPath: partial + suffix) {
        try FileManager.default.removeItem(atPath: partial + suffix)
      }
      // A partial file never outlives a failure; a kill leaves one, which the next publication removes.
      defer { unlink(partial) }
      let tables = try writeTables(to: partial, title: title, isChecked: isChecked)
      let manifest = try manifest(
        of: partial, tables: tables, working: isTemporary ? nil : place.relativePath(of: self.path))
      try Atlas.check(partial, manifest)
      let pending = AtlasFormat.pendingManifestPath(path)
      try Self.writeDurably(manifest.encoded(), to: pending)
      place.keepOwner(atlas: partial, manifest: pending)
      try SystemFile.synchronizeFolder(of: path)
      try SystemFile.rename(partial, to: path)
      try SystemFile.synchronizeFolder(of: path)
      try SystemFile.rename(pending, to: AtlasFormat.manifestPath(path))
      try SystemFile.synchronizeFolder(of: path)
      return manifest
    }
  }

  private func writeTables(to partial: String, title: String?, isChecked: Bool) throws -> [TableDigest] {
    var configuration = GRDB.Configuration()
    configuration.label = "atlas"
    configuration.foreignKeysEnabled = false
    let target = try DatabaseQueue(path: partial, configuration: configuration)
    try target.writeWithoutTransaction { db in
      // The file is synced as a whole before it gets its name.
      try db.execute(
        sql: """
          PRAGMA page_size = \(AtlasFormat.pageBytes); PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
          PRAGMA auto_vacuum = NONE; PRAGMA encoding = 'UTF-8'; PRAGMA temp_store = MEMORY;
          """)
      try db.inTransaction {
        try queue.read { source in
          try StoreError.typed(self.path) {
            do {
              try AtlasWriter.write(from: self, source, title: title, isChecked: isChecked, to: db)
            } catch let error as DatabaseError {
              throw StoreError(error, path: Self.hasFailed(source) ? self.path : partial)
            }
          }
        }
        return .commit
      }
      try db.execute(sql: "VACUUM")
    }
    let tables = try target.read { db in try AtlasSchema.digestedTables.map { try TableDigest(of: $0, in: db) } }
    try target.close()
    return tables
  }

  /// Whether the last call of a connection failed, of two that one error may come from.
  private static func hasFailed(_ db: Database) -> Bool {
    ![SQLITE_OK, SQLITE_ROW, SQLITE_DONE].contains(sqlite3_errcode(db.sqliteConnection))
  }

  /// Syncs the new file and takes its digests.
  private func manifest(of partial: String, tables: [TableDigest], working: String?) throws -> AtlasManifest {
    let file = try SystemFile(partial, .readWrite)
    try file.synchronize()
    let size = try file.size()
    var builder = Digest256.Builder()
    var checksums = Data(capacity: size / AtlasFormat.pageBytes * 4)
    for start in stride(from: 0, to: size, by: AtlasFormat.pageBytes) {
      let page = try file.read(at: start, count: AtlasFormat.pageBytes)
      builder.update(page)
      withUnsafeBytes(of: Checksum.crc32(page).littleEndian) { checksums.append(contentsOf: $0) }
    }
    return AtlasManifest(
      format: AtlasFormat.version, version: nasAtlasVersion, bytes: size, digest: builder.finish(), tables: tables,
      pageBytes: AtlasFormat.pageBytes, pageChecksums: checksums, cardHistory: try cardHistory(), working: working)
  }

  /// Gives a manifest that waits under the pending name its final name, when it is the manifest of the atlas there.
  private static func completeInterruptedPublication(of path: String) throws {
    let pending = AtlasFormat.pendingManifestPath(path)
    guard FileManager.default.fileExists(atPath: path), FileManager.default.fileExists(atPath: pending),
      let manifest = try? AtlasManifest.read(pending), let file = try? SystemFile(path, .read),
      try file.size() == manifest.bytes,
      (try? CheckedPages(path: path, file: file, manifest: manifest).checkAll()) != nil
    else { return }
    try SystemFile.rename(pending, to: AtlasFormat.manifestPath(path))
    try SystemFile.synchronizeFolder(of: path)
  }

  private func cardHistory() throws -> [ReplacedCard]? {
    let sql = """
      SELECT kind, name, digest, card_digest, card FROM replaced_cards ORDER BY kind, name, digest, card_digest
      """
    let cards = try read { db in
      try db.rows(sql) { row in
        guard let card = try? CanonicalJSON.decode(JSONValue.self, from: Data(row.text(4).utf8)) else {
          throw row.damage(4, "cannot be read")
        }
        return ReplacedCard(
          kind: try row.text(0), name: try row.text(1), digest: try row.digestOrEmpty(2),
          cardDigest: try row.digest(3), card: card)
      }
    }
    return cards.isEmpty ? nil : cards
  }

  static func decode<Card: Decodable>(
    _ cards: [(name: String, digest: Data, card: String)], _ type: Card.Type, path: String
  ) throws -> [Card] {
    try cards.map {
      do { return try CanonicalJSON.decode(type, from: Data($0.card.utf8)) } catch {
        throw StoreError.damaged(path: path, reason: "the card of \($0.name) cannot be read")
      }
    }
  }

  private static func writeDurably(_ bytes: Data, to path: String) throws {
    let file = try SystemFile(path, .readWrite)
    try file.truncate(to: 0)
    try file.write(bytes, at: 0)
    try file.synchronize()
  }
}
