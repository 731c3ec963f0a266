/// What curves are learnt from: architectures and the means of their runs at epochs that all have.
public struct CurveData: Hashable, Sendable {
  /// N canonical texts.
  public let architectures: [String]
  /// T epoch numbers, ascending.
  public let epochs: [Int]
  /// N×T.
  public let means: [[Double]]
  /// Runs behind the means.
  public let runs: Int
  /// Of each architecture with two runs or more these runs, R×T.
  public let repeated: [[[Double]]]

  public init(architectures: [String], epochs: [Int], means: [[Double]], runs: Int, repeated: [[[Double]]]) {
    self.architectures = architectures
    self.epochs = epochs
    self.means = means
    self.runs = runs
    self.repeated = repeated
  }
}
