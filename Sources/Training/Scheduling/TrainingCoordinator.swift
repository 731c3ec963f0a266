import Foundation
public import Records

/// Trains a plan with several trainer processes: hands out runs round by round, starts a trainer again that died, and
/// continues where an earlier call stopped.
public final class TrainingCoordinator {
  /// What an observer hears, in order.
  public enum Event: Sendable {
    /// Before the first run: how many of the plan's runs earlier calls recorded.
    case began(recorded: Int, total: Int)
    /// A round begins; `teachers` are numerics digests, best first.
    case round([Int], teachers: [Digest256])
    case epoch(index: Int, epoch: Int, validation: Float)
    case recorded(index: Int, status: RunStatus, score: Score?)
    /// A run was not trained; `triesAgain` in this call, else the next call tries it.
    case failed(index: Int, reason: String, triesAgain: Bool)
    /// A trainer wrote a line to stderr.
    case diagnostic(worker: Int, line: String)
  }

  private let folder: WorkFolder
  private let claim: FolderClaim
  private let plan: TrainingPlan
  private let workerCount: Int
  private let recordsFailures: Bool
  private let launch: (Int) throws -> TrainerProcess
  private let observe: (Event) -> Void
  private var workers: [Int: TrainerProcess] = [:]
  /// What trainers reported that then ended because of it.
  private var reports: [Int: WorkerFailure] = [:]
  private var failures = FailureLog()
  private var putOff: [(index: Int, failure: WorkerFailure)] = []
  private var recorded: RecordedRuns

  /// - Parameters:
  ///   - plan: the plan of the folder, as ``FolderClaim/settle(_:)`` returned it.
  ///   - recordsFailures: records a run as failed that the machine or a crash prevented in three calls.
  ///   - launch: starts the trainer process of a number.
  ///   - observe: hears what happens, on the calling thread.
  public init(
    claim: FolderClaim, plan: TrainingPlan, workers: Int, recordsFailures: Bool = false,
    launch: @escaping (Int) throws -> TrainerProcess, observe: @escaping (Event) -> Void
  ) throws {
    guard (1...256).contains(workers) else {
      throw TrainingError.setting(name: "workers", value: "\(workers)", allowed: "1 to 256")
    }
    self.claim = claim
    folder = claim.folder
    recorded = RecordedRuns(claim.folder)
    self.plan = plan
    workerCount = workers
    self.recordsFailures = recordsFailures
    self.launch = launch
    self.observe = observe
  }

  /// Trains until every run of the plan is recorded. Throws when the folder, a teacher or a trainer fails for good;
  /// what was recorded stays.
  ///
  /// A run that the machine or a crash prevented is never a result: the call trains the others, without the rounds that
  /// learn from it, and then throws ``TrainingError/unfinished`` or ``TrainingError/crashed``.
  public func run() throws {
    defer { stop() }
    try recorded.update()
    failures = try folder.readFailures()
    putOff = []
    let keys = try plan.runs.indices.map { try plan.key($0) }
    observe(.began(recorded: keys.count { recorded[$0] != nil }, total: keys.count))
    for round in plan.rounds {
      // With other teachers the round would give other numbers than in an undisturbed training.
      guard round.earlier.allSatisfy({ recorded[keys[$0]] != nil }) else { continue }
      let pending = try round.runs.filter { index in
        guard let record = recorded[keys[index]] else { return true }
        // A run whose logits are gone must be trained again before a later round can learn from it.
        return try round.teaches && record.score != nil && !folder.logits.contains(record.numericsDigest())
      }
      guard !pending.isEmpty else { continue }
      let teachers = try plan.teachers(of: round, records: recorded.records).map { try $0.numericsDigest() }
      guard teachers.allSatisfy(folder.logits.contains) else { continue }
      observe(.round(round.runs, teachers: teachers))
      do {
        try train(pending, teachers: teachers)
      } catch let failure as WorkerFailure {
        // A failure of every trainer is reported with the runs that failed before.
        guard failure.cause != .call else { throw failure }
        throw try summary(keys, ending: failure) ?? failure
      }
      try recorded.update()
    }
    if let error = try summary(keys) { throw error }
  }

  /// What the call could not train; nil when there is nothing.
  private func summary(_ keys: [RunKey], ending failure: WorkerFailure? = nil) throws -> TrainingError? {
    guard !putOff.isEmpty || failure != nil else { return nil }
    try recorded.update()
    let missing = keys.indices.filter { recorded[keys[$0]] == nil }
    var failed = putOff.map { TrainingError.UntrainedRun(number: $0.index + 1, reason: $0.failure.message) }
    if let failure, let next = missing.first(where: { index in !putOff.contains { $0.index == index } }) {
      failed.append(.init(number: next + 1, reason: failure.message))
    }
    let crashes = (putOff.map(\.failure.cause) + (failure.map { [$0.cause] } ?? [])).contains(.program)
    // A recorded run that was to be trained again for its logits counts as missing, too.
    let count = max(missing.count, failed.count)
    return crashes
      ? .crashed(failed: failed, missing: count, planned: keys.count)
      : .unfinished(failed: failed, missing: count, planned: keys.count)
  }

