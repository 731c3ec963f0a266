/// Where a trained record comes from.
public struct Provenance: Hashable, Sendable, Codable {
  public var version: String
  public var commit: String
  public var planDigest: Digest256
  /// UTC, ISO 8601.
  public var startedAt: String
  /// UTC, ISO 8601.
  public var finishedAt: String
  public var device: Device?

  public init(
    version: String, commit: String, planDigest: Digest256, startedAt: String, finishedAt: String, device: Device? = nil
  ) {
    self.version = version
    self.commit = commit
    self.planDigest = planDigest
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.device = device
  }
}

/// The machine that trained or measured. What is not known is absent.
public struct Device: Hashable, Sendable, Codable {
  /// What a source calls it, for example `raspi4`.
  public var name: String?
  /// Model of the processor.
  public var cpu: String?
  /// The widest vector instructions in use, for example `AVX2`.
  public var instructionSet: String?
  /// Logical processors.
  public var cores: Int?
  public var memoryBytes: Int?
  public var operatingSystem: String?
  /// Library and kernel family, for example `OpenBLAS 0.3.21 Haswell`.
  public var blas: String?
  /// Model of the graphics processor.
  public var gpu: String?
  /// Version of its driver.
  public var driver: String?

  public init(
    name: String? = nil, cpu: String? = nil, instructionSet: String? = nil, cores: Int? = nil, memoryBytes: Int? = nil,
    operatingSystem: String? = nil, blas: String? = nil, gpu: String? = nil, driver: String? = nil
  ) {
    self.name = name
    self.cpu = cpu
    self.instructionSet = instructionSet
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.operatingSystem = operatingSystem
    self.blas = blas
    self.gpu = gpu
    self.driver = driver
  }
}
