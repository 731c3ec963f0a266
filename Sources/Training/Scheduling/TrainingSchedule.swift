package import Records

/// What one call of `train` does next, from its first round to its end: a state machine without processes, clocks and
/// files.
///
/// Whoever drives it does what ``next()`` says, in this order, and tells what happened by ``hear(_:seconds:)``,
/// ``read(_:)`` and ``grow(_:)``.
package struct TrainingSchedule: Sendable {
  package enum Action: Hashable, Sendable {
    /// Read what is recorded by now, and tell it by ``TrainingSchedule/read(_:)``.
    case read
    /// A round begins; `teachers` are numerics digests, best first.
    case announce(runs: [Int], teachers: [Digest256])
    /// Give the run to the trainer, which is started first where it is not there.
    case train(index: Int, teachers: [Digest256], concurrentTrainers: Int, trainer: Int)
    /// Wait until a trainer says something or ends, at most until `until` seconds of the clock.
    case wait(until: Double?)
    /// End a trainer that hangs.
    case kill(trainer: Int)
    /// Tell the user that a run was not trained.
    case report(index: Int, reason: String, triesAgain: Bool)
    /// Write the counts of failed calls.
    case save(FailureLog)
    /// Record the run as failed.
    case record(index: Int, detail: String)
    /// All runs are recorded: ask for more, and tell them by ``TrainingSchedule/grow(_:)``.
    case grow
    case end(Ending)
  }

  package enum Ending: Hashable, Sendable {
    /// All runs are recorded.
    case complete
    /// What every run needs is missing.
    case failure(WorkerFailure)
    /// Runs that the machine or a crash prevented; `missing` counts those that wait for them, too.
    case untrained(failed: [TrainingError.UntrainedRun], missing: Int, planned: Int, crashed: Bool)
  }

  /// What a work folder has.
  package struct Recorded: Sendable {
    package var records: [RunKey: RunRecord]
    /// Whether a later round can learn from a run, by its numerics digest.
    package var hasLogits: @Sendable (Digest256) -> Bool
    /// Whether the weights of a run are there.
    package var hasWeights: @Sendable (RunKey) -> Bool

    package init(
      records: [RunKey: RunRecord], hasLogits: @escaping @Sendable (Digest256) -> Bool,
      hasWeights: @escaping @Sendable (RunKey) -> Bool
    ) {
      self.records = records
      self.hasLogits = hasLogits
      self.hasWeights = hasWeights
    }
  }

  package struct Settings: Hashable, Sendable {
    package var trainers: Int
    /// Record a run as failed that the machine or a crash prevented in three calls.
    package var recordsFailures = false
    /// Train completed runs again whose weights are missing.
    package var keepsWeights = false
    /// A trainer that is silent for longer hangs; nil for never.
    package var silenceSeconds: Double?
    /// Whether ``Action/grow`` follows when all runs are recorded.
    package var grows = false

    package init(trainers: Int) { self.trainers = trainers }
  }

  private struct Trainer: Sendable {
    var isReady = false
    /// What it reported before its end.
    var report: WorkerFailure?
    var silentUntil: Double?
  }

  private let settings: Settings
  private var plan: TrainingPlan
  private var keys: [RunKey]
  private var failures: FailureLog
  private var queue: [Action] = [.read]
  private var nextRound = 0
  private var round: RoundSchedule?
  private var teachers: [Digest256] = []
  private var trainers: [Int: Trainer] = [:]
  private var putOff: [(index: Int, failure: WorkerFailure)] = []
  private var stopping: WorkerFailure?

  package init(plan: TrainingPlan, failures: FailureLog = FailureLog(), settings: Settings) throws {
    self.plan = plan
    self.failures = failures
    self.settings = settings
    keys = try plan.runs.indices.map { try plan.key($0) }
  }

  /// What comes next. Waits for what was asked for: after `read`, `grow` and `wait` nothing else comes before the answer.
  package mutating func next(seconds: Double) -> Action {
    if !queue.isEmpty { return queue.removeFirst() }
    for number in 0..<settings.trainers {
      guard let index = round?.nextRun(for: number), let unfinished = round?.unfinishedCount else { continue }
      trainers[number, default: Trainer()].silentUntil = settings.silenceSeconds.map { seconds + $0 }
      return .train(
        index: index, teachers: teachers, concurrentTrainers: min(settings.trainers, unfinished), trainer: number)
    }
    if round?.isFinished ?? true {
      round = nil
      return .read
    }
    return .wait(until: trainers.values.compactMap(\.silentUntil).min())
  }

  /// What a trainer said, or its end; nil where the time to wait is over. `seconds` is the clock.
  package mutating func hear(_ event: TrainerEvent?, seconds: Double) {
    switch event {
    case nil:
      for (number, trainer) in trainers.sorted(by: { $0.key < $1.key }) {
        guard let deadline = trainer.silentUntil, deadline <= seconds else { continue }
        trainers[number]?.silentUntil = nil
        trainers[number]?.report = .silent(seconds: settings.silenceSeconds ?? 0)
        queue.append(.kill(trainer: number))
      }
    case .diagnostic: break
    case .ended(let number, let failure):
      let trainer = trainers.removeValue(forKey: number) ?? Trainer()
      fail(number, trainer.report ?? failure, wasReady: trainer.isReady)
    case .answer(let number, let answer):
      let isHanging = trainers[number]?.silentUntil == nil
      if !isHanging { trainers[number]?.silentUntil = settings.silenceSeconds.map { seconds + $0 } }
      switch answer {
      case .ready:
        trainers[number]?.isReady = true
        round?.started()
      case .epoch: break
      case .recorded:
        trainers[number]?.silentUntil = nil
        round?.finished(number)
      case .failed(nil, let failure): trainers[number]?.report = failure
      case .failed(_, let failure):
        trainers[number]?.silentUntil = nil
        fail(number, failure, wasReady: true)
      }
    }
  }

  /// What is recorded by now: the next round follows, or the end.
  package mutating func read(_ recorded: Recorded) throws {
    if let failure = stopping {
      // A failure of every trainer is reported with the runs that failed before.
      queue.append(.end(failure.cause == .call ? .failure(failure) : untrained(recorded, ending: failure)))
      return
    }
    let rounds = plan.rounds
    while nextRound < rounds.count {
      let next = rounds[nextRound]
      nextRound += 1
      // With other teachers the round would give other numbers than in an undisturbed training.
      guard next.earlier.allSatisfy({ recorded.records[keys[$0]] != nil }) else { continue }
      let pending = try next.runs.filter { try isPending($0, in: next, recorded) }
      guard !pending.isEmpty else { continue }
      let digests = try plan.teachers(of: next, records: recorded.records).map { try $0.numericsDigest() }
      guard digests.allSatisfy(recorded.hasLogits) else { continue }
      teachers = digests
      round = RoundSchedule(runs: pending)
      queue.append(.announce(runs: next.runs, teachers: digests))
      return
    }
    if !putOff.isEmpty {
      queue.append(.end(untrained(recorded)))
    } else {
      queue.append(settings.grows ? .grow : .end(.complete))
    }
  }

  /// Continues with a plan that has more runs at its end. The same plan ends the call.
  package mutating func grow(_ grown: TrainingPlan) throws {
    guard grown.runs.count > plan.runs.count else {
      queue.append(.end(.complete))
      return
    }
    plan = grown
    keys = try plan.runs.indices.map { try plan.key($0) }
    nextRound = 0
    trainers = [:]
    queue.append(.read)
  }

  /// The runs of the plan that are recorded.
  package func recordedRuns(_ recorded: Recorded) -> Set<Int> {
    Set(keys.indices.filter { recorded.records[keys[$0]] != nil })
  }

  private func isPending(_ index: Int, in round: TrainingPlan.Round, _ recorded: Recorded) throws -> Bool {
    guard let record = recorded.records[keys[index]] else { return true }
    if settings.keepsWeights && record.status == .completed && !recorded.hasWeights(keys[index]) { return true }
    // A run whose logits are gone must be trained again before a later round can learn from it.
    return try round.teaches && record.score != nil && !recorded.hasLogits(record.numericsDigest())
  }

  private mutating func fail(_ number: Int, _ failure: WorkerFailure, wasReady: Bool) {
    guard stopping == nil, let step = round?.failed(number, failure.cause, wasReady: wasReady) else { return }
    switch step {
    case .goOn: break
    case .stop:
      stopping = failure
      queue = queue.filter { if case .read = $0 { false } else { true } } + [.read]
    case .tryAgain(let index): queue.append(.report(index: index, reason: failure.message, triesAgain: true))
    case .record(let index): queue.append(.record(index: index, detail: failure.message))
    case .putOff(let index):
      let calls = failures.note(keys[index], reason: failure.message)
      queue.append(.save(failures))
      if settings.recordsFailures && calls >= FailureLog.callsBeforeRecording {
        let detail = "not trained in \(calls) calls; in the last, \(failure.message)"
        queue.append(.record(index: index, detail: detail))
      } else {
        putOff.append((index, failure))
        queue.append(.report(index: index, reason: failure.message, triesAgain: false))
      }
    }
  }

  /// What the call could not train.
  private func untrained(_ recorded: Recorded, ending failure: WorkerFailure? = nil) -> Ending {
    let missing = keys.indices.filter { recorded.records[keys[$0]] == nil }
    var failed = putOff.map { TrainingError.UntrainedRun(number: $0.index + 1, reason: $0.failure.message) }
    if let failure, let next = missing.first(where: { index in !putOff.contains { $0.index == index } }) {
      failed.append(.init(number: next + 1, reason: failure.message))
    }
    let crashed = (putOff.map(\.failure.cause) + (failure.map { [$0.cause] } ?? [])).contains(.program)
    // A recorded run that was to be trained again for its logits counts as missing, too.
    return .untrained(failed: failed, missing: max(missing.count, failed.count), planned: keys.count, crashed: crashed)
  }
}
