public import Records

/// What an atlas holds, counted.
public struct AtlasContents: Hashable, Sendable, Codable {
  /// Architectures of one space.
  public struct SpaceCount: Hashable, Sendable, Codable {
    public let name: String
    public let architectures: Int
  }

  /// Runs of one data set under one protocol that ended in one way.
  public struct RunCount: Hashable, Sendable, Codable {
    public let dataset: String
    public let datasetDigest: Digest256
    public let protocolDigest: Digest256
    public let status: RunStatus
    public let runs: Int
  }

  /// The title that it was published with.
  public let title: String?
  /// Sorted by name.
  public let spaces: [SpaceCount]
  /// Sorted by data set, protocol and status.
  public let runs: [RunCount]
}
