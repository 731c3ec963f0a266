import Foundation
import Records
import Spaces
import TestSupport
import Testing
import Training

/// A work folder belongs to one call at a time, grows, and continues after damage.
@Suite struct WorkFolderTests {
  @Test func aFolderIsTrainedInByOneCallAtATime() throws {
    let place = TrainingFolder()
    let began = Date(timeIntervalSince1970: 1_800_000_000)
    let claim = try FolderClaim(place.folder, now: began)
    let error = TrainingError.inUse(
      folder: place.root.path, process: ProcessInfo.processInfo.processIdentifier, since: "2027-01-15T08:00:00Z")
    #expect(throws: error) { try FolderClaim(place.folder) }
    #expect(error.exitStatus == .temporaryFailure)
    #expect(error.message.hasPrefix("process \(ProcessInfo.processInfo.processIdentifier) trains in /"))
    withExtendedLifetime(claim) {}
  }

  @Test func aClaimEndsWithItsHolder() throws {
    let place = TrainingFolder()
    var claim: FolderClaim? = try FolderClaim(place.folder)
    #expect(claim != nil)
    claim = nil
    _ = try FolderClaim(place.folder)
  }

  @Test func aPlanGrowsAtItsEnd() throws {
    let place = TrainingFolder()
    let claim = try FolderClaim(place.folder)
    let short = try TrainingFolder.plan(count: 3)
    let long = try TrainingFolder.plan(count: 5)
    #expect(try claim.settle(short) == short)
    #expect(try claim.settle(long) == long)
    // A shorter request takes nothing away.
    #expect(try claim.settle(short) == long)
    #expect(try place.folder.readPlan() == long)
    let seeds = try TrainingFolder.plan(count: 5, seeds: [5, 6])
    #expect(try claim.settle(TrainingFolder.plan(count: 5, seeds: [6])).runs.count == 10)
    #expect(try claim.settle(seeds).runs.prefix(5) == long.runs.prefix(5))
    // The same run twice is one run.
    var twice = short
    twice.runs += short.runs
    #expect(try FolderClaim(TrainingFolder().folder).settle(twice) == short)
  }

  @Test func aGrownFolderHoldsTheSameBitsAsOneThatWasLargeFromTheBeginning() throws {
    let grown = TrainingFolder()
    let large = TrainingFolder()
    #expect(try grown.train(TrainingFolder.plan(count: 3)).recorded == [0, 1, 2])
    #expect(try grown.train(TrainingFolder.plan(count: 3, seeds: [5, 8])).recorded == [3, 4, 5])
    #expect(try grown.train(TrainingFolder.plan(count: 5, seeds: [5, 8])).recorded.count == 4)
    let whole = try TrainingFolder.plan(count: 5, seeds: [5, 8])
    #expect(try large.train(whole).error == nil)
    #expect(try grown.numerics(whole) == large.numerics(whole))
    #expect(try grown.numerics(whole).count == 10)
    // And a seed's runs do not depend on the seeds beside it.
    let alone = TrainingFolder()
    let second = TrainingPlan(
      space: whole.space, dataset: whole.dataset, datasetDigest: whole.datasetDigest,
      trainingProtocol: whole.trainingProtocol,
      runs: Array(whole.runs.suffix(5)))
    #expect(try alone.train(second).error == nil)
    #expect(try Set(alone.numerics(second).values) == Set(large.numerics(whole).filter { $0.key >= 5 }.values))
  }

