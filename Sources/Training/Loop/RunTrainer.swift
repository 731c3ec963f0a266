import Foundation
import Nets
public import Records

/// Trains one architecture and measures everything that a run record holds.
///
/// What it computes follows from plan, seed and teachers alone; only costs and provenance differ from run to run.
public final class RunTrainer {
  /// What of the surroundings a run needs to know.
  public struct Surroundings: Sendable {
    /// Trainers at work, this one included.
    public var concurrentTrainers: Int
    /// Wall seconds after which a run is cut off between two epochs' steps; nil for never.
    public var timeLimitSeconds: Double?
    /// Of this process.
    public var memory: PeakMemory

    public init(concurrentTrainers: Int = 1, timeLimitSeconds: Double? = nil, memory: PeakMemory = .system) {
      self.concurrentTrainers = concurrentTrainers
      self.timeLimitSeconds = timeLimitSeconds
      self.memory = memory
    }
  }

  /// A finished run: its record, and the logits of the train split at its best epoch (N×C; empty without an epoch).
  public struct Outcome: Sendable {
    public let record: RunRecord
    public let trainLogits: [Float]
  }

  private let plan: TrainingPlan
  private let planDigest: Digest256
  private let task: any TrainingTask
  private let machine: Machine
  private let commit: String
  private let clock: TrainingClock
  private let labels: [Split: [Int32]]
  private let lossWeights: [Float]
  private var metrics: ClassificationMetrics
  private let order: [Int32]

  /// A trainer for the runs of `plan`. Throws ``TrainingError/setting`` for a protocol outside its ranges.
  public init(
    plan: TrainingPlan, task: any TrainingTask, machine: Machine, commit: String, clock: TrainingClock = .system
  ) throws {
    try plan.trainingProtocol.validate()
    self.plan = plan
    self.task = task
    self.machine = machine
    self.commit = commit
    self.clock = clock
    planDigest = try plan.digest()
    labels = Dictionary(uniqueKeysWithValues: Self.splits.map { ($0, task.labels($0)) })
    let counts = task.card.classCounts[.train] ?? []
    lossWeights = ClassificationLoss.balancedWeights(counts: counts)
    metrics = ClassificationMetrics(classes: task.classCount, classWeights: lossWeights)
    order = (0..<Int32(labels.values.map(\.count).max() ?? 0)).map { $0 }
  }

  private static let latencyBatch = 64
  private static let splits: [Split] = [.train, .validation, .test]

  private var curveMetrics: [Metric] {
    [.loss, .accuracy, .rocAUC, .macroF1] + (task.classCount == 2 ? [.amex] : [])
  }

