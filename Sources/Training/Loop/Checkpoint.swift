public import Foundation
public import Records

/// A run after a whole epoch: all that it takes to go on as if it had never stopped, and to predict with its weights.
///
/// The numbers that a run draws follow from its seed and the number of the epoch, so the state of its generator is the key
/// and ``epoch``.
public struct Checkpoint: Hashable, Sendable {
  /// What was measured so far.
  public struct Progress: Hashable, Sendable, Codable {
    /// Whole epochs trained, from 1.
    public var epoch: Int
    public var curves: [Curve]
    /// Costs of each epoch, by name.
    public var costsPerEpoch: [String: [Double]]
    /// The epoch of the best validation value, and this value.
    public var best: Best?
    public var peakMemoryBytes: Int?
    /// UTC, ISO 8601: the beginning of the first epoch.
    public var startedAt: String
    /// How the run ended in the epoch after ``epoch``; nil where it may go on, and where it completed.
    public var end: End?

    public struct Best: Hashable, Sendable, Codable {
      public var epoch: Int
      public var validation: Double
    }

    /// A run that diverged or was cut off.
    public struct End: Hashable, Sendable, Codable {
      public var status: RunStatus
      public var detail: String
      /// What its last epoch, which is not whole, trained.
      public var trainSeconds: Double
    }
  }

  public let key: RunKey
  /// Numerics digests of the teachers, in their order.
  public let teachers: [Digest256]
  /// Of the program: another build may compute other bits.
  public let version: String
  public let commit: String
  public internal(set) var progress: Progress
  /// State of the network after ``epoch``.
  public let network: ArrayArchive
  public let optimizer: ArrayArchive
  /// State of the network after the best epoch; nil before there is one.
  public let bestNetwork: ArrayArchive?
  /// Logits of the train split at the best epoch, N×C.
  public let bestTrainLogits: [Float]

  public var epoch: Int { progress.epoch }
  /// The weights to predict with: those of the best epoch, else the last.
  public var weights: ArrayArchive { bestNetwork ?? network }

  /// True where a run of `key` with these teachers, trained by this program, may go on from here.
  func continues(_ key: RunKey, teachers: [Digest256], commit: String) -> Bool {
    self.key == key && self.teachers == teachers && version == nasAtlasVersion && self.commit == commit
  }
}

extension ArrayFile {
  /// Files of checkpoints.
  public static let checkpoint = ArrayFile(magic: "NASCHKPT", version: 1)
  /// Files of the logits that teachers leave.
  static let logits = ArrayFile(magic: "NASLOGIT", version: 1)
}

/// A checkpoint in a file.
extension Checkpoint {
  private struct Settings: Codable {
    var key: RunKey
    var teachers: [Digest256]
    var version: String
    var commit: String
    var progress: Progress
  }

  public func encoded() throws -> Data {
    var archive = ArrayArchive(kind: "checkpoint")
    try archive.setSettings(
      Settings(key: key, teachers: teachers, version: version, commit: commit, progress: progress))
    archive.set("network", network)
    archive.set("optimizer", optimizer)
    if let bestNetwork { archive.set("best_network", bestNetwork) }
    archive.set("best_train_logits", bestTrainLogits)
    return try ArrayFile.checkpoint.encode(archive)
  }

  /// Throws `DamagedArchive` for bytes that ``encoded()`` did not make.
  public init(decoding file: Data) throws {
    let archive = try ArrayFile.checkpoint.decode(file)
    let settings = try archive.settings(Settings.self)
    self.init(
      key: settings.key, teachers: settings.teachers, version: settings.version, commit: settings.commit,
      progress: settings.progress, network: try archive.part("network"), optimizer: try archive.part("optimizer"),
      bestNetwork: archive.parts["best_network"], bestTrainLogits: try archive.floats("best_train_logits"))
  }
}

/// The folder of checkpoints: one file a run, named by the id of its architecture and its seed.
public struct CheckpointStore: Sendable {
  public let folder: URL

  public init(folder: URL) { self.folder = folder }

  public func file(_ key: RunKey) -> URL {
    folder.appendingPathComponent("\(key.architectureID.hex)-\(key.seed).checkpoint")
  }

  public func contains(_ key: RunKey) -> Bool { FileManager.default.fileExists(atPath: file(key).path) }

  /// Replaces the checkpoint of the run in one step, so that a reader sees the old one or the new one.
  public func write(_ checkpoint: Checkpoint) throws {
    try makeFolder(folder)
    try SystemFile.replace(file(checkpoint.key).path, with: checkpoint.encoded())
  }

  /// Reads the checkpoint of a run; nil if the folder has no such file. A damaged file throws
  /// ``TrainingError/checkpoint(path:reason:)``.
  public func read(_ key: RunKey) throws -> Checkpoint? {
    let path = file(key).path
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    do {
      return try Checkpoint(decoding: bytes)
    } catch let error as DamagedArchive {
      throw TrainingError.checkpoint(path: path, reason: error.reason)
    }
  }
}
