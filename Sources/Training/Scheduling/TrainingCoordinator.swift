import Foundation
public import Records

/// Trains a plan with several trainers, and continues where an earlier call stopped: does what a ``TrainingSchedule`` says.
public final class TrainingCoordinator {
  /// What an observer hears, in order.
  public enum Event: Sendable {
    /// Before the first run: the runs of the plan that earlier calls recorded. Some may be trained again, for logits or
    /// weights that are missing.
    case began(recorded: Set<Int>, total: Int)
    /// A round begins; `teachers` are numerics digests, best first.
    case round([Int], teachers: [Digest256])
    case epoch(index: Int, epoch: Int, validation: Float)
    case recorded(index: Int, status: RunStatus, score: Score?)
    /// A run was not trained; `triesAgain` in this call, else the next call tries it.
    case failed(index: Int, reason: String, triesAgain: Bool)
    /// A trainer wrote a line to stderr.
    case diagnostic(worker: Int, line: String)
    /// The plan has more runs at its end.
    case grew(TrainingPlan)
  }

  /// How a call trains.
  public struct Options: Hashable, Sendable {
    /// Trainers at work, 1 to 256.
    public var workers: Int
    /// Record a run as failed that the machine or a crash prevented in three calls.
    public var recordsFailures = false
    /// Train completed runs again whose weights are missing.
    public var keepsWeights = false
    /// The time limit of runs: a trainer that is silent for twice as long, and five minutes, is ended.
    public var timeLimitSeconds: Double?

    public init(workers: Int) { self.workers = workers }
  }

  private let folder: WorkFolder
  private let claim: FolderClaim
  private var plan: TrainingPlan
  private let options: Options
  private let launcher: any TrainerLauncher
  private let proposer: (any PlanProposer)?
  private let clock: TrainingClock
  private let observe: (Event) -> Void
  private var recorded: RecordedRuns

  /// - Parameters:
  ///   - plan: the plan of the folder, as ``FolderClaim/settle(_:)`` returned it.
  ///   - proposer: names more runs when all are recorded; without one the plan is as it is.
  ///   - observe: hears what happens, on the calling thread.
  public init(
    claim: FolderClaim, plan: TrainingPlan, options: Options, launcher: any TrainerLauncher,
    proposer: (any PlanProposer)? = nil, clock: TrainingClock = .system, observe: @escaping (Event) -> Void
  ) throws {
    guard (1...256).contains(options.workers) else {
      throw TrainingError.setting(name: "workers", value: "\(options.workers)", allowed: "1 to 256")
    }
    self.claim = claim
    folder = claim.folder
    recorded = RecordedRuns(claim.folder)
    self.plan = plan
    self.options = options
    self.launcher = launcher
    self.proposer = proposer
    self.clock = clock
    self.observe = observe
  }

  /// Trains until every run of the plan is recorded, and the plan grows no more. Throws when the folder, a teacher or a
  /// trainer fails for good; what was recorded stays.
  ///
  /// A run that the machine or a crash prevented is never a result: the call trains the others, without the rounds that
  /// learn from it, and then throws ``TrainingError/unfinished`` or ``TrainingError/crashed``.
  public func run() throws {
    defer { launcher.stop() }
    var settings = TrainingSchedule.Settings(trainers: options.workers)
    settings.recordsFailures = options.recordsFailures
    settings.keepsWeights = options.keepsWeights
    settings.silenceSeconds = options.timeLimitSeconds.map { 2 * $0 + 300 }
    settings.grows = proposer != nil
    var schedule = try TrainingSchedule(plan: plan, failures: folder.readFailures(), settings: settings)
    var hasBegun = false
    while true {
      switch schedule.next(seconds: clock.wallSeconds()) {
      case .read:
        let found = try read()
        if !hasBegun { observe(.began(recorded: schedule.recordedRuns(found), total: plan.runs.count)) }
        hasBegun = true
        try schedule.read(found)
      case .announce(let runs, let teachers): observe(.round(runs, teachers: teachers))
      case .train(let index, let teachers, let concurrent, let trainer):
        if !launcher.isRunning(trainer) { try launcher.start(trainer) }
        try launcher.send(.train(index: index, teachers: teachers, concurrentTrainers: concurrent), to: trainer)
      case .wait(let until):
        let event = try launcher.next(within: until.map { max(0, $0 - clock.wallSeconds()) })
        tell(event)
        schedule.hear(event, seconds: clock.wallSeconds())
      case .kill(let trainer): launcher.kill(trainer)
      case .report(let index, let reason, let again):
        observe(.failed(index: index, reason: reason, triesAgain: again))
      case .save(let failures):
        try SystemFile.replace(folder.failureFile.path, with: CanonicalJSON.encode(failures))
      case .record(let index, let detail): try recordFailure(index, detail)
      case .grow: try schedule.grow(grow())
      case .end(.complete): return
      case .end(.failure(let failure)): throw failure
      case .end(.untrained(let failed, let missing, let planned, let crashed)):
        throw crashed
          ? TrainingError.crashed(failed: failed, missing: missing, planned: planned)
          : TrainingError.unfinished(failed: failed, missing: missing, planned: planned)
      }
    }
  }

  private func read() throws -> TrainingSchedule.Recorded {
    try recorded.update()
    let (logits, checkpoints) = (folder.logits, folder.checkpoints)
    return TrainingSchedule.Recorded(
      records: recorded.records, hasLogits: { logits.contains($0) }, hasWeights: { checkpoints.contains($0) })
  }

  private func tell(_ event: TrainerEvent?) {
    switch event {
    case .answer(_, .epoch(let index, let epoch, let validation)):
      observe(.epoch(index: index, epoch: epoch, validation: validation))
    case .answer(_, .recorded(let index, _, let status, let score)):
      observe(.recorded(index: index, status: status, score: score))
    case .diagnostic(let number, let line): observe(.diagnostic(worker: number, line: line))
    case .answer, .ended, nil: break
    }
  }

  /// The plan with what the proposer adds.
  private func grow() throws -> TrainingPlan {
    guard let proposer else { return plan }
    let records = try plan.runs.indices.compactMap { recorded[try plan.key($0)] }
    var asked = plan
    asked.runs += try proposer.nextRound(after: records, in: plan)
    let grown = try claim.settle(asked)
    guard grown != plan else { return plan }
    plan = grown
    // Trainers read the plan when they start.
    launcher.stop()
    observe(.grew(grown))
    return grown
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
}
