public import Oracles
import Records
import Store
import Surrogates

/// A surrogate as an oracle: every value is predicted, with its standard deviation, and costs a query but no training.
///
/// Candidates are all architectures of the space, whether the atlas has them or not. A surrogate predicts the epoch of its
/// lookup, which is full fidelity; a position is refused unless it is this epoch.
public struct SurrogateOracle: Oracle {
  public let subject: OracleSubject
  public let predicting: PredictingLookup
  public private(set) var ledger: BudgetLedger<RunNumber>

  public init(_ predicting: PredictingLookup, ledger: BudgetLedger<RunNumber>) {
    let lookup = predicting.lookup
    self.predicting = predicting
    self.ledger = ledger
    subject = OracleSubject(
      space: lookup.setting.space,
      goals: [.init(lookup.metric, lookup.card.largerIsBetter ? .maximise : .minimise)], split: lookup.split,
      axis: lookup.setting.fidelity ?? .epochs)
  }

  public var spending: BudgetSpending { ledger.spending }

  /// Throws `OracleError.unknownCandidate` and `.fullFidelityOnly`, and `BudgetError`; charges nothing then.
  public mutating func observe(_ requests: [OracleRequest]) throws -> [Observation] {
    for request in requests { try check(request) }
    var trial = ledger
    for _ in requests { try trial.charge([]) }
    let predictions = try predicting.predictions(of: requests.map(\.candidate.canonicalText))
    ledger = trial
    return zip(requests, predictions).map { request, prediction in
      Observation(
        candidate: request.candidate, fidelity: request.fidelity, status: .completed,
        values: [
          .init(
            metric: subject.goals[0].metric, split: subject.split, value: prediction.mean,
            standardDeviation: prediction.standardDeviation)
        ], position: 0, trainSeconds: nil, kind: .predicted, cost: BudgetSpending(queries: 1))
    }
  }

  private func check(_ request: OracleRequest) throws {
    let candidate = request.candidate
    let spelling =
      candidate.space == subject.space
      ? try? predicting.lookup.benchmark.spelling(of: candidate.canonicalText, space: subject.space) : nil
    guard let spelling, spelling.canonicalText == candidate.canonicalText else {
      throw OracleError.unknownCandidate(candidate.canonicalText, space: subject.space)
    }
    if case .position(let position) = request.fidelity, predicting.lookup.epoch != .number(position) {
      throw OracleError.fullFidelityOnly(position: position, only: "\(predicting.lookup.epoch)")
    }
  }
}
