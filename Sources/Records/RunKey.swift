/// What makes two runs the same run: one training of one architecture on one data set under one protocol with one seed.
public struct RunKey: Hashable, Sendable, Codable {
  /// Name of the space, for example `seqnas`.
  public var space: String
  /// Canonical text of the architecture in that space.
  public var architecture: String
  public var dataset: String
  /// Digest of the prepared data; absent where a source does not tell.
  public var datasetDigest: Digest256?
  public var protocolDigest: Digest256
  public var seed: Seed

  public init(
    space: String, architecture: String, dataset: String, datasetDigest: Digest256?, protocolDigest: Digest256,
    seed: Seed
  ) {
    self.space = space
    self.architecture = architecture
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.protocolDigest = protocolDigest
    self.seed = seed
  }

  public var architectureID: ArchitectureID { ArchitectureID(space: space, canonicalText: architecture) }
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
    /// Every architecture of the space was trained.
    case exhaustive
  }
  public var kind: Kind
  /// The arm of the plan, for example the name of a search algorithm.
  public var arm: String?
  /// Round of a search or number of a trial, counted from 0.
  public var step: Int?

  public init(kind: Kind, arm: String? = nil, step: Int? = nil) {
    self.kind = kind
    self.arm = arm
    self.step = step
  }

  public static let random = Origin(kind: .random)
  public static let baseline = Origin(kind: .baseline)
}
