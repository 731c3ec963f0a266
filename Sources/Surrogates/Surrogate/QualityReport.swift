/// How well a surrogate does, told by predictions of architectures that it had not seen: out-of-fold predictions of a
/// cross-validation.
public struct QualityReport: Hashable, Sendable, Codable {
  /// Figures of some of the architectures.
  public struct Figures: Hashable, Sendable, Codable {
    public let count: Int
    /// Absent where the values, or the predictions, are all the same.
    public let r2: Double?
    public let kendallTau: Double?
    public let spearman: Double?
    public let rmse: Double
    public let mae: Double
    /// Shares of values within the intervals that should hold 50, 80 and 95 of 100.
    public let coverage50: Double
    public let coverage80: Double
    public let coverage95: Double
    /// The mean predicted standard deviation: smaller is sharper.
    public let sharpness: Double
    /// The mean negative log likelihood of the values in nats, and that of predictions with one width for all, the best
    /// one; absent where a deviation is 0.
    public let negativeLogLikelihood: Double?
    public let constantWidthNegativeLogLikelihood: Double?
  }

  /// Figures of architectures whose values lie in one part of the range.
  public struct Stratum: Hashable, Sendable, Codable {
    /// `best tenth`, `best quarter`, `second quarter`, `third quarter`, `worst quarter`.
    public let name: String
    public let figures: Figures
  }

  /// Architectures that the surrogate learnt from.
  public let architectures: Int
  /// Runs behind their values.
  public let runs: Int
  public let lowest: Double
  public let mean: Double
  public let highest: Double
  public let folds: Int
  public let overall: Figures
  public let strata: [Stratum]
}
