public import Foundation
import Records

/// The right to train in a work folder: one process at a time has it, until this object is released or the process ends.
public final class FolderClaim {
  public let folder: WorkFolder
  private let lock: SystemFile

  /// What the lock file says of its holder.
  private struct Holder: Codable {
    var process: Int32
    var since: String
  }

  /// Makes the folder when it is absent, and takes its lock. Throws ``TrainingError/inUse`` while another process trains
  /// there.
  public init(_ folder: WorkFolder, now: Date = Date()) throws {
    self.folder = folder
    try folder.makeFolders()
    lock = try SystemFile(folder.lockFile.path, .readWrite)
    try Self.take(lock, of: folder)
    let holder = Holder(process: ProcessInfo.processInfo.processIdentifier, since: timestamp(now))
    // On a full disk the lock still holds; only its holder's name is missing.
    try? lock.truncate(to: 0)
    try? lock.write(try CanonicalJSON.encode(holder), at: 0)
  }

  private static func take(_ lock: SystemFile, of folder: WorkFolder) throws {
    do {
      try lock.lock()
    } catch {
      guard case .locked(_, let process) = error else { throw error }
      let text = (try? lock.read(at: 0, count: 4_096)) ?? []
      let holder = try? CanonicalJSON.decode(Holder.self, from: Data(text))
      // A holder that has only just taken the lock has not written its name yet.
      let isCurrent = process == nil || holder?.process == process
      throw TrainingError.inUse(
        folder: folder.root.path, process: process ?? holder?.process, since: isCurrent ? holder?.since : nil)
    }
  }

  /// Writes the plan into a folder without one. A plan that is there grows by the runs that it lacks; its own come first.
  ///
  /// Returns the plan of the folder. Throws ``TrainingError/otherPlan`` for another data set or protocol.
  public func settle(_ plan: TrainingPlan) throws -> TrainingPlan {
    var settled = TrainingPlan(
      space: plan.space, dataset: plan.dataset, datasetDigest: plan.datasetDigest,
      trainingProtocol: plan.trainingProtocol, runs: [])
    let isThere = FileManager.default.fileExists(atPath: folder.planFile.path)
    if isThere {
      settled = try folder.readPlan()
      if let difference = try settled.difference(from: plan) {
        throw TrainingError.otherPlan(path: folder.planFile.path, difference: difference)
      }
    }
    let added = settled.add(plan.runs)
    if added > 0 || !isThere { try SystemFile.replace(folder.planFile.path, with: CanonicalJSON.encode(settled)) }
    return settled
  }
}
