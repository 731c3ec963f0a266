public import Foundation
public import Records

/// The folder of one training: plan, journals, logits, and what is made of them.
public struct WorkFolder: Sendable {
  public let root: URL

  public init(root: URL) { self.root = root }

  public var planFile: URL { root.appendingPathComponent("plan.json") }
  public var journals: URL { root.appendingPathComponent("journals") }
  public var logits: LogitStore { LogitStore(folder: root.appendingPathComponent("logits")) }
  public func journal(_ worker: Int) -> URL { journals.appendingPathComponent("worker-\(worker).journal") }
  /// The journal of runs that no trainer could record.
  var coordinatorJournal: URL { journals.appendingPathComponent("coordinator.journal") }
  var lockFile: URL { root.appendingPathComponent("train.lock") }
  package var failureFile: URL { root.appendingPathComponent("failures.json") }

  /// All journals, in the order of their names.
  public func allJournals() -> [URL] {
    let files = (try? FileManager.default.contentsOfDirectory(at: journals, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "journal" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// Makes the folder and its folder of journals where they are absent.
  func makeFolders() throws(TrainingError) { try makeFolder(journals) }

  public func readPlan() throws(TrainingError) -> TrainingPlan {
    guard let bytes = FileManager.default.contents(atPath: planFile.path) else {
      throw .unreadablePlan(path: planFile.path, reason: "it cannot be opened")
    }
    do {
      return try CanonicalJSON.decode(TrainingPlan.self, from: bytes)
    } catch {
      throw .unreadablePlan(path: planFile.path, reason: DecodingWords.reason(error, whole: "it"))
    }
  }

  /// How often calls could not train a run; empty where no call failed.
  package func readFailures() throws(TrainingError) -> FailureLog {
    guard let bytes = FileManager.default.contents(atPath: failureFile.path) else { return FailureLog() }
    do {
      return try CanonicalJSON.decode(FailureLog.self, from: bytes)
    } catch {
      throw .unreadableFailures(path: failureFile.path, reason: DecodingWords.reason(error, whole: "it"))
    }
  }

  /// All recorded runs by key. A run recorded twice counts once: a completed record wins over a failed one, else the
  /// first record counts. A torn tail of a journal is no error.
  public func recordedRuns() throws -> [RunKey: RunRecord] {
    var records: [RunKey: RunRecord] = [:]
    for journal in allJournals() {
      for item in try JournalReader.readAll(path: journal.path).items {
        guard case .run(let record) = item.entry else { continue }
        let earlier = records[record.key]
        if earlier == nil || (earlier?.status == .failed && record.status == .completed) {
          records[record.key] = record
        }
      }
    }
    return records
  }
}
