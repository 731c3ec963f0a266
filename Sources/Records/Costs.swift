/// Sizes of the network that was trained.
public struct Counts: Hashable, Sendable, Codable {
  /// Trainable scalars of the pruned network.
  public var parameters: Int?
  /// The count that the SeqNAS authors publish: all alternatives of the supernet at the sampled depth.
  public var supernetParameters: Int?
  /// 2 × multiply-adds of a forward pass, batch 1.
  public var forwardFLOPs: Int?

  public init(parameters: Int?, supernetParameters: Int? = nil, forwardFLOPs: Int? = nil) {
    self.parameters = parameters
    self.supernetParameters = supernetParameters
    self.forwardFLOPs = forwardFLOPs
  }
}

/// What one epoch cost.
public struct EpochCost: Hashable, Sendable, Codable {
  public var trainWallSeconds: Double
  /// Time of the training thread on a processor.
  public var trainCPUSeconds: Double?
  public var evaluationWallSeconds: Double?
  public var evaluationCPUSeconds: Double?
  /// Trainers that ran at the same time, this one included.
  public var concurrentTrainers: Int?

  public init(
    trainWallSeconds: Double, trainCPUSeconds: Double? = nil, evaluationWallSeconds: Double? = nil,
    evaluationCPUSeconds: Double? = nil, concurrentTrainers: Int? = nil
  ) {
    self.trainWallSeconds = trainWallSeconds
    self.trainCPUSeconds = trainCPUSeconds
    self.evaluationWallSeconds = evaluationWallSeconds
    self.evaluationCPUSeconds = evaluationCPUSeconds
    self.concurrentTrainers = concurrentTrainers
  }
}

/// Costs of a run: never part of the numerics digest, since no two runs take the same time.
public struct Costs: Hashable, Sendable, Codable {
  /// One per completed epoch, or none where only totals are known.
  public var epochs: [EpochCost]
  /// Wall time of training of the whole run, where epochs are not told apart.
  public var totalTrainSeconds: Double?
  /// Wall time of evaluation of the whole run, where epochs are not told apart.
  public var totalEvaluationSeconds: Double?
  /// Median wall time of a forward pass of one sequence.
  public var latencyBatch1Milliseconds: Double?
  /// Median wall time of a forward pass of 64 sequences.
  public var latencyBatch64Milliseconds: Double?

  public init(
    epochs: [EpochCost], totalTrainSeconds: Double? = nil, totalEvaluationSeconds: Double? = nil,
    latencyBatch1Milliseconds: Double? = nil, latencyBatch64Milliseconds: Double? = nil
  ) {
    self.epochs = epochs
    self.totalTrainSeconds = totalTrainSeconds
    self.totalEvaluationSeconds = totalEvaluationSeconds
    self.latencyBatch1Milliseconds = latencyBatch1Milliseconds
    self.latencyBatch64Milliseconds = latencyBatch64Milliseconds
  }

  /// Wall time of training of all epochs.
  public var trainSeconds: Double? {
    epochs.isEmpty ? totalTrainSeconds : epochs.reduce(0) { $0 + $1.trainWallSeconds }
  }

  /// Wall time of evaluation of all epochs.
  public var evaluationSeconds: Double? {
    let known = epochs.compactMap(\.evaluationWallSeconds)
    return known.isEmpty || known.count < epochs.count ? totalEvaluationSeconds : known.reduce(0, +)
  }
}

/// Where a trained record comes from.
public struct Provenance: Hashable, Sendable, Codable {
  public var version: String
  public var commit: String
  public var cpuModel: String
  /// For example `OpenBLAS 0.3.21`.
  public var blasVersion: String
  /// Kernel family in use, for example `Haswell`.
  public var blasCore: String
  public var planDigest: Digest256
  /// UTC, ISO 8601.
  public var startedAt: String
  /// UTC, ISO 8601.
  public var finishedAt: String

  public init(
    version: String, commit: String, cpuModel: String, blasVersion: String, blasCore: String, planDigest: Digest256,
    startedAt: String, finishedAt: String
  ) {
    self.version = version
    self.commit = commit
    self.cpuModel = cpuModel
    self.blasVersion = blasVersion
    self.blasCore = blasCore
    self.planDigest = planDigest
    self.startedAt = startedAt
    self.finishedAt = finishedAt
  }
}
