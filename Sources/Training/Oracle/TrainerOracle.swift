public import Oracles
public import Records
import Spaces

/// A trainer as an oracle: candidates are trained when they are asked about, each epoch once, in this process.
///
/// A higher fidelity goes on where the run stopped, and a lower one is read from its curves. What is observed after an epoch
/// is what an undisturbed run records there. Full fidelity is the last epoch of the protocol. Copies of an oracle share what
/// they trained, each with its own ledger; they train one run at a time.
///
/// With a ``CheckpointStore`` a later oracle goes on after the last whole epoch, also after a kill. A run
/// that diverged or was cut off stays so; remove its file to train it again. With a ``TrainingJournal`` the runs can be
/// ingested:
///
///     let journal = try TrainingJournal(
///       folder.journal(0), dataset: task.card, trainingProtocol: setting.trainingProtocol)
///     var oracle = try TrainerOracle(task, setting) { try journal.append($0) }
///
/// Epochs are charged once each, with their measured training seconds. A run that ends early is charged the whole epochs
/// that it had, and the time of the epoch in which it ended. A value that is NaN is observed as a run that diverged.
public struct TrainerOracle: Oracle {
  public let subject: OracleSubject
  public private(set) var ledger: BudgetLedger<RunNumber>
  private let bench: TrainingBench
  private let epochs: Int

  /// What is trained: everything but the candidates.
  public struct Setting: Sendable {
    public var trainingProtocol: TrainingProtocol
    /// Of every run.
    public var seed: UInt64
    /// Why the runs are there, for their records.
    public var origin: Origin
    public var machine: Machine
    /// Of the program.
    public var commit: String
    public var clock: TrainingClock
    public var surroundings: RunTrainer.Surroundings
    /// Where a run is kept after each epoch, so that a later oracle goes on; nil keeps runs in memory.
    public var checkpoints: CheckpointStore?

    public init(
      _ trainingProtocol: TrainingProtocol, seed: UInt64, origin: Origin = Origin(kind: .search), machine: Machine,
      commit: String, clock: TrainingClock = .system, surroundings: RunTrainer.Surroundings = .init(),
      checkpoints: CheckpointStore? = nil
    ) {
      self.trainingProtocol = trainingProtocol
      self.seed = seed
      self.origin = origin
      self.machine = machine
      self.commit = commit
      self.clock = clock
      self.surroundings = surroundings
      self.checkpoints = checkpoints
    }
  }

  /// Goals are `metrics`, or the metric that data sets are scored by where there are none. `onRecord` hears the record of
  /// each run whose end this oracle trains, for a journal. Where it throws, it hears the record again when the run is asked
  /// about again.
  ///
  /// Throws ``TrainingError/setting(name:value:allowed:)`` for a protocol outside its ranges or with distillation, whose
  /// teachers a search does not have; for a metric that is not measured; and for the test split, which a search must not see.
  public init(
    _ task: sending any TrainingTask, _ setting: Setting, metrics: [Metric] = [], split: Split = .validation,
    limits: BudgetLimits = .unlimited, onRecord: @escaping @Sendable (RunRecord) throws -> Void = { _ in }
  ) throws {
    let settings = setting.trainingProtocol
    try settings.validate()
    guard settings.distillation == nil else {
      throw TrainingError.setting(name: "distillation", value: "on", allowed: "no distillation section")
    }
    guard split == .train || split == .validation else {
      throw TrainingError.setting(name: "split", value: "\(split)", allowed: "train, validation")
    }
    let known = RunTrainer.curveMetrics(classCount: task.classCount)
    let goals = metrics.isEmpty ? [task.card.primaryMetric] : metrics
    if let strange = goals.first(where: { !known.contains($0) }) {
      throw TrainingError.setting(
        name: "metric", value: "\(strange)", allowed: known.map { "\($0)" }.joined(separator: ", "))
    }
    subject = OracleSubject(
      space: task.space.name, goals: goals.map { .init($0, $0.largerIsBetter ? .maximise : .minimise) }, split: split)
    epochs = settings.schedule.epochs
    ledger = BudgetLedger(seed: 0, limits: limits)
    bench = try TrainingBench(task, setting, onRecord: onRecord)
  }

  public var spending: BudgetSpending { ledger.spending }

  /// Throws `OracleError.unknownCandidate` and `.invalidPosition` before anything is trained. Throws `BudgetError` where no
  /// query is left, or after the first epoch that the budget does not allow, and `CancellationError` after the epoch in
  /// which the task was cancelled: what was trained stays, and nothing is charged.
  public mutating func observe(_ requests: [OracleRequest]) async throws -> [Observation] {
    let positions = try await check(requests)
    var trial = ledger
    var observations: [Observation] = []
    for (request, position) in zip(requests, positions) {
      observations.append(try await observe(request, upTo: position, chargedTo: &trial))
    }
    ledger = trial
    return observations
  }

  /// The last epoch of each request.
  private func check(_ requests: [OracleRequest]) async throws -> [Int] {
    var positions: [Int] = []
    for request in requests {
      let candidate = request.candidate
      guard candidate.space == subject.space, await bench.isCanonical(candidate.canonicalText) else {
        throw OracleError.unknownCandidate(candidate.canonicalText, space: subject.space)
      }
      var position = epochs
      if case .position(let asked) = request.fidelity { position = asked }
      guard (1...epochs).contains(position) else {
        throw OracleError.invalidPosition(position, candidate: candidate.canonicalText, last: epochs)
      }
      positions.append(position)
    }
    return positions
  }

  private func observe(
    _ request: OracleRequest, upTo position: Int, chargedTo ledger: inout BudgetLedger<RunNumber>
  ) async throws -> Observation {
    let candidate = request.candidate
    let run = RunNumber(candidate.id)
    let before = ledger
    let reached = try await bench.reach(candidate.canonicalText, position) { epoch, seconds in
      var trial = before
      try trial.charge(run: run, epoch: epoch, secondsUpToEpoch: seconds)
    }
    var (status, last) = reached.end(at: position)
    let seconds = reached.trainSeconds(upTo: last, withEnd: status != .completed)
    try ledger.charge(run: run, epoch: last, secondsUpToEpoch: seconds)
    let values = subject.goals.map { reached.value($0.metric, subject.split, last) }
    if status == .completed, values.contains(where: \.isNaN) { status = .diverged }
    return Observation(
      candidate: candidate, fidelity: request.fidelity, status: status,
      values: status == .completed
        ? zip(subject.goals, values).map { .init(metric: $0.metric, split: subject.split, value: $1) } : [],
      position: last, trainSeconds: seconds, kind: .measured, cost: ledger.spending - before.spending)
  }
}
