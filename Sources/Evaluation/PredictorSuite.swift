import Records
import Spaces
import Surrogates

/// Evaluates predictors on one sample, all on the same splits.
public struct PredictorSuite: Sendable {
  /// How far an evaluation is.
  public struct Progress: Hashable, Sendable {
    /// Fits that are done, of ``total``.
    public let done: Int
    public let total: Int
    /// Who was fitted last.
    public let predictor: String
    public let trainSize: Int
    /// Counted from 0.
    public let trial: Int
  }

  public let sample: PredictorSample
  public let rules: PredictorProtocol
  public let splits: [PredictorSplit]

  /// Throws ``EvaluationError`` for a protocol that cannot be, or not on this sample.
  public init(_ sample: PredictorSample, _ rules: PredictorProtocol) throws {
    self.sample = sample
    self.rules = rules
    try sample.curves?.check(rules, architectures: sample.architectures.count)
    splits = try PredictorSplit.all(of: sample, rules)
  }

  /// Fits every method to every split, one after another, and scores all predictions.
  ///
  /// A method that cannot learn from so few has rows without values that say why; all else that methods and spaces throw
  /// ends the evaluation. Throws ``EvaluationError`` for no candidates, two of one name, and tables that do not fit.
  public func evaluate(
    _ candidates: [PredictorCandidate], clock: some Clock<Duration> = ContinuousClock(),
    progress: (Progress) -> Void = { _ in }
  ) throws -> PredictorResults {
    guard !candidates.isEmpty else { throw EvaluationError.nothingToEvaluate }
    for (place, candidate) in candidates.enumerated() {
      if candidates.prefix(place).contains(where: { $0.name == candidate.name }) {
        throw EvaluationError.setting(
          name: "the name of a predictor", found: "\(candidate.name), twice", allowed: "different names")
      }
      // What is wrong with a table or an encoding is told before hours of fitting.
      _ = try sample.encoder(candidate.encodings)
      switch candidate.source {
      case .table(let table):
        for split in splits { _ = try table.entries(for: split, sample) }
        try table.check(splits, sample)
      case .curves:
        guard !rules.fidelities.isEmpty, sample.curves != nil else {
          throw EvaluationError.noFidelity(predictor: candidate.name)
        }
      case .method: break
      }
    }
    let total = candidates.reduce(0) { $0 + fidelities(of: $1).count } * splits.count
    var rows: [PredictorResults.Row] = []
    for candidate in candidates {
      let score = try scorer(candidate, clock)
      for fidelity in fidelities(of: candidate) {
        for split in splits {
          rows.append(try score(split, fidelity))
          progress(
            Progress(
              done: rows.count, total: total, predictor: candidate.name, trainSize: split.trainSize, trial: split.trial)
          )
        }
      }
    }
    return PredictorResults(
      title: sample.title, architectures: sample.architectures.count, unit: sample.reportUnit, rules: rules, rows: rows)
  }

  /// How much of curves `candidate` sees, one after another; nil alone where it sees none.
  private func fidelities(of candidate: PredictorCandidate) -> [Int?] {
    if case .curves = candidate.source { return rules.comparedFidelities }
    return [nil]
  }

  /// What gives the row of a split for `candidate`.
  private func scorer(
    _ candidate: PredictorCandidate, _ clock: some Clock<Duration>
  ) throws -> (PredictorSplit, Int?) throws -> PredictorResults.Row {
    switch candidate.source {
    case .table(let table):
      return { split, _ in
        let entries = try table.entries(for: split, sample)
        var times: [PredictorMetric: Double] = [:]
        times[.fitSeconds] = entries.first?.fitSeconds
        times[.querySeconds] = entries.first?.querySeconds
        return row(candidate, split, entries.map(\.prediction), times)
      }
    case .method(let method):
      let fitting = try SplitFitting(method, self, clock)
      return { split, _ in
        try attempt(candidate, split) {
          let (predictions, times) = try fitting.predict(split)
          return row(candidate, split, predictions, times)
        }
      }
    case .curves(let method):
      guard let curves = sample.curves else { throw EvaluationError.noFidelity(predictor: candidate.name) }
      let fitting = try CurveFitting(method, self, curves, clock)
      return { split, fidelity in
        try attempt(candidate, split, fidelity) {
          let (predictions, times) = try fitting.predict(split, epochs: fidelity ?? curves.targetEpoch)
          return row(
            candidate, split, predictions, times, epochsSeen: fidelity, isScore: method.answer == .score)
        }
      }
    }
  }

  /// What cannot learn from so few has a row that says why.
  private func attempt(
    _ candidate: PredictorCandidate, _ split: PredictorSplit, _ fidelity: Int? = nil,
    _ body: () throws -> PredictorResults.Row
  ) throws -> PredictorResults.Row {
    do {
      return try body()
    } catch let error as SurrogatesError {
      switch error {
      case .tooFew, .numerics:
        return PredictorResults.Row(candidate, split, epochsSeen: fidelity, [:], failure: error.message)
      default: throw error
      }
    }
  }

  private func row(
    _ candidate: PredictorCandidate, _ split: PredictorSplit, _ predictions: [Prediction],
    _ times: [PredictorMetric: Double], epochsSeen fidelity: Int? = nil, isScore: Bool = false
  ) -> PredictorResults.Row {
    var values = PredictorMetric.values(
      predictions, truth: split.test.map { sample.values[$0] }, largerIsBetter: sample.largerIsBetter,
      scale: sample.scale)
    if isScore { values = values.filter { $0.key.isOfOrder } }
    return PredictorResults.Row(candidate, split, epochsSeen: fidelity, values.merging(times) { $1 })
  }
}
