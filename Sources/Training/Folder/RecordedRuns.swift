import Foundation
public import Records

/// The runs that the journals of a folder have recorded, each journal read once: what was added since is read on.
public struct RecordedRuns: Sendable {
  private let folder: WorkFolder
  /// Where the first entry begins that was not read yet, by journal.
  private var positions: [String: Int] = [:]
  /// By key. A run recorded twice counts once: a completed record wins over a failed one, else the first record counts.
  public private(set) var records: [RunKey: RunRecord] = [:]

  /// Reads nothing yet.
  public init(_ folder: WorkFolder) { self.folder = folder }

  public subscript(key: RunKey) -> RunRecord? { records[key] }

  /// Reads what was recorded since the last call. A torn tail of a journal is no error: its writer may still be at work.
  public mutating func update() throws {
    for journal in folder.allJournals() {
      var reader = try JournalReader(path: journal.path, from: positions[journal.path] ?? 0)
      while let item = try reader.next() {
        guard case .run(let record) = item.entry else { continue }
        let earlier = records[record.key]
        if earlier == nil || (earlier?.status == .failed && record.status == .completed) {
          records[record.key] = record
        }
      }
      positions[journal.path] = reader.position
    }
  }
}
