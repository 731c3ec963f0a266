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
  /// What could not be kept, for example on a full disk.
  private var unkept: [String: (checkpoint: Checkpoint, record: RunRecord?)] = [:]

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

  /// Trains a run up to an epoch, or to its end before it, and keeps it after each epoch. `allow` hears how far the run is,
  /// with the training seconds so far, before the first epoch and after each; where it throws, the run stops there.
  func reach(
    _ architecture: String, _ position: Int, allow: @Sendable (Int, Double) throws -> Void
  ) throws -> ReachedRun {
    if let late = unkept[architecture] { try keep(late.checkpoint, late.record) }
    if let known = runs[architecture], known.answers(position) { return known }
    let trainer = try RunTrainer(
      plan: TrainingPlan(
        space: task.space.name, dataset: dataset.name, datasetDigest: dataset.digest,
        trainingProtocol: setting.trainingProtocol,
        runs: [PlannedRun(architecture: architecture, origin: setting.origin, seed: setting.seed)]),
      task: task, machine: setting.machine, commit: setting.commit, clock: setting.clock)
    let kept = try kept(architecture, trainer.plan.key(0))
    if let kept {
      let reached = ReachedRun(kept.progress)
      runs[architecture] = reached
      if reached.answers(position) { return reached }
      try allow(reached.epoch, reached.trainSeconds(upTo: reached.epoch, withEnd: false))
    } else {
      try allow(0, 0)
    }
    let run = try trainer.begin(0, surroundings: setting.surroundings, from: kept)
    var whole = try run.checkpoint()
    while true {
      if try run.trainEpoch() { whole = try run.checkpoint() } else { whole.progress.end = run.progress.end }
      let reached = try keep(whole, run.isFinished ? run.outcome().record : nil)
      if reached.answers(position) { return reached }
      try Task.checkCancellation()
      try allow(reached.epoch, reached.trainSeconds(upTo: reached.epoch, withEnd: false))
    }
  }

  /// Where the run stopped; nil where it begins.
  private func kept(_ architecture: String, _ key: RunKey) throws -> Checkpoint? {
    guard let store = setting.checkpoints else { return checkpoints[architecture] }
    guard let found = try store.read(key), found.continues(key, teachers: [], commit: setting.commit) else {
      return nil
    }
    return found
  }

  /// Hands on the record of a run at its end, and writes the run to its file where there are files. A record comes before
  /// the last checkpoint, so that a process that is killed between the two gives it again instead of never.
  @discardableResult
  private func keep(_ checkpoint: Checkpoint, _ record: RunRecord?) throws -> ReachedRun {
    let architecture = checkpoint.key.architecture
    unkept[architecture] = (checkpoint, record)
    if let record { try onRecord(record) }
    unkept[architecture]?.record = nil
    if let store = setting.checkpoints {
      try store.write(checkpoint)
    } else {
      checkpoints[architecture] = record == nil ? checkpoint : nil
    }
    unkept[architecture] = nil
    let reached = ReachedRun(checkpoint.progress)
    runs[architecture] = reached
    return reached
  }
}

/// How far a run came.
struct ReachedRun: Sendable {
  private let curves: [Curve]
  private let trainSecondsPerEpoch: [Double]
  private let end: Checkpoint.Progress.End?
  /// Whole epochs.
  let epoch: Int

  init(_ progress: Checkpoint.Progress) {
    curves = progress.curves
    trainSecondsPerEpoch = progress.costsPerEpoch[Costs.trainSeconds] ?? []
    end = progress.end
    epoch = progress.epoch
  }

  /// Whether nothing is left to train up to `position`.
  func answers(_ position: Int) -> Bool { end != nil || epoch >= position }

  /// The status when `position` is asked for, and the last whole epoch up to there.
  func end(at position: Int) -> (status: RunStatus, epoch: Int) {
    guard let end, position > epoch else { return (.completed, position) }
    return (end.status, epoch)
  }

  /// Up to a whole epoch; `withEnd` adds the epoch in which the run ended.
  func trainSeconds(upTo epoch: Int, withEnd: Bool) -> Double {
    trainSecondsPerEpoch.prefix(epoch).reduce(0, +) + (withEnd ? end?.trainSeconds ?? 0 : 0)
  }

  /// The value after a whole epoch; NaN where the metric is not defined.
  func value(_ metric: Metric, _ split: Split, _ epoch: Int) -> Double {
    let values = curves.first { $0.metric == metric && $0.split == split }?.values ?? []
    return values.indices.contains(epoch - 1) ? values[epoch - 1] : .nan
  }
}
