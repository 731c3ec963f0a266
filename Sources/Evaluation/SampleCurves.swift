public import Surrogates

/// The learning curves of a sample: a value an epoch, from the first epoch on.
public struct SampleCurves: Sendable {
  /// Runs on another data set than that of the sample.
  public struct OtherRuns: Sendable {
    public let dataset: String
    /// Canonical texts, each once.
    public let architectures: [String]
    /// Whole curves and what is to be predicted of them, one an architecture.
    public let curves: [[Double]]
    public let values: [Double]

    public init(dataset: String, architectures: [String], curves: [[Double]], values: [Double]) {
      self.dataset = dataset
      self.architectures = architectures
      self.curves = curves
      self.values = values
    }
  }

  /// The data set of the sample, as it is told from others.
  public let dataset: String
  /// One an architecture of the sample, whole; they may be of different lengths.
  public let curves: [[Double]]
  public let direction: CurveSet.Direction
  /// The epoch whose value is predicted by what continues curves.
  public let targetEpoch: Int
  /// What may be learnt from in place of the sample's own runs.
  public let others: [OtherRuns]

  public init(
    dataset: String, curves: [[Double]], direction: CurveSet.Direction, targetEpoch: Int, others: [OtherRuns] = []
  ) {
    self.dataset = dataset
    self.curves = curves
    self.direction = direction
    self.targetEpoch = targetEpoch
    self.others = others
  }

  /// Throws ``EvaluationError`` where a curve is shorter than the protocol looks, or a data set it names is not there.
  func check(_ rules: PredictorProtocol, architectures: Int) throws {
    let sets = [curves] + others.map(\.curves)
    guard curves.count == architectures,
      others.allSatisfy({ $0.curves.count == $0.architectures.count && $0.values.count == $0.architectures.count })
    else { throw EvaluationError.sample(problem: "the numbers of curves and architectures differ") }
    let shortest = sets.flatMap { $0.map(\.count) }.min() ?? 0
    if let deepest = rules.fidelities.max(), deepest > min(shortest, targetEpoch) {
      throw EvaluationError.setting(
        name: "a number of epochs seen", found: "\(deepest)", allowed: "1 to \(min(shortest, targetEpoch))")
    }
    for name in rules.otherDatasets where !others.contains(where: { $0.dataset == name }) {
      throw EvaluationError.setting(
        name: "another data set", found: name, allowed: others.map(\.dataset).joined(separator: ", "))
    }
  }
}
