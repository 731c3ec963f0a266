import Foundation
import Nets
public import Records

/// Trains the runs of a plan and measures everything that a run record holds.
///
/// What it computes follows from plan, seed and teachers alone; only costs and provenance differ from run to run.
public final class RunTrainer {
  /// What of the surroundings a run needs to know.
  public struct Surroundings: Sendable {
    /// Trainers at work, this one included.
    public var concurrentTrainers: Int
    /// Seconds of training and evaluation after which a run is cut off between two steps; nil for never.
    public var timeLimitSeconds: Double?
    /// Whether checkpoints have the weights of the best epoch, too.
    public var keepsWeights: Bool
    /// Of this process.
    public var memory: PeakMemory

    public init(
      concurrentTrainers: Int = 1, timeLimitSeconds: Double? = nil, keepsWeights: Bool = false,
      memory: PeakMemory = .system
    ) {
      self.concurrentTrainers = concurrentTrainers
      self.timeLimitSeconds = timeLimitSeconds
      self.keepsWeights = keepsWeights
      self.memory = memory
    }
  }

  /// A finished run: its record, and the logits of the train split at its best epoch (N×C; empty without an epoch).
  public struct Outcome: Sendable {
    public let record: RunRecord
    public let trainLogits: [Float]
  }

  let plan: TrainingPlan
  let planDigest: Digest256
  let task: any TrainingTask
  let machine: Machine
  let commit: String
  let clock: TrainingClock
  private let labels: [Split: [Int32]]
  let lossWeights: [Float]
  let metrics: ClassificationMetrics
  let order: [Int32]

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
  static let splits: [Split] = [.train, .validation, .test]

  var curveMetrics: [Metric] { Self.curveMetrics(classCount: task.classCount) }

  /// What is measured after each epoch of a network with so many classes.
  static func curveMetrics(classCount: Int) -> [Metric] {
    [.loss, .accuracy, .rocAUC, .macroF1] + (classCount == 2 ? [.amex] : [])
  }

  /// Rows of the largest batch.
  var capacity: Int { max(plan.trainingProtocol.data.batchSize, Self.latencyBatch) }
  var largestSplit: Int { order.count }
  func labels(_ split: Split) -> [Int32] { labels[split] ?? [] }
  func rowCount(_ split: Split) -> Int { labels[split]?.count ?? 0 }

  /// The run at `index`, to be trained epoch by epoch; after the epoch of `checkpoint` where there is one.
  ///
  /// Throws for architectures that do not fit the data set, and `DamagedArchive` for a checkpoint of another network.
  public func begin(
    _ index: Int, teachers: [TeacherLogits] = [], surroundings: Surroundings = Surroundings(),
    from checkpoint: Checkpoint? = nil
  ) throws -> TrainingRun {
    try TrainingRun(self, index, teachers: teachers, surroundings: surroundings, from: checkpoint)
  }

  /// Trains the run at `index` to its end. `onEpoch` hears the run after each whole epoch.
  ///
  /// Throws as ``begin(_:teachers:surroundings:from:)``, and what `onEpoch` throws; a run that diverges or is cut off is an
  /// outcome, not an error.
  public func train(
    _ index: Int, teachers: [TeacherLogits] = [], surroundings: Surroundings = Surroundings(),
    from checkpoint: Checkpoint? = nil, onEpoch: (TrainingRun) throws -> Void = { _ in }
  ) throws -> Outcome {
    let run = try begin(index, teachers: teachers, surroundings: surroundings, from: checkpoint)
    while !run.isFinished, try run.trainEpoch() { try onEpoch(run) }
    return try run.outcome()
  }

  /// The logits, N×C, that the weights of a checkpoint give a split, without dropout: those of the best epoch, else the
  /// last.
  ///
  /// Throws what the task says against the architecture, and `DamagedArchive` for weights of another network.
  public func predict(_ split: Split, with checkpoint: Checkpoint) throws -> [Float] {
    let network = try task.network(
      checkpoint.key.architecture, capacity: capacity, instructionSet: machine.instructionSet)
    try network.restore(checkpoint.weights)
    var logits = [Float](repeating: 0, count: rowCount(split) * task.classCount)
    predict(split, network, into: &logits)
    return logits
  }

  /// Writes the logits of a split, N×C, to the beginning of `logits`.
  func predict(_ split: Split, _ network: any TrainableNetwork, into logits: inout [Float]) {
    let classes = task.classCount
    let rows = rowCount(split)
    var first = 0
    while first < rows {
      let count = min(capacity, rows - first)
      network.load(split, order, first, count)
      network.forward()
      for row in 0..<count {
        for index in 0..<classes {
          logits[(first + row) * classes + index] = network.logit(row: row, class: index)
        }
      }
      first += count
    }
  }

  /// One step before the network is initialised and the clock starts, so that no epoch pays for memory that is touched
  /// first.
  func warmUp(_ network: any TrainableNetwork) {
    let rows = min(plan.trainingProtocol.data.batchSize, rowCount(.train))
    guard rows > 0 else { return }
    network.load(.train, order, 0, rows)
    _ = network.gradients(
      loss: ClassificationLoss(classWeights: lossWeights, distillationWeight: 0), teachers: [], stepKey: 0)
  }

  /// Milliseconds of a forward pass of one row and of a batch, by the names that costs have.
  func latencies(_ network: any TrainableNetwork) -> [String: Double] {
    var costs: [String: Double] = [:]
    for rows in [1, Self.latencyBatch] { costs[Costs.latencyMilliseconds(batch: rows)] = latency(network, rows: rows) }
    return costs
  }

  /// Median wall milliseconds of a forward pass of `rows` rows.
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
