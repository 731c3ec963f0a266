public import Records

/// A run as the columns of an atlas tell it: all but curves, costs of single epochs and provenance.
public struct RunSummary: Hashable, Sendable {
  /// Number of the run in this atlas, counted from 1.
  public let id: Int64
  public let key: RunKey
  public let originKind: Origin.Kind?
  public let status: RunStatus
  /// Completed epochs.
  public let epochs: Int
  public let score: Score?
  public let counts: Counts?
  /// Wall time of training, all epochs.
  public let trainSeconds: Double?
  /// Wall time of evaluation, all epochs.
  public let evaluationSeconds: Double?
  public let latencyBatch1Milliseconds: Double?
  public let latencyBatch64Milliseconds: Double?
  public let numericsDigest: Digest256
}

/// The value of a curve at its last epoch.
public struct FinalValue: Hashable, Sendable {
  public let metric: Metric
  public let split: Split
  /// Completed epochs of the curve.
  public let epochs: Int
  /// Nil for a curve without epochs, and for NaN.
  public let value: Float?
}
