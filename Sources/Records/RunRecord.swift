/// What makes two runs the same run: one training of one architecture on one data set under one protocol with one seed.
public struct RunKey: Hashable, Sendable, Codable {
  /// Name of the space, for example `seqnas`.
  public var space: String
  /// Canonical text of the architecture in that space.
  public var architecture: String
  public var dataset: String
  public var datasetDigest: Digest256
  public var protocolDigest: Digest256
  public var seed: UInt64

  public init(
    space: String, architecture: String, dataset: String, datasetDigest: Digest256, protocolDigest: Digest256,
    seed: UInt64
  ) {
    self.space = space
    self.architecture = architecture
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.protocolDigest = protocolDigest
    self.seed = seed
  }

  public var architectureID: ArchitectureID { ArchitectureID(space: space, canonicalText: architecture) }

  /// SHA-256 of the key's canonical JSON: the identity of a run in the store.
  public func digest() throws -> Digest256 { try CanonicalJSON.digest(self) }
}

/// How a run ended. Whatever the end, the curves up to there are kept.
public enum RunStatus: String, Codable, Sendable, CaseIterable, Hashable {
  case completed
  /// The loss or a weight became NaN or infinite.
  case diverged
  /// The trainer met an error; `statusDetail` has it.
  case failed
  case timedOut = "timed_out"
}

/// How the architecture of a run was chosen.
public struct Origin: Hashable, Sendable, Codable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case random, search, baseline
  }
  public var kind: Kind
  /// Name of the search algorithm, for `search`.
  public var searcher: String?
  /// Step of the search, counted from 0, for `search`.
  public var step: Int?

  public init(kind: Kind, searcher: String? = nil, step: Int? = nil) {
    self.kind = kind
    self.searcher = searcher
    self.step = step
  }

  public static let random = Origin(kind: .random)
  public static let baseline = Origin(kind: .baseline)
}

/// The score of a run: the data set's metric at the best validation epoch, and the test value at that same epoch.
public struct Score: Hashable, Sendable, Codable {
  public var metric: Metric
  /// Counted from 1.
  public var epoch: Int
  public var validation: Float
  public var test: Float?

  public init(metric: Metric, epoch: Int, validation: Float, test: Float?) {
    self.metric = metric
    self.epoch = epoch
    self.validation = validation
    self.test = test
  }
}

/// Sizes of the network that was trained.
public struct Counts: Hashable, Sendable, Codable {
  /// Trainable scalars of the pruned network.
  public var parameters: Int
  /// The count that the SeqNAS authors publish: all alternatives of the supernet at the sampled depth.
  public var supernetParameters: Int?
  /// 2 × multiply-adds of a forward pass, batch 1, full sequence length.
  public var forwardFLOPs: Int

  public init(parameters: Int, supernetParameters: Int?, forwardFLOPs: Int) {
    self.parameters = parameters
    self.supernetParameters = supernetParameters
    self.forwardFLOPs = forwardFLOPs
  }
}

/// What one epoch cost.
public struct EpochCost: Hashable, Sendable, Codable {
  public var trainWallSeconds: Double
  /// Time of the training thread on a processor.
  public var trainCPUSeconds: Double
  public var evaluationWallSeconds: Double
  public var evaluationCPUSeconds: Double
  /// Trainers that ran at the same time, this one included.
  public var concurrentTrainers: Int

  public init(
    trainWallSeconds: Double, trainCPUSeconds: Double, evaluationWallSeconds: Double, evaluationCPUSeconds: Double,
    concurrentTrainers: Int
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
  /// One per completed epoch.
  public var epochs: [EpochCost]
  /// Median wall time of a forward pass of one sequence.
  public var latencyBatch1Milliseconds: Double?
  /// Median wall time of a forward pass of 64 sequences.
  public var latencyBatch64Milliseconds: Double?

  public init(epochs: [EpochCost], latencyBatch1Milliseconds: Double?, latencyBatch64Milliseconds: Double?) {
    self.epochs = epochs
    self.latencyBatch1Milliseconds = latencyBatch1Milliseconds
    self.latencyBatch64Milliseconds = latencyBatch64Milliseconds
  }
}

/// Where a record comes from.
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

/// Everything measured of a run. A run that we trained and a row imported from a published table are the same record;
/// what a source does not know stays absent.
public struct RunRecord: Hashable, Sendable, Codable {
  public var key: RunKey
  public var origin: Origin?
  public var status: RunStatus
  /// Why a run failed, diverged or timed out, for people.
  public var statusDetail: String?
  public var curves: [Curve]
  /// Absent when no epoch was completed.
  public var score: Score?
  public var counts: Counts?
  /// Numerics digests of the runs whose logits were distilled, best first; empty when none.
  public var teachers: [Digest256]
  public var costs: Costs?
  public var provenance: Provenance?

  public init(
    key: RunKey, origin: Origin?, status: RunStatus, statusDetail: String? = nil, curves: [Curve], score: Score?,
    counts: Counts?, teachers: [Digest256] = [], costs: Costs?, provenance: Provenance?
  ) {
    self.key = key
    self.origin = origin
    self.status = status
    self.statusDetail = statusDetail
    self.curves = curves
    self.score = score
    self.counts = counts
    self.teachers = teachers
    self.costs = costs
    self.provenance = provenance
  }

  /// Completed epochs: the length of the longest curve.
  public var epochs: Int { curves.map(\.values.count).max() ?? 0 }

  public func curve(_ metric: Metric, _ split: Split) -> Curve? {
    curves.first { $0.metric == metric && $0.split == split }
  }

  /// Digest of what a re-training must reproduce bit for bit: key, status, curves, score and counts.
  public func numericsDigest() throws -> Digest256 {
    struct Numerics: Encodable {
      let key: RunKey
      let status: RunStatus
      let curves: [Curve]
      let score: Score?
      let counts: Counts?
    }
    return try CanonicalJSON.digest(
      Numerics(key: key, status: status, curves: curves, score: score, counts: counts))
  }

  /// Digest of the whole record, timings and provenance included.
  public func recordDigest() throws -> Digest256 { try CanonicalJSON.digest(self) }
}
