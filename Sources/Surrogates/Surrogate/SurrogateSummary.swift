public import Records

/// What stands beside every prediction: who made it, and how far to trust it.
public struct SurrogateSummary: Hashable, Sendable, Codable {
  public let predictor: String
  /// SHA-256 of the surrogate's file.
  public let digest: Digest256
  /// Architectures that it learnt from.
  public let architectures: Int
  /// Cross-validated: rank correlation, explained variance, root mean square error, and how many of 100 values the 80 %
  /// interval held.
  public let kendallTau: Double?
  public let r2: Double?
  public let rmse: Double
  public let coverage80: Double
}
