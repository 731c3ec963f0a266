/// What a reader must know of a data set before trusting a number measured on it. What a source does not tell is absent
/// or empty.
public struct DatasetCard: Hashable, Sendable, Codable {
  /// Stable name, for example `nafld-age4`.
  public var name: String
  /// Digest of the prepared data: tensors, labels and splits.
  public var digest: Digest256?
  public var title: String
  public var task: String
  public var source: String
  /// Absent where none is stated.
  public var licence: String?
  public var citation: String
  public var classNames: [String]
  /// Rows of each class, by split.
  public var classCounts: [Split: [Int]]
  /// How rows were split, for people.
  public var splitMeaning: String
  public var categoricalFeatures: [String]
  public var numericFeatures: [String]
  /// Events kept of each sequence, the last ones.
  public var sequenceLength: Int?
  /// The metric that scores are taken from.
  public var primaryMetric: Metric
  /// Defects of the source that were found, and what the recipe does about them.
  public var knownDefects: [String]

  public init(
    name: String, digest: Digest256?, title: String, task: String, source: String, licence: String?, citation: String,
    classNames: [String] = [], classCounts: [Split: [Int]] = [:], splitMeaning: String,
    categoricalFeatures: [String] = [], numericFeatures: [String] = [], sequenceLength: Int? = nil,
    primaryMetric: Metric, knownDefects: [String]
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

  private enum CodingKeys: String, CodingKey {
    case name, digest, title, task, source, licence, citation, classNames, classCounts, splitMeaning
    case categoricalFeatures, numericFeatures, sequenceLength, primaryMetric, knownDefects
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func list(_ key: CodingKeys) throws -> [String] { try container.decodeIfPresent([String].self, forKey: key) ?? [] }
    name = try container.decode(String.self, forKey: .name)
    digest = try container.decodeIfPresent(Digest256.self, forKey: .digest)
    title = try container.decode(String.self, forKey: .title)
    task = try container.decode(String.self, forKey: .task)
    source = try container.decodeIfPresent(String.self, forKey: .source) ?? ""
    licence = try container.decodeIfPresent(String.self, forKey: .licence)
    citation = try container.decodeIfPresent(String.self, forKey: .citation) ?? ""
    classNames = try list(.classNames)
    classCounts = try container.decodeIfPresent([Split: [Int]].self, forKey: .classCounts) ?? [:]
    // Readers add these numbers up.
    guard classCounts.values.joined().allSatisfy({ (0...Int(Int32.max)).contains($0) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .classCounts, in: container, debugDescription: "a number of rows is not in 0...\(Int32.max)")
    }
    splitMeaning = try container.decode(String.self, forKey: .splitMeaning)
    categoricalFeatures = try list(.categoricalFeatures)
    numericFeatures = try list(.numericFeatures)
    sequenceLength = try container.decodeIfPresent(Int.self, forKey: .sequenceLength)
    primaryMetric = try container.decode(Metric.self, forKey: .primaryMetric)
    knownDefects = try list(.knownDefects)
  }
}
