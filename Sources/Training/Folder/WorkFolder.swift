public import Foundation
public import Records

/// The folder of one training: plan, journals, logits, and what is made of them.
public struct WorkFolder: Sendable {
  public let root: URL

  public init(root: URL) { self.root = root }

  public var planFile: URL { root.appendingPathComponent("plan.json") }
  public var journals: URL { root.appendingPathComponent("journals") }
  public var logits: LogitStore { LogitStore(folder: root.appendingPathComponent("logits")) }
  public var checkpoints: CheckpointStore { CheckpointStore(folder: root.appendingPathComponent("checkpoints")) }
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

  /// All recorded runs by key, as ``RecordedRuns`` has them.
  public func recordedRuns() throws -> [RunKey: RunRecord] {
    var runs = RecordedRuns(self)
    try runs.update()
    return runs.records
  }
}