  private func train(_ indices: [Int], teachers: [Digest256]) throws {
    var schedule = RoundSchedule(runs: indices)
    while !schedule.isFinished {
      try employ(&schedule, teachers: teachers)
      guard let (number, line) = try nextAnswer() else { continue }
      guard let line else {
        try bury(number, &schedule)
        continue
      }
      switch try CanonicalJSON.decode(WorkerAnswer.self, from: line) {
      case .ready:
        workers[number]?.wasReady = true
        schedule.started()
      case .epoch(let index, let epoch, let validation):
        observe(.epoch(index: index, epoch: epoch, validation: validation))
      case .recorded(let index, _, let status, let score):
        schedule.finished(number)
        observe(.recorded(index: index, status: status, score: score))
      case .failed(nil, let failure): reports[number] = failure
      case .failed(_, let failure): try follow(schedule.failed(number, failure.cause, wasReady: true), failure)
      }
    }
  }

  /// Gives every idle trainer a run, starting trainers as needed.
  private func employ(_ schedule: inout RoundSchedule, teachers: [Digest256]) throws {
    for number in 0..<workerCount {
      guard let index = schedule.nextRun(for: number) else { continue }
      let worker = try workers[number] ?? launch(number)
      workers[number] = worker
      worker.send(
        try CanonicalJSON.encode(
          WorkerCommand.train(
            index: index, teachers: teachers, concurrentTrainers: min(workerCount, schedule.unfinishedCount))))
    }
  }

  /// Waits until a trainer answers or ends (a nil line).
  private func nextAnswer() throws -> (Int, Data?)? {
    let numbers = workers.keys.sorted()
    while true {
      for number in numbers {
        if let line = workers[number]?.takeAnswer() { return (number, line) }
      }
      let places = numbers.flatMap { number in (workers[number]?.descriptors ?? []).map { (number, $0) } }
      var waited = places.map { pollfd(fd: $0.1, events: Int16(POLLIN), revents: 0) }
      let count = poll(&waited, nfds_t(waited.count), -1)
      if count < 0 && errno != EINTR { throw TrainingError.cannotWait(errorNumber: errno) }
      guard count > 0 else { continue }
      for ((number, descriptor), answer) in zip(places, waited) where answer.revents != 0 {
        guard let worker = workers[number] else { continue }
        if descriptor == worker.descriptors[0] {
          if !worker.readAnswers() { return (number, nil) }
        } else {
          worker.readDiagnostics()
          while let line = worker.takeDiagnostic() { observe(.diagnostic(worker: number, line: line)) }
        }
      }
    }
  }

  /// A trainer is gone.
  private func bury(_ number: Int, _ schedule: inout RoundSchedule) throws {
    guard let worker = workers.removeValue(forKey: number) else { return }
    let end = worker.waitForEnd { self.observe(.diagnostic(worker: number, line: $0)) }
    let failure = reports.removeValue(forKey: number) ?? end
    try follow(schedule.failed(number, failure.cause, wasReady: worker.wasReady), failure)
  }

  private func follow(_ step: RoundSchedule.Step, _ failure: WorkerFailure) throws {
    switch step {
    case .goOn: break
    case .stop: throw failure
    case .tryAgain(let index): observe(.failed(index: index, reason: failure.message, triesAgain: true))
    case .record(let index): try recordFailure(index, failure.message)
    case .putOff(let index):
      let calls = failures.note(try plan.key(index), reason: failure.message)
      try SystemFile.replace(folder.failureFile.path, with: CanonicalJSON.encode(failures))
      if recordsFailures && calls >= FailureLog.callsBeforeRecording {
        try recordFailure(index, "not trained in \(calls) calls; in the last, \(failure.message)")
      } else {
        putOff.append((index, failure))
        observe(.failed(index: index, reason: failure.message, triesAgain: false))
      }
    }
  }

  private func recordFailure(_ index: Int, _ detail: String) throws {
    let journal = try JournalWriter(path: folder.coordinatorJournal.path)
    try journal.append(
      .run(
        RunRecord(
          key: try plan.key(index), origin: plan.runs[index].origin, status: .failed, statusDetail: detail, curves: [],
          score: nil, counts: nil, costs: nil, provenance: nil)))
    observe(.recorded(index: index, status: .failed, score: nil))
  }

  private func stop() {
    for worker in workers.values { worker.end() }
    workers = [:]
  }
}
