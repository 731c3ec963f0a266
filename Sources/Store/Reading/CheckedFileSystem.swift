import Foundation
import GRDBSQLite
import Records

/// SQLite's way to the pages of an atlas: a read-only virtual file system ("VFS") whose reads are ``CheckedPages``.
///
/// SQLite itself returns silently wrong data for most flipped bits. Here it never sees a byte whose page does not have
/// its checksum: such a read is an I/O error. A file is known by a token instead of a path, so that SQLite reads the very
/// descriptor whose header and length were checked, whatever happens to the name meanwhile.
enum CheckedFileSystem {
  private static let name = "nasatlas"
  private static let offered = Guarded<(next: Int, pages: [String: CheckedPages])>((0, [:]))

  /// Opens `pages` for as long as `body` needs to connect; `body` gets the name to open.
  static func withLocation<R>(of pages: CheckedPages, _ body: (String) throws -> R) throws -> R {
    guard registered == SQLITE_OK else {
      throw StoreError.database(path: pages.path, reason: "the checked file system could not be registered")
    }
    let token = offered.withLock { state in
      state.next += 1
      let token = "atlas-\(state.next)"
      state.pages[token] = pages
      return token
    }
    defer { offered.withLock { _ = $0.pages.removeValue(forKey: token) } }
    return try body("file:\(token)?vfs=\(name)&mode=ro&immutable=1")
  }

  /// What SQLite keeps of an open file.
  private struct OpenFile {
    var base: sqlite3_file
    var pages: Unmanaged<CheckedPages>
  }

  /// Status of the registration, which happens once.
  private static let registered: Int32 = {
    guard let standard = sqlite3_vfs_find(nil) else { return SQLITE_ERROR }
    let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    // Clock, randomness and sleep are the standard ones.
    system.initialize(to: standard.pointee)
    system.pointee.pNext = nil
    system.pointee.zName = UnsafePointer(strdup(name))
    system.pointee.szOsFile = Int32(MemoryLayout<OpenFile>.size)
    system.pointee.mxPathname = 512
    system.pointee.xFullPathname = { _, path, capacity, target in
      guard let path, let target, strlen(path) < Int(capacity) else { return SQLITE_CANTOPEN }
      strcpy(target, path)
      return SQLITE_OK
    }
    system.pointee.xAccess = { _, _, _, answer in
      answer?.pointee = 0
      return SQLITE_OK
    }
    system.pointee.xDelete = { _, _, _ in SQLITE_READONLY }
    system.pointee.xOpen = { _, path, file, flags, outFlags in
      guard let file else { return SQLITE_CANTOPEN }
      file.pointee.pMethods = nil
      guard let path, flags & SQLITE_OPEN_MAIN_DB != 0 else { return SQLITE_CANTOPEN }
      let token = String(cString: path)
      guard let pages = offered.withLock({ $0.pages[token] }) else { return SQLITE_CANTOPEN }
      file.withMemoryRebound(to: OpenFile.self, capacity: 1) {
        $0.pointee.pages = Unmanaged.passRetained(pages)
      }
      file.pointee.pMethods = UnsafePointer(methods)
      outFlags?.pointee = SQLITE_OPEN_READONLY
      return SQLITE_OK
    }
    return sqlite3_vfs_register(system, 0)
  }()

  private static func pages(of file: UnsafeMutablePointer<sqlite3_file>) -> Unmanaged<CheckedPages> {
    file.withMemoryRebound(to: OpenFile.self, capacity: 1) { $0.pointee.pages }
  }

  // Written once, before SQLite sees it, and never again.
  nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    var table = sqlite3_io_methods()
    // Version 1 has no memory mapping, which would go round the checks.
    table.iVersion = 1
    table.xClose = { file in
      if let file { pages(of: file).release() }
      return SQLITE_OK
    }
    table.xRead = { file, target, count, offset in
      guard let file, let target, count >= 0, offset >= 0 else { return SQLITE_IOERR }
      let start = Int(offset)
      let room = UnsafeMutableRawBufferPointer(start: target, count: Int(count))
      guard let filled = pages(of: file).takeUnretainedValue().read(into: room, at: Int(offset)) else {
        return SQLITE_IOERR | 32 << 8  // SQLITE_IOERR_DATA, a macro that Swift does not see
      }
      guard filled < Int(count) else { return SQLITE_OK }
      memset(target + filled, 0, Int(count) - filled)
      return SQLITE_IOERR | 2 << 8  // SQLITE_IOERR_SHORT_READ
    }
    table.xWrite = { _, _, _, _ in SQLITE_READONLY }
    table.xTruncate = { _, _ in SQLITE_READONLY }
    table.xSync = { _, _ in SQLITE_OK }
    table.xFileSize = { file, size in
      guard let file, let size else { return SQLITE_IOERR }
      size.pointee = sqlite3_int64(pages(of: file).takeUnretainedValue().manifest.bytes)
      return SQLITE_OK
    }
    table.xLock = { _, _ in SQLITE_OK }
    table.xUnlock = { _, _ in SQLITE_OK }
    table.xCheckReservedLock = { _, answer in
      answer?.pointee = 0
      return SQLITE_OK
    }
    table.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    table.xSectorSize = { _ in Int32(AtlasFormat.pageBytes) }
    table.xDeviceCharacteristics = { _ in 0x2000 }  // SQLITE_IOCAP_IMMUTABLE
    methods.initialize(to: table)
    return methods
  }()
}
