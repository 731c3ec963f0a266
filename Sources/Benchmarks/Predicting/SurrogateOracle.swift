public import Oracles
import Records
import Store
import Surrogates

/// A surrogate as an oracle: every value is predicted, with its standard deviation, and costs a query but no training.
///
/// Candidates are all architectures of the space, whether the atlas has them or not. Full fidelity is the epoch of the
/// lookup. Other positions are predicted where the surrogate has learnt curves, by the model of the curves.
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

  /// Throws `OracleError.unknownCandidate`, `.fullFidelityOnly` for a position and a surrogate without curves,
  /// `SurrogatesError.noSuchEpoch` for one outside its curves, and `BudgetError`; charges nothing then.
  public mutating func observe(_ requests: [OracleRequest]) throws -> [Observation] {
    for request in requests { try check(request) }
    var trial = ledger
    for _ in requests { try trial.charge([]) }
    let predictions = try predictions(requests)
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

  /// All whole requests at once, and all of curves at once.
  private func predictions(_ requests: [OracleRequest]) throws -> [Prediction] {
    let positions = requests.map(curvePosition)
    let whole = zip(requests, positions).filter { $1 == nil }.map(\.0.candidate.canonicalText)
    let early = zip(requests, positions).compactMap { request, position in
      position.map { (request.candidate.canonicalText, $0) }
    }
    var finals = try predicting.predictions(of: whole).makeIterator()
    var curves = try predicting.predictions(of: early).makeIterator()
    return positions.compactMap { $0 == nil ? finals.next() : curves.next() }
  }

  /// The position to read from a curve; nil at full fidelity.
  private func curvePosition(_ request: OracleRequest) -> Int? {
    guard case .position(let position) = request.fidelity, predicting.lookup.epoch != .number(position) else {
      return nil
    }
    return position
  }

  private func check(_ request: OracleRequest) throws {
    let candidate = request.candidate
    let spelling =
      candidate.space == subject.space
      ? try? predicting.lookup.benchmark.spelling(of: candidate.canonicalText, space: subject.space) : nil
    guard let spelling, spelling.canonicalText == candidate.canonicalText else {
      throw OracleError.unknownCandidate(candidate.canonicalText, space: subject.space)
    }
    if let position = curvePosition(request), predicting.surrogate.curves == nil {
      throw OracleError.fullFidelityOnly(position: position, only: "\(predicting.lookup.epoch)")
    }
  }
}
