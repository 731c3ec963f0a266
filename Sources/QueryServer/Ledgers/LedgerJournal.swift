import Records

/// The file of one ledger: a line an entry, on the disk before anything is answered.
final class LedgerJournal: Sendable {
  private let file: SystemFile
  private let end: Int
  /// Of all entries; nil while there are none.
  private let chain: Digest256?

  private init(_ file: SystemFile, end: Int, chain: Digest256?) {
    self.file = file
    self.end = end
    self.chain = chain
  }

  /// A new journal with its first entry. Throws `RecordsError`.
  static func create(_ path: String, _ entry: LedgerEntry) throws -> LedgerJournal {
    let file = try SystemFile(path, .createNew)
    let journal = try LedgerJournal(file, end: 0, chain: nil).appending(entry)
    try SystemFile.synchronizeFolder(of: path)
    return journal
  }

  /// Reads what is there. A last line without its end was never answered, and is cut off; any other line that is not what
  /// was written is `ServerError.damagedLedger`.
  static func open(_ path: String) throws -> (LedgerJournal, [LedgerEntry]) {
    let file = try SystemFile(path, .readWrite)
    let bytes = try file.read(at: 0, count: file.size())
    var entries: [LedgerEntry] = []
    var (chain, hasChain): (Digest256?, Bool) = (nil, false)
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      guard let line = LedgerLine(line: bytes[start..<end], after: chain, needsChain: hasChain) else {
        throw ServerError.damagedLedger(path: path, line: entries.count + 1)
      }
      entries.append(line.entry)
      (chain, hasChain) = (line.chain, line.hasChain)
      start = end + 1
    }
    if start < bytes.count {
      try file.truncate(to: start)
      try file.synchronize()
    }
    return (LedgerJournal(file, end: start, chain: chain), entries)
  }

  /// Writes an entry and waits until it is on the disk. What a failed write leaves behind is cut off, now or before the
  /// next one, so that no part of it follows a shorter entry.
  func appending(_ entry: LedgerEntry) throws -> LedgerJournal {
    let line = try LedgerLine(entry, after: chain)
    if try file.size() != end { try file.truncate(to: end) }
    do {
      try file.write(line.bytes, at: end)
      try file.synchronize()
    } catch {
      try? file.truncate(to: end)
      throw error
    }
    return LedgerJournal(file, end: end + line.bytes.count, chain: line.chain)
  }
}
