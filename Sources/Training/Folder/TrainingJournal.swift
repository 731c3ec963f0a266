public import Foundation
public import Records

/// The journal of one trainer. It begins with the cards of data set and protocol, so that `ingest` takes its runs.
public struct TrainingJournal: Sendable {
  private let writer: JournalWriter

  /// How long a trainer waits for its journal: a trainer of a killed call may still be ending.
  private static let waitSeconds = 10.0

  /// Opens the journal or creates it, with its folder. Throws `RecordsError.locked` where another writer keeps it open for
  /// ten seconds.
  public init(
    _ file: URL, dataset: DatasetCard, trainingProtocol: TrainingProtocol, clock: TrainingClock = .system
  ) throws {
    try makeFolder(file.deletingLastPathComponent())
    let begun = FileManager.default.fileExists(atPath: file.path)
    writer = try Self.open(file.path, clock)
    if try !begun || JournalReader.readAll(path: file.path).items.isEmpty {
      try writer.append(.dataset(dataset))
      try writer.append(.trainingProtocol(try trainingProtocol.card()))
    }
  }

  /// Returns when the record is on the disk.
  public func append(_ record: RunRecord) throws { try writer.append(.run(record)) }

  private static func open(_ path: String, _ clock: TrainingClock) throws -> JournalWriter {
    let deadline = clock.wallSeconds() + waitSeconds
    while true {
      do {
        return try JournalWriter(path: path)
      } catch {
        guard case .locked = error, clock.wallSeconds() < deadline else { throw error }
        usleep(50_000)
      }
    }
  }
}
