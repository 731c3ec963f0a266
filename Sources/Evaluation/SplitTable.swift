import Records

/// Splits as a table, for predictors that are fitted elsewhere.
public struct SplitTable: Sendable {
  private let suite: PredictorSuite

  public init(_ suite: PredictorSuite) { self.suite = suite }

  /// The names of the columns. `part` is `train` or `test`; a test row has no value.
  public static let header = "trial,train_size,part,architecture,value"

  /// The lines of one split, without their ends.
  public func lines(of split: PredictorSplit) -> [String] {
    let start = "\(split.trial),\(split.trainSize),"
    return split.train.map {
      start + "train," + CSV.field(suite.sample.architectures[$0]) + ",\(suite.sample.values[$0])"
    } + split.test.map { start + "test," + CSV.field(suite.sample.architectures[$0]) + "," }
  }
}
