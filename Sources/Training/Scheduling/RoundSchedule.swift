/// Which trainer trains which run of a round next, and what follows when a run is not trained: a state machine without
/// processes, clocks and files.
package struct RoundSchedule: Sendable {
  /// What follows a failure.
  package enum Step: Hashable, Sendable {
    /// The run waits for another try in this call.
    case tryAgain(Int)
    /// The run is left for the next call; the others go on.
    case putOff(Int)
    /// The failure is the run's result.
    case record(Int)
    /// The trainer had no run; nothing is lost.
    case goOn
    /// No run can be trained: the call ends.
    case stop
  }

  /// How often a run is tried in one call when the machine ends its trainer.
  package static let triesPerCall = 2
  /// After this many trainers in a row that the machine ended before they were ready, the call ends.
  package static let failedStartsPerCall = 3

  /// The next run last.
  private var waiting: [Int]
  private var inFlight: [Int: Int] = [:]
  private var tries: [Int: Int] = [:]
  private var failedStarts = 0

  /// - Parameter runs: indices in the plan, trained in this order.
  package init(runs: [Int]) { waiting = runs.reversed() }

  package var isFinished: Bool { waiting.isEmpty && inFlight.isEmpty }

  /// Runs that are being trained or wait.
  package var unfinishedCount: Int { waiting.count + inFlight.count }

  /// The run that `worker` trains from now on; nil when it is busy or nothing waits.
  package mutating func nextRun(for worker: Int) -> Int? {
    guard inFlight[worker] == nil, let index = waiting.popLast() else { return nil }
    inFlight[worker] = index
    return index
  }

  /// `worker` answered that it is ready.
  package mutating func started() { failedStarts = 0 }

  /// `worker` recorded its run.
  package mutating func finished(_ worker: Int) { inFlight[worker] = nil }

  /// `worker` did not train its run; `wasReady` is false for a trainer that never answered.
  package mutating func failed(_ worker: Int, _ cause: WorkerFailure.Cause, wasReady: Bool) -> Step {
    let index = inFlight.removeValue(forKey: worker)
    if !wasReady { failedStarts += 1 }
    switch cause {
    case .call: return .stop
    case .program where !wasReady: return .stop
    case .machine where failedStarts >= Self.failedStartsPerCall: return .stop
    case .architecture: return index.map(Step.record) ?? .stop
    case .program: return index.map(Step.putOff) ?? .goOn
    case .machine:
      guard let index else { return .goOn }
      tries[index, default: 0] += 1
      guard tries[index, default: 0] < Self.triesPerCall else { return .putOff(index) }
      waiting.append(index)
      return .tryAgain(index)
    }
  }
}
