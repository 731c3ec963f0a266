public import Records

/// What an optimizer sees of a benchmark: it asks about candidates and gets observations, each charged to a budget.
///
/// A table, a surrogate, a trainer, a remote ledger and a scripted fake conform; `checkOracle` of `TestSupport` checks
/// them. An oracle is a value: one search owns it, and a copy of a table or a surrogate is a snapshot.
public protocol Oracle: Sendable {
  var subject: OracleSubject { get }

  /// What was spent so far.
  var spending: BudgetSpending { get }

  /// Observes candidates in their order, each as if it were asked alone.
  ///
  /// A run that fails, diverges or times out is an observation. Throws an error, and charges nothing, where one of the
  /// candidates is unknown or the budget does not allow all of them: `BudgetError` for the budget.
  mutating func observe(_ requests: [OracleRequest]) async throws -> [Observation]
}

extension Oracle {
  /// Observes one candidate. Throws as ``observe(_:)-([OracleRequest])``.
  public mutating func observe(_ candidate: Candidate, at fidelity: Fidelity = .full) async throws -> Observation {
    let request = OracleRequest(candidate, at: fidelity)
    guard let observation = try await observe([request]).first else {
      throw OracleError.noObservation(candidate: candidate.canonicalText)
    }
    return observation
  }
}

/// One question of an optimizer.
public struct OracleRequest: Hashable, Sendable, Codable {
  public let candidate: Candidate
  public let fidelity: Fidelity

  public init(_ candidate: Candidate, at fidelity: Fidelity = .full) {
    self.candidate = candidate
    self.fidelity = fidelity
  }
}

/// What an oracle is about: where candidates come from, and what an optimizer selects by.
public struct OracleSubject: Hashable, Sendable, Codable {
  /// A metric to select by.
  public struct Goal: Hashable, Sendable, Codable {
    public let metric: Metric
    public let direction: ObjectiveDirection

    public init(_ metric: Metric, _ direction: ObjectiveDirection) {
      self.metric = metric
      self.direction = direction
    }
  }

  public let space: String
  /// At least one.
  public let goals: [Goal]
  /// The split of all values.
  public let split: Split
  /// What positions count.
  public let axis: FidelityAxis

  public init(space: String, goals: [Goal], split: Split, axis: FidelityAxis = .epochs) {
    self.space = space
    self.goals = goals
    self.split = split
    self.axis = axis
  }
}
