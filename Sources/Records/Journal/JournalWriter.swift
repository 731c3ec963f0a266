import Foundation

/// Appends entries to a journal that no other writer can hold at the same time.
public final class JournalWriter: Sendable {
  public let path: String
  /// Bytes of an interrupted write that opening found at the end and cut off. They were never acknowledged.
  public let droppedBytes: Int

  private struct State {
    var end: Int
    var failure: String?
  }
  private let file: SystemFile
  private let state: Guarded<State>

  /// Opens the journal at `path`, or creates it; the folder must exist.
  ///
  /// Throws `locked` when another writer has it open, `damagedFrame` when an entry before the last is damaged,
  /// `notAJournal` when the file is something else.
  public init(path: String) throws(RecordsError) {
    let file = try SystemFile(path, .readWrite)
    try file.lock()
    var frames = try JournalFrames(file)
    while try frames.next() != nil {}
    var end = frames.position
    droppedBytes = frames.tornBytes
    if droppedBytes > 0 { try file.truncate(to: end) }
    if end == 0 {
      try file.write(JournalFormat.header, at: 0)
      end = JournalFormat.headerBytes
    }
    // Also after a mere reopening: entries that a killed writer wrote but did not get to sync count from here on.
    try file.synchronize()
    try SystemFile.synchronizeFolder(of: path)
    self.path = path
    self.file = file
    state = Guarded(State(end: end, failure: nil))
  }

  /// Appends one entry; returns when it is on the disk. After an error the entry is not in the journal, or, when the
  /// sync itself failed, it may be; the writer then refuses all further entries.
  public func append(_ entry: JournalEntry) throws {
    let payload: [UInt8]
    do { payload = try JournalFormat.payload(entry) } catch let error as EncodedRun.Unwritable {
      throw RecordsError.unwritableEntry(path: path, reason: error.reason)
    }
    guard payload.count <= JournalFormat.longestPayload else {
      throw RecordsError.entryTooLarge(path: path, bytes: payload.count, limit: JournalFormat.longestPayload)
    }
    let frame = JournalFormat.frame(payload)
    try state.withLock { state in
      if let reason = state.failure { throw RecordsError.writerFailed(path: path, reason: reason) }
      do {
        try file.write(frame, at: state.end)
      } catch {
        // What was written of the frame must not stand before the next one.
        do { try file.truncate(to: state.end) } catch { state.failure = "\(error)" }
        throw error
      }
      do {
        try file.synchronize()
      } catch {
        // After a failed fsync the system may have dropped the pages and report success the next time.
        state.failure = "\(error)"
        throw error
      }
      state.end += frame.count
    }
  }
}
