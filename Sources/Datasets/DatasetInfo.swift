/// What can be said of a data set before it is loaded.
public struct DatasetInfo: Sendable, Hashable, Codable {
  public let name: String
  public let title: String
  /// The question that the data answers.
  public let about: String
  public let source: String
  public let license: String
  public let citation: String
  public let classNames: [String]
  /// Sequences of each class over all splits.
  public let sequenceCounts: [Int]
  /// T, the last events kept.
  public let sequenceLength: Int
  public let categoricalFeatures: [String]
  public let numericFeatures: [String]
  public let knownDefects: [String]
  /// What the user must name, where tools/setup cannot fetch the source.
  public let acceptedSource: String?
  public let isPrepared: Bool
  public let tablesPresent: Bool
}
