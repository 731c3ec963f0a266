import Foundation
import Records

/// The file of one ledger: a line an entry, on the disk before anything is answered.
final class LedgerJournal: Sendable {
  private let file: SystemFile
  private let end: Int

  private init(_ file: SystemFile, end: Int) {
    self.file = file
    self.end = end
  }

  /// A new journal with its first entry. Throws `RecordsError`.
  static func create(_ path: String, _ entry: LedgerEntry) throws -> LedgerJournal {
    let file = try SystemFile(path, .createNew)
    let journal = try LedgerJournal(file, end: 0).appending(entry)
    try SystemFile.synchronizeFolder(of: path)
    return journal
  }

  /// Reads what is there. A last line without its end was never answered, and is cut off; any other line that is not what
  /// was written is `ServerError.damagedLedger`.
  static func open(_ path: String) throws -> (LedgerJournal, [LedgerEntry]) {
    let file = try SystemFile(path, .readWrite)
    let bytes = try file.read(at: 0, count: file.size())
    var entries: [LedgerEntry] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      guard let entry = LedgerEntry(line: bytes[start..<end]) else {
        throw ServerError.damagedLedger(path: path, line: entries.count + 1)
      }
      entries.append(entry)
      start = end + 1
    }
    if start < bytes.count {
      try file.truncate(to: start)
      try file.synchronize()
    }
    return (LedgerJournal(file, end: start), entries)
  }

  /// Writes an entry and waits until it is on the disk. A failed write leaves bytes that the next one overwrites.
  func appending(_ entry: LedgerEntry) throws -> LedgerJournal {
    let line = try entry.line()
    try file.write(line, at: end)
    try file.synchronize()
    return LedgerJournal(file, end: end + line.count)
  }
}
