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
    public let journal: String
    public let offset: Int
  }

  /// Two cards of one data set or protocol that differ.
  public struct CardConflict: Hashable, Sendable, Codable {
    public let name: String
    /// Digest of the card that stays: the smaller one.
    public let kept: Digest256
    public let refused: Digest256
    public let journal: String
    public let offset: Int
  }

  public struct Journal: Hashable, Sendable, Codable {
    public let path: String
    public internal(set) var runs = 0
    public internal(set) var cards = 0
    public internal(set) var recorded = 0
    public internal(set) var duplicates = 0
    public internal(set) var conflicts = 0
    /// Bytes of an interrupted write at the end; nothing in them was acknowledged.
    public internal(set) var tornBytes = 0

    init(path: String) { self.path = path }
  }

  /// In the order in which they were read.
  public internal(set) var journals: [Journal] = []
  public internal(set) var conflicts: [Conflict] = []
  public internal(set) var cardConflicts: [CardConflict] = []

  /// Runs that are new in the working file.
  public var recorded: Int { journals.map(\.recorded).reduce(0, +) }
  /// Runs that were there already with equal numerics.
  public var duplicates: Int { journals.map(\.duplicates).reduce(0, +) }
  public var tornJournals: [Journal] { journals.filter { $0.tornBytes > 0 } }
}
