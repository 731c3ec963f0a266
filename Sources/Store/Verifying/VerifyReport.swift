public import Records

/// What a complete verification of an atlas found intact.
public struct VerifyReport: Hashable, Sendable, Codable {
  /// SHA-256 of the file.
  public let digest: Digest256
  public let bytes: Int
  public let pages: Int
  public let tables: [TableDigest]
  public let architectures: Int
  public let runs: Int
  public let measurements: Int
  public let blocks: Int
  /// Values of all blocks.
  public let values: Int
  /// Runs that contradict themselves, as earlier versions took them.
  public let contradictions: Contradictions
}
