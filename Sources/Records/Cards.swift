/// What a reader must know of a data set before trusting a number measured on it.
public struct DatasetCard: Hashable, Sendable, Codable {
  /// Stable name, for example `nafld-age4`.
  public var name: String
  /// Digest of the prepared data: tensors, labels and splits.
  public var digest: Digest256
  public var title: String
  public var task: String
  public var source: String
  public var licence: String
  public var citation: String
  public var classNames: [String]
  /// Rows of each class, by split.
  public var classCounts: [Split: [Int]]
  /// How rows were split, for people.
  public var splitMeaning: String
  public var categoricalFeatures: [String]
  public var numericFeatures: [String]
  /// Events kept of each sequence, the last ones.
  public var sequenceLength: Int
  /// The metric that scores are taken from.
  public var primaryMetric: Metric
  /// Defects of the source that were found, and what the recipe does about them.
  public var knownDefects: [String]

  public init(
    name: String, digest: Digest256, title: String, task: String, source: String, licence: String, citation: String,
    classNames: [String], classCounts: [Split: [Int]], splitMeaning: String, categoricalFeatures: [String],
    numericFeatures: [String], sequenceLength: Int, primaryMetric: Metric, knownDefects: [String]
  ) {
    self.name = name
    self.digest = digest
    self.title = title
    self.task = task
    self.source = source
    self.licence = licence
    self.citation = citation
    self.classNames = classNames
    self.classCounts = classCounts
    self.splitMeaning = splitMeaning
    self.categoricalFeatures = categoricalFeatures
    self.numericFeatures = numericFeatures
    self.sequenceLength = sequenceLength
    self.primaryMetric = primaryMetric
    self.knownDefects = knownDefects
  }
}

/// How runs are trained: every setting that changes a number, and the digest of them.
public struct ProtocolCard: Hashable, Sendable, Codable {
  public var name: String
  /// Digest of the canonical JSON of `settings`.
  public var digest: Digest256
  public var settings: JSONValue

  public init(name: String, settings: JSONValue) throws {
    self.name = name
    self.settings = settings
    digest = try CanonicalJSON.digest(settings)
  }
}

/// One entry of a journal or of an NDJSON stream.
public enum JournalEntry: Hashable, Sendable, Codable {
  case dataset(DatasetCard)
  case trainingProtocol(ProtocolCard)
  case run(RunRecord)

  private enum CodingKeys: String, CodingKey {
    case dataset
    case trainingProtocol = "protocol"
    case run
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let card = try container.decodeIfPresent(DatasetCard.self, forKey: .dataset) {
      self = .dataset(card)
    } else if let card = try container.decodeIfPresent(ProtocolCard.self, forKey: .trainingProtocol) {
      self = .trainingProtocol(card)
    } else {
      self = .run(try container.decode(RunRecord.self, forKey: .run))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .dataset(let card): try container.encode(card, forKey: .dataset)
    case .trainingProtocol(let card): try container.encode(card, forKey: .trainingProtocol)
    case .run(let record): try container.encode(record, forKey: .run)
    }
  }
}
