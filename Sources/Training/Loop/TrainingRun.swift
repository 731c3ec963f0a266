import Foundation
import Nets
public import Records

/// One run while it is trained, epoch by epoch.
public final class TrainingRun {
  private let trainer: RunTrainer
  private let index: Int
  private let surroundings: RunTrainer.Surroundings
  private let teachers: [Digest256]
  private let network: any TrainableNetwork
  private let optimizer: Optimizer
  private let generator: SeededGenerator
  private let teacherBatch: TeacherBatch
  private let counts: Counts
  private(set) var progress: Checkpoint.Progress
  /// Logits of the split evaluated last, N×C.
  private var logits: [Float]
  private var bestLogits: [Float]
  private var bestNetwork: ArrayArchive?
  private var metrics: ClassificationMetrics

  private var task: any TrainingTask { trainer.task }
  private var clock: TrainingClock { trainer.clock }
  private var settings: TrainingProtocol { trainer.plan.trainingProtocol }

  /// Begins a run, or goes on after the epoch of a checkpoint; a run that ended stays finished. Throws what the task says
  /// against the architecture, and `DamagedArchive` for a checkpoint of another network.
  init(
    _ trainer: RunTrainer, _ index: Int, teachers: [TeacherLogits], surroundings: RunTrainer.Surroundings,
    from checkpoint: Checkpoint?
  ) throws {
    let run = trainer.plan.runs[index]
    let task = trainer.task
    let settings = trainer.plan.trainingProtocol
    self.trainer = trainer
    self.index = index
    self.surroundings = surroundings
    self.teachers = teachers.map(\.run)
    counts = try task.counts(run.architecture)
    let started = trainer.clock.now()
    network = try task.network(
      run.architecture, capacity: trainer.capacity, instructionSet: trainer.machine.instructionSet)
    generator = SeededGenerator(seed: run.seed)
    surroundings.memory.reset()
    trainer.warmUp(network)
    network.initialise(from: generator.stream("weights"))
    optimizer = network.makeOptimizer(settings.optimizer)
    teacherBatch = TeacherBatch(teachers, rows: settings.data.batchSize, classes: task.classCount)
    logits = [Float](repeating: 0, count: trainer.largestSplit * task.classCount)
    bestLogits = []
    metrics = trainer.metrics
    progress = Checkpoint.Progress(
      epoch: 0,
      curves: trainer.curveMetrics.flatMap { metric in
        RunTrainer.splits.map { Curve(metric: metric, split: $0, values: []) }
      }, costsPerEpoch: [:], best: nil, peakMemoryBytes: nil, startedAt: timestamp(started))
    if let checkpoint { try restore(checkpoint) }
  }

  private func restore(_ checkpoint: Checkpoint) throws {
    let values = trainer.rowCount(.train) * task.classCount
    guard checkpoint.progress.best == nil || checkpoint.bestTrainLogits.count == values else {
      throw DamagedArchive("it has \(checkpoint.bestTrainLogits.count) logits instead of \(values)")
    }
    try network.restore(checkpoint.network)
    try optimizer.restore(checkpoint.optimizer)
    progress = checkpoint.progress
    bestLogits = checkpoint.bestTrainLogits
    bestNetwork = checkpoint.bestNetwork
  }

  /// Whole epochs trained.
  public var epoch: Int { progress.epoch }

  /// True once no epoch is left, or the run diverged or was cut off.
  public var isFinished: Bool { progress.end != nil || epoch >= settings.schedule.epochs }

  /// How the run ended, or `completed` for one that may go on.
  var status: RunStatus { progress.end?.status ?? .completed }

  /// The newest value of a metric; nil before the first epoch, and for a metric that is not measured.
  public func value(_ metric: Metric, _ split: Split) -> Double? {
    progress.curves.first { $0.metric == metric && $0.split == split }?.values.last
  }

  /// The newest value of the metric that data sets are scored by, on the validation split.
  var primaryValidation: Double? { value(task.card.primaryMetric, .validation) }

  /// Trains the next epoch and measures all splits. Returns false where the run diverged or was cut off in it.
  public func trainEpoch() throws -> Bool {
    precondition(!isFinished, "no epoch is left")
    let epoch = progress.epoch + 1
    let wall = clock.wallSeconds()
    let cpu = clock.threadCPUSeconds()
    let spent = [Costs.trainSeconds, Costs.evaluationSeconds].compactMap { progress.costsPerEpoch[$0] }.joined()
    let deadline = surroundings.timeLimitSeconds.map { wall + $0 - spent.reduce(0, +) }
    let end = trainBatches(epoch, deadline: deadline)
    let trainedWall = clock.wallSeconds()
    let trainedCPU = clock.threadCPUSeconds()
    guard end == .completed, let scores = evaluate(epoch) else {
      progress.end = .init(
        status: end == .completed ? .diverged : end,
        detail: "stopped in epoch \(epoch) of \(settings.schedule.epochs)", trainSeconds: trainedWall - wall)
      return false
    }
    for place in progress.curves.indices {
      if let value = scores[progress.curves[place].split]?[progress.curves[place].metric] {
        progress.curves[place].values.append(Double(Float(value)))
      }
    }
    for (name, cost) in [
      (Costs.trainSeconds, trainedWall - wall), (Costs.trainCPUSeconds, trainedCPU - cpu),
      (Costs.evaluationSeconds, clock.wallSeconds() - trainedWall),
      (Costs.evaluationCPUSeconds, clock.threadCPUSeconds() - trainedCPU),
      (Costs.concurrentTrainers, Double(surroundings.concurrentTrainers)),
    ] { progress.costsPerEpoch[name, default: []].append(cost) }
    progress.epoch = epoch
    progress.peakMemoryBytes = peakMemoryBytes
    if surroundings.keepsWeights && progress.best?.epoch == epoch { bestNetwork = try network.state() }
    return true
  }