  /// Trains the run at `index`. `onEpoch` hears the epoch (from 1) and the validation score.
  ///
  /// Throws for architectures that do not fit the data set; a run that diverges or is cut off is an outcome, not an
  /// error.
  public func train(
    _ index: Int, teachers: [TeacherLogits] = [], surroundings: Surroundings = Surroundings(),
    onEpoch: (Int, Float) -> Void = { _, _ in }
  ) throws -> Outcome {
    let run = plan.runs[index]
    let settings = plan.trainingProtocol
    let counts = try task.counts(run.architecture)
    let started = clock.now()
    let startSeconds = clock.wallSeconds()
    let network = try task.network(
      run.architecture, capacity: max(settings.data.batchSize, Self.latencyBatch),
      instructionSet: machine.instructionSet)
    let generator = SeededGenerator(seed: run.seed)
    surroundings.memory.reset()
    warmUp(network)
    network.initialise(from: generator.stream("weights"))
    var state = RunState(
      network: network, optimizer: network.makeOptimizer(settings.optimizer), generator: generator,
      teachers: TeacherBatch(teachers, rows: settings.data.batchSize, classes: task.classCount),
      classes: task.classCount, largestSplit: order.count, trainRows: rowCount(.train))
    var curves: [Curve] = curveMetrics.flatMap { metric in
      Self.splits.map { Curve(metric: metric, split: $0, values: []) }
    }
    var costs: [String: [Double]] = [:]
    var epochs = 0
    var status = RunStatus.completed
    var detail: String?
    var best: (epoch: Int, value: Double)?
    for epoch in 1...settings.schedule.epochs {
      let wall = clock.wallSeconds()
      let cpu = clock.threadCPUSeconds()
      let deadline = surroundings.timeLimitSeconds.map { startSeconds + $0 }
      let end = trainEpoch(epoch, &state, deadline: deadline)
      let trainedWall = clock.wallSeconds()
      let trainedCPU = clock.threadCPUSeconds()
      guard end == .completed, let scores = evaluate(&state, epoch: epoch, best: &best) else {
        status = end == .completed ? .diverged : end
        detail = "stopped in epoch \(epoch) of \(settings.schedule.epochs)"
        break
      }
      for place in curves.indices {
        if let value = scores[curves[place].split]?[curves[place].metric] {
          curves[place].values.append(Double(Float(value)))
        }
      }
      for (name, cost) in [
        (Costs.trainSeconds, trainedWall - wall), (Costs.trainCPUSeconds, trainedCPU - cpu),
        (Costs.evaluationSeconds, clock.wallSeconds() - trainedWall),
        (Costs.evaluationCPUSeconds, clock.threadCPUSeconds() - trainedCPU),
        (Costs.concurrentTrainers, Double(surroundings.concurrentTrainers)),
      ] { costs[name, default: []].append(cost) }
      epochs = epoch
      if let value = scores[.validation]?[task.card.primaryMetric] { onEpoch(epoch, Float(value)) }
    }
    curves.removeAll { $0.values.isEmpty || $0.values.count < epochs }
    let score = best.map { best in
      Score(
        metric: task.card.primaryMetric, epoch: best.epoch, validation: best.value,
        test: curves.first { $0.metric == task.card.primaryMetric && $0.split == .test }?.values[best.epoch - 1])
    }
    let record = RunRecord(
      key: try plan.key(index), origin: run.origin, status: status, statusDetail: detail, curves: curves, score: score,
      counts: counts, teachers: teachers.map(\.run),
      costs: Costs(total: totals(network, surroundings.memory), perEpoch: costs),
      provenance: Provenance(
        version: nasAtlasVersion, commit: commit, planDigest: planDigest, startedAt: timestamp(started),
        finishedAt: timestamp(clock.now()), device: machine.device))
    return Outcome(record: record, trainLogits: best == nil ? [] : state.bestLogits)
  }

  /// One pass over the shuffled train split; the last incomplete batch is dropped.
  private func trainEpoch(_ epoch: Int, _ state: inout RunState, deadline: Double?) -> RunStatus {
    let settings = plan.trainingProtocol
    let rows = rowCount(.train)
    let batchRows = min(settings.data.batchSize, rows)
    let batches = rows / batchRows
    var shuffled = Array(order.prefix(rows))
    var shuffler = state.generator.stream("epoch.\(epoch)")
    shuffler.shuffle(&shuffled)
    let dropout = SeededGenerator.derive(plan.runs.isEmpty ? 0 : state.seed, "dropout.\(epoch)")
    let loss = ClassificationLoss(
      classWeights: lossWeights, distillationWeight: settings.distillation?.weight ?? 0)
    for step in 0..<batches {
      if let deadline, clock.wallSeconds() > deadline { return .timedOut }
      let first = step * batchRows
      state.network.load(.train, shuffled, first, batchRows)
      let value = state.network.gradients(
        loss: loss, teachers: state.teachers.gather(shuffled, first, batchRows), stepKey: dropout &+ UInt64(step))
      guard value.isFinite else { return .diverged }
      let position = Double(epoch - 1) + Double(step) / Double(batches)
      state.optimizer.step(
        learningRate: settings.schedule.learningRate.learningRate(
          base: settings.optimizer.learningRate, epoch: position))
    }
    return state.network.isFinite ? .completed : .diverged
  }

