public import Records

/// What an ingest met and did.
public struct IngestReport: Hashable, Sendable, Codable {
  /// Which of two contradicting rows stays. Nothing is written while one is undecided.
  public enum Kept: String, Hashable, Sendable, Codable {
    case first, second, neither, undecided
  }

  /// Two runs of one key whose numerics differ.
  public struct Conflict: Hashable, Sendable, Codable {
    public let key: RunKey
    /// Numerics digest of the run that came first.
    public let first: Digest256
    /// Numerics digest of the run that contradicts it.
    public let second: Digest256
    /// Sources of the two runs, where they name one.
    public let firstSource: String?
    public let secondSource: String?
    public let kept: Kept
    /// Where the second run is.
    public let file: String
    /// Byte of a journal, line of an NDJSON file, run of an atlas through all settings.
    public let place: Int
  }

  /// Two cards of one thing that differ.
  public struct CardConflict: Hashable, Sendable, Codable {
    /// `source`, `space`, `metric`, `dataset` or `protocol`.
    public let kind: String
    public let name: String
    /// Digest of the card that came first.
    public let first: Digest256
    public let second: Digest256
    public let kept: Kept
    public let file: String
    public let place: Int
  }

  /// Two values of one quantity of one architecture.
  public struct MeasurementConflict: Hashable, Sendable, Codable {
    public let architecture: String
    public let quantity: Quantity
    /// The value that came first.
    public let first: Double
    public let second: Double
    public let kept: Kept
    public let file: String
    public let place: Int
  }

  /// A card that another one replaced.
  public struct ReplacedCard: Hashable, Sendable, Codable {
    public let kind: String
    public let name: String
    /// Digest of the replaced card.
    public let old: Digest256
    public let new: Digest256
    public let file: String
  }

  public struct File: Hashable, Sendable, Codable {
    public let path: String
    public internal(set) var runs = 0
    public internal(set) var measurements = 0
    public internal(set) var cards = 0
    /// Runs and measurements that are new in the working file.
    public internal(set) var recorded = 0
    /// Runs and measurements of files read before that a conflict took out again.
    public internal(set) var withdrawn = 0
    public internal(set) var duplicates = 0
    public internal(set) var conflicts = 0
    /// Records of runs that failed or timed out beside another record of the same run, which stays in their place.
    public internal(set) var superseded = 0
    /// Bytes of an interrupted write at the end; nothing in them was acknowledged.
    public internal(set) var tornBytes = 0

    init(path: String) { self.path = path }
  }

  /// In the order in which they were read.
  public internal(set) var files: [File] = []
  /// The first of the runs, cards and measurements that contradict others; ``conflictCount`` counts all.
  public internal(set) var conflicts: [Conflict] = []
  public internal(set) var cardConflicts: [CardConflict] = []
  public internal(set) var measurementConflicts: [MeasurementConflict] = []
  /// Contradicting runs, cards and measurements.
  public internal(set) var conflictCount = 0
  /// Those that the policy does not decide.
  public internal(set) var undecidedCount = 0
  public internal(set) var replacedCards: [ReplacedCard] = []
  /// Conflicts of one kind that a report lists.
  public static let listedConflicts = 1_000

  /// Runs and measurements that are new in the working file.
  public var recorded: Int { files.map { $0.recorded - $0.withdrawn }.reduce(0, +) }
  /// Runs and measurements that were there already with equal numbers.
  public var duplicates: Int { files.map(\.duplicates).reduce(0, +) }
  /// Records of failed or timed-out runs that gave way to another record of their run.
  public var superseded: Int { files.map(\.superseded).reduce(0, +) }
  public var tornFiles: [File] { files.filter { $0.tornBytes > 0 } }
  public var hasConflicts: Bool { conflictCount > 0 }

  /// The undecided conflicts in words, a line each.
  func conflictLines(atMost limit: Int) -> [String] {
    func source(_ name: String?) -> String { name.map { " of \($0)" } ?? "" }
    let runs = conflicts.filter { $0.kept == .undecided }.prefix(limit).map {
      "run at \($0.place) of \($0.file): \($0.key.architecture) on \($0.key.dataset), seed \($0.key.seed): "
        + "numerics \($0.first)\(source($0.firstSource)) and \($0.second)\(source($0.secondSource))"
    }
    let measurements = measurementConflicts.filter { $0.kept == .undecided }.prefix(limit).map {
      "measurement at \($0.place) of \($0.file): \($0.quantity.name) of \($0.architecture): \($0.first) and "
        + "\($0.second)"
    }
    let cards = cardConflicts.filter { $0.kept == .undecided }.prefix(limit).map {
      "card at \($0.place) of \($0.file): \($0.kind) \($0.name): \($0.first) and \($0.second)"
    }
    let lines = Array((cards + runs + measurements).prefix(limit))
    return undecidedCount > lines.count ? lines + ["and \(undecidedCount - lines.count) more"] : lines
  }

  /// Adds a conflict to `list`, if that is not full, and counts it.
  mutating func add<Conflict>(_ conflict: Conflict, to list: WritableKeyPath<IngestReport, [Conflict]>, _ kept: Kept) {
    conflictCount += 1
    if kept == .undecided { undecidedCount += 1 }
    if self[keyPath: list].count < Self.listedConflicts { self[keyPath: list].append(conflict) }
  }
}