  /// The run as it is after the last whole epoch. Of a run that ended in an epoch, the network is as it was at this end.
  public func checkpoint() throws -> Checkpoint {
    Checkpoint(
      key: try trainer.plan.key(index), teachers: teachers, version: nasAtlasVersion, commit: trainer.commit,
      progress: progress, network: try network.state(), optimizer: try optimizer.state(), bestNetwork: bestNetwork,
      bestTrainLogits: bestLogits)
  }

  /// The record of a run that is finished.
  func outcome() throws -> RunTrainer.Outcome {
    let run = trainer.plan.runs[index]
    let metric = task.card.primaryMetric
    let curves = progress.curves.filter { !$0.values.isEmpty && $0.values.count >= epoch }
    let score = progress.best.map { best in
      Score(
        metric: metric, epoch: best.epoch, validation: best.validation,
        test: curves.first { $0.metric == metric && $0.split == .test }?.values[best.epoch - 1])
    }
    var costs = trainer.latencies(network)
    costs[Costs.peakMemoryBytes] = peakMemoryBytes.map { Double($0) }
    let record = RunRecord(
      key: try trainer.plan.key(index), origin: run.origin, status: status,
      statusDetail: progress.end?.detail, curves: curves, score: score, counts: counts, teachers: teachers,
      costs: Costs(total: costs, perEpoch: progress.costsPerEpoch),
      provenance: Provenance(
        version: nasAtlasVersion, commit: trainer.commit, planDigest: trainer.planDigest,
        startedAt: progress.startedAt, finishedAt: timestamp(clock.now()), device: trainer.machine.device))
    return RunTrainer.Outcome(record: record, trainLogits: bestLogits)
  }

  private var peakMemoryBytes: Int? {
    [surroundings.memory.bytes(), progress.peakMemoryBytes].compactMap { $0 }.max()
  }

  /// One pass over the shuffled train split; the last incomplete batch is dropped.
  private func trainBatches(_ epoch: Int, deadline: Double?) -> RunStatus {
    let rows = trainer.rowCount(.train)
    let batchRows = min(settings.data.batchSize, rows)
    let batches = rows / batchRows
    var shuffled = Array(trainer.order.prefix(rows))
    var shuffler = generator.stream("epoch.\(epoch)")
    shuffler.shuffle(&shuffled)
    let dropout = SeededGenerator.derive(generator.seed, "dropout.\(epoch)")
    let loss = ClassificationLoss(
      classWeights: trainer.lossWeights, distillationWeight: settings.distillation?.weight ?? 0)
    for step in 0..<batches {
      if let deadline, clock.wallSeconds() > deadline { return .timedOut }
      let first = step * batchRows
      network.load(.train, shuffled, first, batchRows)
      let value = network.gradients(
        loss: loss, teachers: teacherBatch.gather(shuffled, first, batchRows), stepKey: dropout &+ UInt64(step))
      guard value.isFinite else { return .diverged }
      let position = Double(epoch - 1) + Double(step) / Double(batches)
      optimizer.step(
        learningRate: settings.schedule.learningRate.learningRate(
          base: settings.optimizer.learningRate, epoch: position))
    }
    return network.isFinite ? .completed : .diverged
  }

  /// Scores of all splits, or nil when a logit is not finite. Keeps the train logits of the best epoch.
  private func evaluate(_ epoch: Int) -> [Split: ClassificationScores]? {
    var scores: [Split: ClassificationScores] = [:]
    for split in [Split.validation, .test, .train] {
      trainer.predict(split, network, into: &logits)
      let measured = logits.withUnsafeBufferPointer { logits in
        trainer.labels(split).withUnsafeBufferPointer { labels in
          metrics.evaluate(
            logits: UnsafeBufferPointer(rebasing: logits[0..<labels.count * task.classCount]), labels: labels)
        }
      }
      guard let measured else { return nil }
      scores[split] = measured
    }
    // The train split came last: its logits are at hand if this epoch is the best so far.
    let metric = task.card.primaryMetric
    if let value = scores[.validation]?[metric].map({ Double(Float($0)) }),
      progress.best.map({ metric.isBetter(value, than: $0.validation) }) ?? true
    {
      progress.best = .init(epoch: epoch, validation: value)
      bestLogits = Array(logits.prefix(trainer.rowCount(.train) * task.classCount))
    }
    return scores
  }
}
