public import Oracles
public import Records

/// An oracle that answers from a script: values and seconds per epoch, faults of runs and of the oracle itself.
public struct ScriptedOracle: Oracle {
  /// One run.
  public struct Script: Sendable {
    /// Epochs × goals.
    public var values: [[Double]]
    /// Of each epoch; nil where the training time is unknown.
    public var seconds: [Double]?
    /// The run ends so during the epoch after its values; nil for a run that completes.
    public var fault: RunStatus?

    /// `seconds` has one number per epoch, and one more for a run with a `fault`.
    public init(values: [[Double]], seconds: [Double]? = nil, fault: RunStatus? = nil) {
      precondition(seconds.map { $0.count == values.count + (fault == nil ? 0 : 1) } ?? true, "one time per epoch")
      self.values = values
      self.seconds = seconds
      self.fault = fault
    }
  }

  /// The error of a request that the script makes fail.
  public struct ScriptedFault: Error, Equatable {
    /// Counted from 0.
    public let request: Int

    public init(request: Int) { self.request = request }
  }

  public let subject: OracleSubject
  public private(set) var ledger: BudgetLedger<RunNumber>
  private let scripts: [Candidate: Script]
  /// Requests that throw, counted from 0 over the life of the oracle.
  private let failingRequests: Set<Int>
  private var requestCount = 0

  public init(
    _ subject: OracleSubject, _ scripts: [Candidate: Script], limits: BudgetLimits = .unlimited,
    failingRequests: Set<Int> = []
  ) {
    self.subject = subject
    self.scripts = scripts
    self.failingRequests = failingRequests
    ledger = BudgetLedger(seed: 0, limits: limits)
  }

  public var spending: BudgetSpending { ledger.spending }

  public mutating func observe(_ requests: [OracleRequest]) throws -> [Observation] {
    let first = requestCount
    requestCount += requests.count
    var trial = ledger
    let observations = try requests.enumerated().map { index, request in
      if failingRequests.contains(first + index) { throw ScriptedFault(request: first + index) }
      return try observe(request, chargedTo: &trial)
    }
    ledger = trial
    return observations
  }

  private func observe(
    _ request: OracleRequest, chargedTo ledger: inout BudgetLedger<RunNumber>
  ) throws -> Observation {
    let candidate = request.candidate
    guard let script = scripts[candidate] else {
      throw OracleError.unknownCandidate(candidate.canonicalText, space: subject.space)
    }
    let last = script.values.count
    var (position, status) = (last, script.fault ?? .completed)
    if case .position(let asked) = request.fidelity {
      guard asked > 0, asked <= last || script.fault != nil else {
        throw OracleError.invalidPosition(asked, candidate: candidate.canonicalText, last: last)
      }
      if asked <= last { (position, status) = (asked, .completed) }
    }
    // The epoch in which the run ends is trained too, but not completed: its time counts.
    let timed = status == .completed ? position : position + 1
    let seconds = script.seconds.map { $0.prefix(timed).reduce(0, +) }
    let before = ledger.spending
    try ledger.charge(run: RunNumber(candidate.id), epoch: position, secondsUpToEpoch: seconds)
    let values = status == .completed ? script.values[position - 1] : []
    return Observation(
      candidate: candidate, fidelity: request.fidelity, status: status,
      values: zip(subject.goals, values).map {
        Observation.Value(metric: $0.metric, split: subject.split, value: $1)
      }, position: position, trainSeconds: seconds, kind: .measured, cost: ledger.spending - before)
  }
}
