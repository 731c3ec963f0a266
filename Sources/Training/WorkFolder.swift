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

  /// All journals, in the order of their names.
  public func allJournals() -> [URL] {
    let files = (try? FileManager.default.contentsOfDirectory(at: journals, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "journal" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// Writes the plan into a new folder; in a folder that has one, it must be the same.
  /// Throws ``TrainingError/otherPlan`` with the first difference.
  public func settle(_ plan: TrainingPlan) throws {
    if FileManager.default.fileExists(atPath: planFile.path) {
      let earlier = try readPlan()
      if let difference = Self.difference(earlier, plan) {
        throw TrainingError.otherPlan(path: planFile.path, difference: difference)
      }
      return
    }
    do {
      try FileManager.default.createDirectory(at: journals, withIntermediateDirectories: true)
      try CanonicalJSON.encode(plan).write(to: planFile, options: .atomic)
    } catch {
      throw TrainingError.cannotWrite(path: planFile.path, reason: error.localizedDescription)
    }
  }

  public func readPlan() throws(TrainingError) -> TrainingPlan {
    guard let bytes = FileManager.default.contents(atPath: planFile.path) else {
      throw .unreadablePlan(path: planFile.path, reason: "no such file")
    }
    do {
      return try CanonicalJSON.decode(TrainingPlan.self, from: bytes)
    } catch {
      throw .unreadablePlan(path: planFile.path, reason: "\(error)")
    }
  }

  private static func difference(_ earlier: TrainingPlan, _ plan: TrainingPlan) -> String? {
    if earlier.dataset != plan.dataset { return "data set \(earlier.dataset), not \(plan.dataset)" }
    if earlier.datasetDigest != plan.datasetDigest {
      return "data of digest \(earlier.datasetDigest.short), not \(plan.datasetDigest.short)"
    }
    if earlier.trainingProtocol != plan.trainingProtocol {
      return "protocol \(earlier.trainingProtocol.name) with other settings"
    }
    if earlier.runs.count != plan.runs.count { return "\(earlier.runs.count) runs, not \(plan.runs.count)" }
    return earlier.runs == plan.runs ? nil : "other architectures or seeds"
  }

  /// All recorded runs by key; a run recorded twice counts once. A torn tail of a journal is no error.
  public func recordedRuns() throws -> [RunKey: RunRecord] {
    var records: [RunKey: RunRecord] = [:]
    for journal in allJournals() {
      for item in try JournalReader.readAll(path: journal.path).items {
        if case .run(let record) = item.entry, records[record.key] == nil { records[record.key] = record }
      }
    }
    return records
  }
}
