import Oracles
import Records
import Spaces

/// Trains the runs of an oracle, one at a time, and knows how far each came.
actor TrainingBench {
  private let task: any TrainingTask
  private let setting: TrainerOracle.Setting
  private let dataset: (name: String, digest: Digest256)
  private let onRecord: @Sendable (RunRecord) throws -> Void
  private var runs: [String: ReachedRun] = [:]
  /// Of runs that may go on, where nothing is kept in files.
  private var checkpoints: [String: Checkpoint] = [:]

  /// Throws ``TrainingError/setting(name:value:allowed:)`` for data without a digest, whose runs cannot be told apart.
  init(
    _ task: sending any TrainingTask, _ setting: TrainerOracle.Setting,
    onRecord: @escaping @Sendable (RunRecord) throws -> Void
  ) throws {
    guard let digest = task.card.digest else {
      throw TrainingError.setting(name: "data set", value: task.card.name, allowed: "prepared data with a digest")
    }
    dataset = (task.card.name, digest)
    self.task = task
    self.setting = setting
    self.onRecord = onRecord
  }

  func isCanonical(_ text: String) -> Bool { (try? task.space.canonicalText(of: text)) == text }

  /// Trains a run up to an epoch, or to its end before it. `allow` hears each whole epoch with the training seconds so far;
  /// where it throws, the run stops there and is kept.
  func reach(
    _ architecture: String, _ position: Int, allow: @Sendable (Int, Double) throws -> Void
  ) throws -> ReachedRun {
    let trainer = try RunTrainer(
      plan: TrainingPlan(
        space: task.space.name, dataset: dataset.name, datasetDigest: dataset.digest,
        trainingProtocol: setting.trainingProtocol,
        runs: [PlannedRun(architecture: architecture, origin: setting.origin, seed: setting.seed)]),
      task: task, machine: setting.machine, commit: setting.commit, clock: setting.clock)
    let key = try trainer.plan.key(0)
    let file = try setting.checkpoints?.read(key)
    let kept = file.flatMap { $0.continues(key, teachers: [], commit: setting.commit) ? $0 : nil }
    let known = runs[architecture] ?? kept.map { ReachedRun($0.progress) }
    if let known, known.end != nil || known.epoch >= position { return known }
    let run = try trainer.begin(0, surroundings: setting.surroundings, from: kept ?? checkpoints[architecture])
    defer { checkpoints[architecture] = setting.checkpoints == nil && !run.isFinished ? try? run.checkpoint() : nil }
    var reached = ReachedRun(run.progress)
    while !run.isFinished, run.epoch < position {
      let start = setting.clock.wallSeconds()
      let isWhole = try run.trainEpoch()
      reached = ReachedRun(run.progress)
      if !isWhole { reached.end = (run.status, setting.clock.wallSeconds() - start) }
      runs[architecture] = reached
      let isLast = run.isFinished || run.epoch == position
      if isLast { try keep(run) }
      guard isWhole else { break }
      do {
        try allow(run.epoch, reached.trainSeconds(upTo: run.epoch, withEnd: false))
      } catch {
        if !isLast { try keep(run) }
        throw error
      }
    }
    return reached
  }

  /// Hands on the record of a run at its end, and writes the run to its file where there are files. A record comes before
  /// the last checkpoint, so that a process that is killed between the two gives it again instead of never.
  private func keep(_ run: TrainingRun) throws {
    if run.isFinished { try onRecord(try run.outcome().record) }
    if run.epoch > 0 { try setting.checkpoints?.write(try run.checkpoint()) }
  }
}

/// How far a run came.
struct ReachedRun: Sendable {
  private let curves: [Curve]
  private let trainSecondsPerEpoch: [Double]
  /// Whole epochs.
  let epoch: Int
  /// How the run ended after ``epoch``, and the seconds of the epoch in which it did; nil for a run that may go on or
  /// completed.
  var end: (status: RunStatus, seconds: Double)?

  init(_ progress: Checkpoint.Progress) {
    curves = progress.curves
    trainSecondsPerEpoch = progress.costsPerEpoch[Costs.trainSeconds] ?? []
    epoch = progress.epoch
  }

  /// The status when `position` is asked for, and the last whole epoch up to there.
  func end(at position: Int) -> (status: RunStatus, epoch: Int) {
    guard let end, position > epoch else { return (.completed, position) }
    return (end.status, epoch)
  }

  func trainSeconds(upTo epoch: Int, withEnd: Bool) -> Double {
    trainSecondsPerEpoch.prefix(epoch).reduce(0, +) + (withEnd ? end?.seconds ?? 0 : 0)
  }

  /// The value after a whole epoch; NaN where the metric is not defined.
  func value(_ metric: Metric, _ split: Split, _ epoch: Int) -> Double {
    let values = curves.first { $0.metric == metric && $0.split == split }?.values ?? []
    return values.indices.contains(epoch - 1) ? values[epoch - 1] : .nan
  }
}