  /// Scores of all splits, or nil when a logit is not finite. Keeps the train logits of the best epoch.
  private func evaluate(
    _ state: inout RunState, epoch: Int, best: inout (epoch: Int, value: Double)?
  ) -> [Split: ClassificationScores]? {
    var scores: [Split: ClassificationScores] = [:]
    for split in [Split.validation, .test, .train] {
      predict(split, &state)
      let measured = state.logits.withUnsafeBufferPointer { logits in
        (labels[split] ?? []).withUnsafeBufferPointer { labels in
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
      best.map({ metric.isBetter(value, than: $0.value) }) ?? true
    {
      best = (epoch, value)
      state.keepLogits()
    }
    return scores
  }

  private func rowCount(_ split: Split) -> Int { labels[split]?.count ?? 0 }

  private func predict(_ split: Split, _ state: inout RunState) {
    let classes = task.classCount
    let rows = rowCount(split)
    let capacity = max(plan.trainingProtocol.data.batchSize, Self.latencyBatch)
    var first = 0
    while first < rows {
      let count = min(capacity, rows - first)
      state.network.load(split, order, first, count)
      state.network.forward()
      for row in 0..<count {
        for index in 0..<classes {
          state.logits[(first + row) * classes + index] = state.network.logit(row: row, class: index)
        }
      }
      first += count
    }
  }

  /// One step before the network is initialised and the clock starts, so that no epoch pays for memory that is touched first.
  private func warmUp(_ network: any TrainableNetwork) {
    let rows = min(plan.trainingProtocol.data.batchSize, rowCount(.train))
    guard rows > 0 else { return }
    network.load(.train, order, 0, rows)
    _ = network.gradients(
      loss: ClassificationLoss(classWeights: lossWeights, distillationWeight: 0), teachers: [], stepKey: 0)
  }

  /// Costs of the whole run by name: peak memory, and a forward pass of one sequence and of a batch.
  private func totals(_ network: any TrainableNetwork, _ memory: PeakMemory) -> [String: Double] {
    var costs: [String: Double] = [:]
    costs[Costs.peakMemoryBytes] = memory.bytes().map { Double($0) }
    for rows in [1, Self.latencyBatch] { costs[Costs.latencyMilliseconds(batch: rows)] = latency(network, rows: rows) }
    return costs
  }

  /// Median wall milliseconds of a forward pass of `rows` sequences.
  private func latency(_ network: any TrainableNetwork, rows: Int) -> Double? {
    guard rowCount(.validation) >= rows else { return nil }
    network.load(.validation, order, 0, rows)
    var times = (0..<11).map { _ in
      let start = clock.wallSeconds()
      network.forward()
      return clock.wallSeconds() - start
    }
    times.sort()
    return times[times.count / 2] * 1_000
  }
}

/// What changes while a run is trained.
private struct RunState {
  let network: any TrainableNetwork
  let optimizer: Optimizer
  let generator: SeededGenerator
  let teachers: TeacherBatch
  /// Logits of the split evaluated last, N×C.
  var logits: [Float]
  private(set) var bestLogits: [Float]
  private let trainValues: Int

  var seed: UInt64 { generator.seed }

  init(
    network: any TrainableNetwork, optimizer: Optimizer, generator: SeededGenerator, teachers: TeacherBatch,
    classes: Int,
    largestSplit: Int, trainRows: Int
  ) {
    self.network = network
    self.optimizer = optimizer
    self.generator = generator
    self.teachers = teachers
    logits = [Float](repeating: 0, count: largestSplit * classes)
    trainValues = trainRows * classes
    bestLogits = [Float](repeating: 0, count: trainValues)
  }

  mutating func keepLogits() {
    for index in 0..<trainValues { bestLogits[index] = logits[index] }
  }
}
