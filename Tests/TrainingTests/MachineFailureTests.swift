import Foundation
import Records
import TestSupport
import Testing
import Training

/// What the machine does to real trainer processes is never a result (promise R32).
@Suite struct MachineFailureTests {
  /// How many disturbed plans ended like their undisturbed twins.
  private static let undisturbedPlans = Guarded(0)

  @Test func aRunThatIsKilledTwiceIsTrainedByTheNextCall() throws {
    let plan = try TrainingFolder.plan(count: 4)
    let undisturbed = TrainingFolder()
    #expect(try undisturbed.train(plan).error == nil)
    let disturbed = TrainingFolder()
    let first = try disturbed.train(plan, surroundings: { .ending(index: 1, signal: SIGKILL) })
    #expect(first.failed.map(\.index) == [1, 1] && first.failed.map(\.triesAgain) == [true, false])
    // The second round learns from the first, so it waits.
    #expect(first.recorded == [0])
    let error = try #require(first.error)
    #expect(error.exitStatus == .temporaryFailure)
    #expect(
      error.message
        == "3 of 4 runs were not trained: run 2 (its trainer was killed by SIGKILL, as the system does when memory is "
        + "short), 2 that depend on them or were not started")
    #expect(try disturbed.numerics(plan).count == 1)
    #expect(try disturbed.folder.readFailures()[plan.key(1)]?.calls == 1)
    let second = try disturbed.train(plan)
    #expect(second.error == nil && second.recorded == [1, 2, 3])
    #expect(try disturbed.numerics(plan) == undisturbed.numerics(plan))
  }

  @Test func failuresAreRecordedOnlyAfterThreeCallsAndOnlyWhenAskedFor() throws {
    let plan = try TrainingFolder.plan(count: 2)
    let folder = TrainingFolder()
    for call in 1...3 {
      let failed = try folder.train(
        plan, recordsFailures: call == 2, surroundings: { .ending(index: 0, signal: SIGKILL) })
      #expect(failed.error?.exitStatus == .temporaryFailure)
      #expect(try folder.folder.readFailures()[plan.key(0)]?.calls == call)
    }
    let last = try folder.train(plan, recordsFailures: true, surroundings: { .ending(index: 0, signal: SIGKILL) })
    #expect(last.error == nil && last.recorded == [0])
    let record = try #require(try folder.folder.recordedRuns()[plan.key(0)])
    #expect(record.status == .failed)
    #expect(
      record.statusDetail
        == "not trained in 4 calls; in the last, its trainer was killed by SIGKILL, as the system does when memory is "
        + "short")
    // What is recorded stays, and a completed record from elsewhere wins over it.
    #expect(try folder.train(plan).recorded.isEmpty)
    let elsewhere = TrainingFolder()
    #expect(try elsewhere.train(plan).error == nil)
    try FileManager.default.copyItem(
      at: elsewhere.folder.journal(0), to: folder.folder.journals.appendingPathComponent("zz.journal"))
    #expect(try folder.numerics(plan) == elsewhere.numerics(plan))
  }

  @Test(arguments: [SIGSEGV, SIGILL, SIGBUS, SIGABRT])
  func aCrashEndsWithASoftwareErrorAndKeepsTheJournal(signal: Int32) throws {
    let plan = try TrainingFolder.plan(count: 3, distillation: nil)
    let folder = TrainingFolder()
    let call = try folder.train(plan, surroundings: { .ending(index: 1, signal: signal) })
    #expect(call.error?.exitStatus == .software)
    #expect(call.error?.code == "training.crashed")
    #expect(call.recorded == [0, 2] && call.failed.map(\.triesAgain) == [false])
    #expect(try folder.numerics(plan).keys.sorted() == [0, 2])
    #expect(try folder.train(plan).error == nil)
    #expect(try folder.numerics(plan).count == 3)
  }

  @Test func outOfMemoryIsNoResult() throws {
    let plan = try TrainingFolder.plan(count: 2, epochs: 1, batchSize: 4_096, hidden: 1_024, distillation: nil)
    let folder = TrainingFolder()
    let call = try folder.train(plan, surroundings: { .memory(kilobytes: 400_000) })
    let error = try #require(call.error)
    #expect(error.exitStatus == .temporaryFailure && error.message.contains("ran out of memory"))
    // A small network may fit; what does not fit has no record, not even a failed one.
    let unfit = Set(call.failed.map(\.index))
    #expect(!unfit.isEmpty && unfit.isDisjoint(with: call.recorded))
    #expect(try Set(folder.numerics(plan).keys) == Set(call.recorded))
    // Too little even to load the program.
    let none = try folder.train(plan, surroundings: { .memory(kilobytes: 60_000) })
    #expect(none.error?.exitStatus == .temporaryFailure)
    #expect(try Set(folder.numerics(plan).keys) == Set(call.recorded))
  }

  @Test func withoutRoomTheCallEndsAndNothingRecordedIsLost() throws {
    let plan = try TrainingFolder.plan(count: 4)
    let undisturbed = TrainingFolder()
    #expect(try undisturbed.train(plan).error == nil)
    // From no room for the header of the journal to room for some runs: each write meets the end at another place.
    for blocks in [0, 1, 2, 4, 7, 11, 16] {
      let folder = TrainingFolder()
      let call = try folder.train(plan, surroundings: { .fileSize(blocks: blocks) })
      if let error = call.error {
        #expect(error.exitStatus == .inputOutput, "\(error)")
        #expect(error.message.contains(folder.root.path), "the message does not name the file: \(error.message)")
      }
      let numerics = try folder.numerics(plan)
      #expect(Set(call.recorded).isSubset(of: numerics.keys))
      #expect(try folder.train(plan).error == nil)
      #expect(try folder.numerics(plan) == undisturbed.numerics(plan))
    }
  }

  @Test func everyAcknowledgedRunSurvivesThirtyKills() throws {
    let plan = try TrainingFolder.plan(count: 12, epochs: 4, distillation: nil)
    let folder = TrainingFolder()
    var generator = SeededGenerator(seed: 1)
    var kills = 0
    var acknowledged: Set<Int> = []
    while kills < 30 {
      let call = try folder.train(
        plan, workers: 2,
        hear: { event, processes in
          // Inside a run, or, since answers arrive later, near its end.
          guard kills < 30, case .epoch = event, generator.chance(0.3) else { return }
          processes.values.randomElement(using: &generator)?.kill()
          kills += 1
        })
      acknowledged.formUnion(call.recorded)
      #expect(try acknowledged.isSubset(of: folder.numerics(plan).keys))
      if call.error == nil {
        // All is recorded: begin anew, until thirty trainers are dead.
        try FileManager.default.removeItem(at: folder.root)
        acknowledged = []
      }
    }
  }

  /// Promise R32: plans that are disturbed at random end with the runs of an undisturbed training, bit for bit.
  @Test(arguments: 0..<(Reliability.isLong ? 50 : 3))
  func disturbedPlansEndLikeUndisturbedOnes(number: Int) throws {
    var generator = SeededGenerator(seed: 100 + UInt64(number))
    let plan = try TrainingFolder.plan(
      count: 3 + generator.integer(below: 4), epochs: 2 + generator.integer(below: 6), seeds: [UInt64(number)])
    let undisturbed = TrainingFolder()
    #expect(try undisturbed.train(plan).error == nil)
    let disturbed = TrainingFolder()
    var acknowledged: Set<Int> = []
    var disturbances = 0
    for call in 0..<40 {
      let isQuiet = call >= 5
      let outcome = try disturbed.train(
        plan, workers: 1 + call % 2, recordsFailures: false,
        surroundings: {
          guard !isQuiet, generator.chance(0.4) else { return .healthy }
          disturbances += 1
          return generator.chance(0.5)
            ? .memory(kilobytes: 60_000 + generator.integer(below: 200_000))
            : .fileSize(blocks: generator.integer(below: 24))
        },
        hear: { event, processes in
          guard !isQuiet, generator.chance(0.2) else { return }
          if case .failed = event { return }
          disturbances += 1
          processes.values.randomElement(using: &generator)?.kill()
        })
      acknowledged.formUnion(outcome.recorded)
      #expect(try acknowledged.isSubset(of: disturbed.numerics(plan).keys))
      if let error = outcome.error {
        #expect([.temporaryFailure, .inputOutput].contains(error.exitStatus), "\(error)")
        #expect(!isQuiet, "\(error)")
      } else {
        break
      }
    }
    #expect(try disturbed.numerics(plan) == undisturbed.numerics(plan))
    #expect(try disturbed.numerics(plan).count == plan.runs.count)
    let held = Self.undisturbedPlans.withLock {
      $0 += 1
      return $0
    }
    let wanted = Reliability.isLong ? 50 : 3
    if held == wanted { Reliability.report("R32", "\(held) of \(wanted) disturbed plans end like undisturbed ones") }
  }
}

extension Dictionary.Values {
  /// One of the values, drawn by our own generator; nil when there is none.
  fileprivate func randomElement(using generator: inout SeededGenerator) -> Element? {
    isEmpty ? nil : self[index(startIndex, offsetBy: generator.integer(below: count))]
  }
}
