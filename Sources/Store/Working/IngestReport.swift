public import Records

/// What an ingest met and did.
public struct IngestReport: Hashable, Sendable, Codable {
  /// Two runs of one key whose numerics differ.
  public struct Conflict: Hashable, Sendable, Codable {
    public let key: RunKey
    /// Numerics digest of the run that stays: the one that started first.
    public let kept: Digest256
    /// Numerics digest of the run that was refused.
    public let refused: Digest256
    public let file: String
    /// Byte of a journal, line of an NDJSON file, run of an atlas through all settings.
    public let place: Int
  }

  /// Two cards of one thing that differ.
  public struct CardConflict: Hashable, Sendable, Codable {
    public let name: String
    /// Digest of the card that stays: the smaller one.
    public let kept: Digest256
    public let refused: Digest256
    public let file: String
    public let place: Int
  }

  /// Two values of one quantity of one architecture.
  public struct MeasurementConflict: Hashable, Sendable, Codable {
    public let architecture: String
    public let quantity: Quantity
    /// The value that stays: the smaller one.
    public let kept: Double
    public let refused: Double
    public let file: String
    public let place: Int
  }

  public struct File: Hashable, Sendable, Codable {
    public let path: String
    public internal(set) var runs = 0
    public internal(set) var measurements = 0
    public internal(set) var cards = 0
    /// Runs and measurements that are new in the working file.
    public internal(set) var recorded = 0
    public internal(set) var duplicates = 0
    public internal(set) var conflicts = 0
    /// Bytes of an interrupted write at the end; nothing in them was acknowledged.
    public internal(set) var tornBytes = 0

    init(path: String) { self.path = path }
  }

  /// In the order in which they were read.
  public internal(set) var files: [File] = []
  public internal(set) var conflicts: [Conflict] = []
  public internal(set) var cardConflicts: [CardConflict] = []
  public internal(set) var measurementConflicts: [MeasurementConflict] = []

  /// Runs and measurements that are new in the working file.
  public var recorded: Int { files.map(\.recorded).reduce(0, +) }
  /// Runs and measurements that were there already with equal numbers.
  public var duplicates: Int { files.map(\.duplicates).reduce(0, +) }
  public var tornFiles: [File] { files.filter { $0.tornBytes > 0 } }
  public var hasConflicts: Bool { !conflicts.isEmpty || !cardConflicts.isEmpty || !measurementConflicts.isEmpty }
}
