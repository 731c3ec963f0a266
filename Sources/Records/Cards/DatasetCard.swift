/// What a reader must know of a data set before trusting a number measured on it. What a source does not tell is absent
/// or empty.
public struct DatasetCard: Hashable, Sendable, Codable {
  /// Stable name, for example `nafld-age4`.
  public var name: String
  /// Digest of the prepared data: inputs, targets and splits.
  public var digest: Digest256?
  public var title: String
  /// What a model does, in one word: `classification`, `regression`, `sequence_labeling`, `forecasting`, …
  public var task: String
  /// The question that the data answers, for people.
  public var about: String?
  public var source: String
  /// Absent where none is stated.
  public var license: String?
  public var citation: String
  public var input: DatasetInput?
  /// What a model predicts; more than one where it predicts several things.
  public var targets: [DatasetTarget]
  /// How rows were split, for people.
  public var splitMeaning: String
  /// The metric that scores are taken from.
  public var primaryMetric: Metric
  /// Defects of the source that were found, and what the recipe does about them.
  public var knownDefects: [String]

  public init(
    name: String, digest: Digest256? = nil, title: String, task: String, about: String? = nil, source: String,
    license: String?, citation: String, input: DatasetInput? = nil, targets: [DatasetTarget] = [], splitMeaning: String,
    primaryMetric: Metric, knownDefects: [String]
  ) {
    self.name = name
    self.digest = digest
    self.title = title
    self.task = task
    self.about = about
    self.source = source
    self.license = license
    self.citation = citation
    self.input = input
    self.targets = targets
    self.splitMeaning = splitMeaning
    self.primaryMetric = primaryMetric
    self.knownDefects = knownDefects
  }

  /// Names of the classes of the first target; empty where it has none.
  public var classNames: [String] { targets.first?.classNames ?? [] }

  /// Rows of each class of the first target, by split.
  public var classCounts: [Split: [Int]] { targets.first?.classCounts ?? [:] }

  private enum CodingKeys: String, CodingKey {
    case name, digest, title, task, about, source, license, citation, input, targets, splitMeaning, primaryMetric
    case knownDefects
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    digest = try container.decodeIfPresent(Digest256.self, forKey: .digest)
    title = try container.decode(String.self, forKey: .title)
    task = try container.decode(String.self, forKey: .task)
    guard PlainName.isWord(task) else {
      throw DecodingError.dataCorruptedError(
        forKey: .task, in: container,
        debugDescription: "a task is one word such as classification or regression, in \(PlainName.allowed); "
          + "a sentence belongs to \"about\"")
    }
    about = try container.decodeIfPresent(String.self, forKey: .about)
    source = try container.decodeIfPresent(String.self, forKey: .source) ?? ""
    license = try container.decodeIfPresent(String.self, forKey: .license)
    citation = try container.decodeIfPresent(String.self, forKey: .citation) ?? ""
    input = try container.decodeIfPresent(DatasetInput.self, forKey: .input)
    targets = try container.decodeIfPresent([DatasetTarget].self, forKey: .targets) ?? []
    splitMeaning = try container.decode(String.self, forKey: .splitMeaning)
    primaryMetric = try container.decode(Metric.self, forKey: .primaryMetric)
    knownDefects = try container.decodeIfPresent([String].self, forKey: .knownDefects) ?? []
  }
}

/// What a model reads of a data set.
public struct DatasetInput: Hashable, Sendable, Codable {
  /// A column of a table or of a sequence.
  public struct Feature: Hashable, Sendable, Codable {
    public var name: String
    /// `categorical` or `numeric`.
    public var kind: String

    public init(name: String, kind: String) {
      self.name = name
      self.kind = kind
    }
  }

  /// `event_sequence`, `series`, `image`, `graph`, `text`, `table`, …
  public var kind: String
  /// The size of each axis by its name, for example `channels`, `height` and `width`; of sequences the `length`.
  public var shape: [String: Int]
  public var features: [Feature]

  public init(kind: String, shape: [String: Int] = [:], features: [Feature] = []) {
    self.kind = kind
    self.shape = shape
    self.features = features
  }

  /// Sequences of events of which the last `length` are kept.
  public static func eventSequences(length: Int, categorical: [String], numeric: [String]) -> DatasetInput {
    DatasetInput(
      kind: "event_sequence", shape: ["length": length],
      features: categorical.map { Feature(name: $0, kind: "categorical") }
        + numeric.map { Feature(name: $0, kind: "numeric") })
  }

  /// The names of the features of a kind.
  public func names(of kind: String) -> [String] { features.filter { $0.kind == kind }.map(\.name) }

  private enum CodingKeys: String, CodingKey { case kind, shape, features }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(String.self, forKey: .kind)
    shape = try container.decodeIfPresent([String: Int].self, forKey: .shape) ?? [:]
    features = try container.decodeIfPresent([Feature].self, forKey: .features) ?? []
    // Readers multiply these numbers.
    guard shape.values.allSatisfy({ (1...Int(Int32.max)).contains($0) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .shape, in: container, debugDescription: "a size is not in 1...\(Int32.max)")
    }
    guard PlainName.isWord(kind), features.allSatisfy({ PlainName.isWord($0.kind) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: "a kind of input is one word, in \(PlainName.allowed)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    if !shape.isEmpty { try container.encode(shape, forKey: .shape) }
    if !features.isEmpty { try container.encode(features, forKey: .features) }
  }
}

/// One thing that a model predicts.
public struct DatasetTarget: Hashable, Sendable, Codable {
  /// Nil where there is one target that nobody named.
  public var name: String?
  /// `class`, `number`, …
  public var kind: String
  public var classNames: [String]
  /// Rows of each class, by split.
  public var classCounts: [Split: [Int]]

  public init(
    name: String? = nil, kind: String, classNames: [String] = [], classCounts: [Split: [Int]] = [:]
  ) {
    self.name = name
    self.kind = kind
    self.classNames = classNames
    self.classCounts = classCounts
  }

  private enum CodingKeys: String, CodingKey { case name, kind, classNames, classCounts }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    kind = try container.decode(String.self, forKey: .kind)
    classNames = try container.decodeIfPresent([String].self, forKey: .classNames) ?? []
    classCounts = try container.decodeIfPresent([Split: [Int]].self, forKey: .classCounts) ?? [:]
    // Readers add these numbers up.
    guard classCounts.values.joined().allSatisfy({ (0...Int(Int32.max)).contains($0) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .classCounts, in: container, debugDescription: "a number of rows is not in 0...\(Int32.max)")
    }
    guard PlainName.isWord(kind) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: "a kind of target is one word, in \(PlainName.allowed)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    if !classNames.isEmpty { try container.encode(classNames, forKey: .classNames) }
    if !classCounts.isEmpty { try container.encode(classCounts, forKey: .classCounts) }
  }
}
