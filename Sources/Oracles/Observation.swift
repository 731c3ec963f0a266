public import Records

/// What an oracle reports of one candidate at one fidelity.
public struct Observation: Hashable, Sendable, Codable {
  /// The value of one goal.
  public struct Value: Hashable, Sendable, Codable {
    public let metric: Metric
    public let split: Split
    public let value: Double
    /// Of the prediction; absent where the value is measured.
    public let standardDeviation: Double?

    public init(metric: Metric, split: Split, value: Double, standardDeviation: Double? = nil) {
      self.metric = metric
      self.split = split
      self.value = value
      self.standardDeviation = standardDeviation
    }
  }

  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case measured, predicted
  }

  public let candidate: Candidate
  public let fidelity: Fidelity
  /// How the run ended, up to the fidelity. A run that fails later is `completed` here.
  public let status: RunStatus
  /// One for each goal, in the order of the goals; empty where the run did not complete.
  public let values: [Value]
  /// The last position that was trained to know the values, from 1; of several runs, the largest. 0 without training.
  public let position: Int
  /// Training time up to this position, of all runs that the values depend on; nil where the source does not know it.
  /// A simulated clock takes this time.
  public let trainSeconds: Double?
  public let kind: Kind
  /// What the question added to the ledger. Epochs that were charged before are not in it.
  public let cost: BudgetSpending

  public init(
    candidate: Candidate, fidelity: Fidelity, status: RunStatus, values: [Value], position: Int, trainSeconds: Double?,
    kind: Kind, cost: BudgetSpending
  ) {
    self.candidate = candidate
    self.fidelity = fidelity
    self.status = status
    self.values = values
    self.position = position
    self.trainSeconds = trainSeconds
    self.kind = kind
    self.cost = cost
  }
}
