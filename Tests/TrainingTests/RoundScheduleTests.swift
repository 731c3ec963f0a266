import Foundation
import Records
import Spaces
import Testing
import Training

/// What happened to a trainer and what follows, without processes.
@Suite struct RoundScheduleTests {
  @Test func aMachineFailureIsTriedOnceMoreThenLeftForTheNextCall() {
    var schedule = RoundSchedule(runs: [4, 7])
    #expect(schedule.nextRun(for: 0) == 4)
    #expect(schedule.nextRun(for: 0) == nil)
    #expect(schedule.failed(0, .machine, wasReady: true) == .tryAgain(4))
    #expect(schedule.nextRun(for: 0) == 4)
    #expect(schedule.failed(0, .machine, wasReady: true) == .putOff(4))
    #expect(schedule.nextRun(for: 0) == 7)
    schedule.finished(0)
    #expect(schedule.isFinished)
  }

  @Test func aCrashIsNotRepeatedAndOtherRunsGoOn() {
    var schedule = RoundSchedule(runs: [0, 1])
    #expect(schedule.nextRun(for: 0) == 0)
    #expect(schedule.failed(0, .program, wasReady: true) == .putOff(0))
    #expect(schedule.nextRun(for: 1) == 1)
    #expect(!schedule.isFinished)
    // An idle trainer that ends costs nothing.
    #expect(schedule.failed(0, .program, wasReady: true) == .goOn)
    #expect(schedule.failed(0, .machine, wasReady: true) == .goOn)
  }

  @Test func trainersThatCannotStartEndTheCall() {
    var schedule = RoundSchedule(runs: Array(0..<9))
    for expected in [RoundSchedule.Step.tryAgain(0), .putOff(0)] {
      _ = schedule.nextRun(for: 0)
      #expect(schedule.failed(0, .machine, wasReady: false) == expected)
    }
    _ = schedule.nextRun(for: 0)
    schedule.started()
    #expect(schedule.failed(0, .machine, wasReady: true) == .tryAgain(1))
    for expected in [RoundSchedule.Step.putOff(1), .tryAgain(2), .stop] {
      _ = schedule.nextRun(for: 0)
      #expect(schedule.failed(0, .machine, wasReady: false) == expected)
    }
    var other = RoundSchedule(runs: [0])
    _ = other.nextRun(for: 0)
    #expect(other.failed(0, .program, wasReady: false) == .stop)
  }

  @Test func anArchitectureIsAResultAndTheFolderEndsTheCall() {
    var schedule = RoundSchedule(runs: [3, 5])
    _ = schedule.nextRun(for: 0)
    #expect(schedule.failed(0, .architecture, wasReady: true) == .record(3))
    _ = schedule.nextRun(for: 0)
    #expect(schedule.failed(0, .call, wasReady: true) == .stop)
  }

  /// Whatever happens in whatever order, each run ends exactly once and is never with two trainers.
  @Test func everyRunEndsOnce() {
    for seed in 0..<500 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let runs = Array(0..<generator.integer(below: 12))
      var schedule = RoundSchedule(runs: runs)
      var working: [Int: Int] = [:]
      var ended: [Int] = []
      while !schedule.isFinished {
        let worker = generator.integer(below: 3)
        guard let index = working[worker] else {
          guard let next = schedule.nextRun(for: worker) else { continue }
          #expect(!working.values.contains(next) && !ended.contains(next))
          working[worker] = next
          schedule.started()
          continue
        }
        working[worker] = nil
        if generator.chance(0.4) {
          schedule.finished(worker)
          ended.append(index)
          continue
        }
        let causes: [WorkerFailure.Cause] = [.machine, .machine, .program, .architecture]
        let cause = causes[generator.integer(below: causes.count)]
        switch schedule.failed(worker, cause, wasReady: true) {
        case .tryAgain(let again): #expect(again == index && cause == .machine)
        case .putOff(let run), .record(let run): ended.append(run)
        case .goOn, .stop: Issue.record("a run was lost")
        }
      }
      #expect(ended.sorted() == runs)
    }
  }

  @Test(arguments: [
    (TrainerEnd.killed(signal: SIGKILL), "", WorkerFailure.Cause.machine),
    (.killed(signal: SIGTERM), "", .machine),
    (.killed(signal: SIGXCPU), "", .machine),
    (.killed(signal: SIGSEGV), "", .program),
    (.killed(signal: SIGILL), "Fatal error: Index out of range", .program),
    (.killed(signal: SIGBUS), "", .program),
    (.killed(signal: SIGABRT), "", .program),
    (.killed(signal: SIGTRAP), "", .program),
    (.killed(signal: SIGABRT), "Fatal error: failed to allocate 196608 bytes of memory with alignment 64", .machine),
    (.exited(status: 127), "x: error while loading shared libraries: y: failed to map segment", .machine),
    (.exited(status: 127), "", .program),
    (.exited(status: 0), "", .program),
  ])
  func theEndOfATrainerHasACause(end: TrainerEnd, words: String, cause: WorkerFailure.Cause) {
    let failure = WorkerFailure(end: end, words: words)
    #expect(failure.cause == cause)
    #expect(failure.exitStatus == (cause == .machine ? .temporaryFailure : .software))
    if words.contains("Index") { #expect(failure.message == "its trainer crashed with SIGILL: \(words)") }
  }

  @Test func errorsOfATrainerHaveACause() {
    func cause(_ error: any Error) -> WorkerFailure.Cause { WorkerFailure(error).cause }
    func system(_ number: Int32) -> RecordsError {
      .fileSystem(operation: "write", path: "j", errorNumber: number, reason: "r")
    }
    #expect(cause(system(ENOMEM)) == .machine)
    #expect(cause(system(ENOSPC)) == .call && WorkerFailure(system(ENOSPC)).exitStatus == .inputOutput)
    #expect(cause(EventSequenceError.channels(found: 0)) == .architecture)
    #expect(cause(CocoaError(.fileNoSuchFile)) == .call)
  }
}