  @Test func anotherProtocolOrDataSetIsRefusedByName() throws {
    let place = TrainingFolder()
    let claim = try FolderClaim(place.folder)
    let plan = try claim.settle(TrainingFolder.plan())
    func refusal(_ change: (inout TrainingPlan) -> Void) -> String {
      var other = plan
      change(&other)
      do {
        _ = try claim.settle(other)
      } catch let TrainingError.otherPlan(path, difference) {
        #expect(path == place.folder.planFile.path)
        return difference
      } catch {
        return "\(error)"
      }
      return "no error"
    }
    #expect(
      refusal { $0.trainingProtocol.schedule.epochs = 9 } == "schedule.epochs of its protocol is 3, that of this call 9"
    )
    #expect(
      refusal { $0.trainingProtocol.distillation?.teachers = 7 }
        == "distillation.teachers of its protocol is 2, that of this call 7")
    #expect(refusal { $0.space = "cells" } == "its space is seqnas, that of this call cells")
    #expect(refusal { $0.dataset = "other" } == "its data set is synthetic, that of this call other")
    #expect(refusal { $0.datasetDigest = Digest256(of: "x") }.hasPrefix("the digest of its data is "))
    #expect(try place.folder.readPlan() == plan)
  }

  /// What was read once is not read again: not even damage of it is noticed.
  @Test func journalsAreReadOnce() throws {
    let place = TrainingFolder()
    let plan = try TrainingFolder.plan()
    try FileManager.default.createDirectory(at: place.folder.journals, withIntermediateDirectories: true)
    func record(_ index: Int, _ status: RunStatus = .completed) throws -> JournalEntry {
      .run(RunRecord(key: try plan.key(index), status: status, curves: []))
    }
    let path = place.folder.journal(0).path
    let writer = try JournalWriter(path: path)
    try writer.append(record(0))
    try writer.append(record(1, .failed))
    var recorded = RecordedRuns(place.folder)
    try recorded.update()
    #expect(recorded.records.count == 2)
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.seek(toOffset: 30)
    try handle.write(contentsOf: Data([0xff, 0xff]))
    try handle.close()
    try writer.append(record(1))
    try writer.append(record(2))
    try JournalWriter(path: place.folder.journal(1).path).append(record(3))
    try recorded.update()
    #expect(try recorded.records.count == 4 && recorded[plan.key(1)]?.status == .completed)
    #expect(throws: RecordsError.self) { try place.folder.recordedRuns() }
  }

  @Test func aFolderWithoutJournalsContinues() throws {
    let place = TrainingFolder()
    let plan = try TrainingFolder.plan(count: 2)
    #expect(try place.train(plan).error == nil)
    let numerics = try place.numerics(plan)
    try FileManager.default.removeItem(at: place.folder.journals)
    #expect(try place.train(plan).error == nil)
    #expect(try place.numerics(plan) == numerics)
  }

  @Test(arguments: [
    ("", "it is not JSON"), ("{", "it is not JSON"), ("null", "an object is expected here"),
    (#"{"runs":[]}"#, #"the key "space" is missing"#),
  ])
  func aDamagedPlanIsNamed(content: String, reason: String) throws {
    let place = TrainingFolder()
    _ = try FolderClaim(place.folder)
    try Data(content.utf8).write(to: place.folder.planFile)
    let error = try #require(try place.train(TrainingFolder.plan()).error as? TrainingError)
    #expect(error == .unreadablePlan(path: place.folder.planFile.path, reason: reason))
    #expect(error.exitStatus == .dataError)
  }

  @Test func aDamagedCountOfFailuresIsNamed() throws {
    let place = TrainingFolder()
    _ = try FolderClaim(place.folder)
    try Data("{".utf8).write(to: place.folder.failureFile)
    let error = try #require(try place.train(TrainingFolder.plan()).error as? TrainingError)
    #expect(error == .unreadableFailures(path: place.folder.failureFile.path, reason: "it is not JSON"))
    #expect(error.exitStatus == .dataError)
  }

  @Test func aFolderThatCannotBeMadeIsRefused() throws {
    let place = TrainingFolder()
    try Data("a file".utf8).write(to: place.root)
    let error = try #require(try place.train(TrainingFolder.plan()).error)
    #expect(error.exitStatus == .cannotCreate, "\(error)")
    #expect(try Data(contentsOf: place.root) == Data("a file".utf8))
  }

  @Test func aTrainerThatDoesNotExistIsNamed() throws {
    #expect(throws: TrainingError.cannotStart(program: "/nowhere/nasatlas", errorNumber: ENOENT)) {
      try TrainerProcess(executable: URL(fileURLWithPath: "/nowhere/nasatlas"), arguments: [], environment: [:])
    }
  }
}
