import Records

/// What can be told from the first hundred bytes of a file, before SQLite sees it.
enum AtlasHeader {
  /// Opens the file at `path` when its header is that of an atlas of the format that can be read.
  static func open(_ path: String) throws -> SystemFile {
    let file: SystemFile
    do { file = try SystemFile(path, .read) } catch RecordsError.notFound {
      throw StoreError.notFound(path: path)
    }
    let header = try file.read(at: 0, count: min(100, file.size()))
    guard !header.isEmpty else { throw StoreError.empty(path: path) }
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw StoreError.foreign(path: path, reason: "it does not begin like an SQLite file")
    }
    // Offsets from the SQLite file format, section 1.3; numbers there are big-endian.
    func number(_ offset: Int) -> UInt32 { header[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    let application = number(68)
    guard application == AtlasFormat.applicationID else {
      throw StoreError.foreign(
        path: path,
        reason: application == AtlasFormat.workingApplicationID
          ? "it is a working file, of which `nasatlas publish` makes an atlas"
          : "it is an SQLite file with application id \(application)")
    }
    let version = Int(number(60))
    guard version == AtlasFormat.version else {
      throw StoreError.unsupportedFormat(path: path, found: version, supported: AtlasFormat.version)
    }
    return file
  }
}
