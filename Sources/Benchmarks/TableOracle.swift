public import Oracles
public import Records
import Store

/// A table as an oracle: a session answers and charges, and further metrics are read from the same runs and epochs.
///
/// At full fidelity the session's own epoch counts. Where none of the runs that the session is about completed, the status
/// of the first is observed, and the end of each is charged; at a position that they reached, their mean is observed. A
/// value that is NaN is observed as a run that diverged.
public struct TableOracle: Oracle {
  public let subject: OracleSubject
  public private(set) var session: Session
  private let further: [Lookup]

  /// The first goal is the metric of the session's lookup, with its split; `metrics` follow. Throws a ``BenchmarkError``
  /// for a metric that the setting does not have on this split, and a ``DisclosureError`` for a withheld one.
  public init(_ session: Session, metrics: [Metric] = []) throws {
    let lookup = session.lookup
    self.session = session
    further = try metrics.map { try lookup.benchmark.lookup(metric: $0, lookup.split, .last, in: lookup.setting) }
    subject = OracleSubject(
      space: lookup.setting.space,
      goals: ([lookup] + further).map { .init($0.metric, $0.card.largerIsBetter ? .maximise : .minimise) },
      split: lookup.split, axis: lookup.setting.fidelity ?? .epochs)
  }

  public var spending: BudgetSpending { session.ledger.spending }

  /// Throws `OracleError.unknownCandidate`, ``BenchmarkError`` for a missing epoch or value, and `BudgetError`; charges
  /// nothing then.
  public mutating func observe(_ requests: [OracleRequest]) throws -> [Observation] {
    var trial = session
    let observations = try requests.map { try observe($0, in: &trial) }
    session = trial
    return observations
  }

  private func observe(_ request: OracleRequest, in session: inout Session) throws -> Observation {
    let candidate = request.candidate
    guard let entry = try session.lookup.benchmark.atlas.architecture(candidate.id) else {
      throw OracleError.unknownCandidate(candidate.canonicalText, space: subject.space)
    }
    let before = session.ledger.spending
    var (status, values) = (RunStatus.completed, [Double]())
    do {
      let answer = try session.ask(entry, epoch: request.fidelity.epoch)
      // A run that diverged later has values up to there.
      status = request.fidelity == .full ? answer.points.first { $0.status != .completed }?.status ?? status : status
      values = [Self.mean(answer.points.map(\.value))]
      for lookup in further {
        values.append(
          Self.mean(
            try answer.points.map { point in
              let same = Lookup(lookup, epoch: .number(point.epoch), seeds: .one(point.seed))
              return Self.mean(try same.answer(entry).points.map(\.value))
            }))
      }
      if values.contains(where: \.isNaN), status == .completed { status = .diverged }
    } catch let error as BenchmarkError {
      guard let runs = try session.incompleteRuns(of: entry), request.fidelity.position ?? 1 > 0 else { throw error }
      try session.chargeIncomplete(runs, of: entry, upTo: request.fidelity.position)
      status = try session.lookup.setting.status(ofRun: runs[0])
      // A run that ended later had values up to there.
      let reached = try request.fidelity.epoch.map { epoch in
        try ([session.lookup] + further).compactMap { try Lookup($0, epoch: epoch).mean(of: runs)?.value }
      }
      if let reached, reached.count == subject.goals.count, !reached.contains(where: \.isNaN) {
        (status, values) = (.completed, reached)
      }
    }
    let seconds = session.lastCharges.map(\.secondsUpToEpoch)
    return Observation(
      candidate: candidate, fidelity: request.fidelity, status: status,
      values: status == .completed
        ? zip(subject.goals, values).map { .init(metric: $0.metric, split: subject.split, value: $1) } : [],
      position: session.lastCharges.map(\.epoch).max() ?? 0,
      trainSeconds: seconds.contains(nil) ? nil : seconds.reduce(0) { $0 + ($1 ?? 0) }, kind: .measured,
      cost: session.ledger.spending - before)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(-0.0, +) / Double(values.count) }
}

extension Fidelity {
  fileprivate var epoch: EpochChoice? { position.map { .number($0) } }

  fileprivate var position: Int? {
    if case .position(let position) = self { position } else { nil }
  }
}
