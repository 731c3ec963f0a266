import Records

/// Looks for what a run record says twice and differently.
enum RunConsistency {
  /// The first contradiction of `record`; nil where it agrees with itself and with the cards of its metrics.
  ///
  /// Costs and ranges are checked for every record. Scores and lists per epoch are compared with the curves of single runs
  /// only, because a published mean has numbers that no single run has. Linear in the number of values.
  static func contradiction(in record: RunRecord, rules: MetricRules) -> String? {
    if let reason = record.costs.flatMap(cost) { return reason }
    if rules.hasRanges, let reason = range(of: record, rules) { return reason }
    if case .mean = record.key.seed { return nil }
    if let reason = epochs(of: record) { return reason }
    guard let score = record.score else { return nil }
    if let reason = scored(score, record) { return reason }
    guard let best = BestEpoch(record) else { return nil }
    return best.contradiction(largerIsBetter: rules[score.metric]?.largerIsBetter)
  }

  static func isCost(_ value: Double) -> Bool { value.isFinite && value >= 0 }

  private static func cost(_ costs: Costs) -> String? {
    func complaint(_ what: String, _ value: Double) -> String {
      "\(what) is \(value); a cost must be finite and not negative"
    }
    if let bad = costs.total.filter({ !isCost($0.value) }).min(by: { $0.key < $1.key }) {
      return complaint(bad.key, bad.value)
    }
    for (name, values) in costs.perEpoch.sorted(by: { $0.key < $1.key }) {
      if let place = values.firstIndex(where: { !isCost($0) }) {
        return complaint("\(name) of epoch \(place + 1)", values[place])
      }
    }
    return nil
  }

  private static func range(of record: RunRecord, _ rules: MetricRules) -> String? {
    func complaint(_ metric: Metric, _ split: String, _ value: Double, _ range: ValueRange, _ epoch: Int) -> String {
      "\(metric) (\(split)) is \(value) at epoch \(epoch); its card allows \(range.words)"
    }
    for curve in record.curves {
      guard let range = rules[curve.metric]?.range else { continue }
      guard let place = curve.values.firstIndex(where: { !range.contains($0) }) else { continue }
      return complaint(
        curve.metric, curve.split.rawValue, curve.values[place], range, curve.at.map { $0[place] } ?? place + 1)
    }
    guard let score = record.score, let range = rules[score.metric]?.range else { return nil }
    for (split, value) in [("validation score", score.validation), ("test score", score.test ?? score.validation)]
    where !range.contains(value) {
      return complaint(score.metric, split, value, range, score.epoch)
    }
    return nil
  }

  private static func epochs(of record: RunRecord) -> String? {
    let listed = record.costs?.epochCount ?? 0
    let epochs = record.epochs
    // A run that ended early may have paid for an epoch that no curve has.
    guard listed > 0, epochs > 0, listed != epochs, record.status == .completed || listed < epochs else { return nil }
    return "the costs list \(listed) epochs, and the longest curve ends at epoch \(epochs)"
  }

  private static func scored(_ score: Score, _ record: RunRecord) -> String? {
    for (split, value) in [(Split.validation, score.validation as Double?), (.test, score.test)] {
      guard let value, let curve = record.curve(score.metric, split), !curve.values.isEmpty else { continue }
      guard (1...curve.lastEpoch).contains(score.epoch) else {
        return "the score is of epoch \(score.epoch), and the \(split.rawValue) curve of \(score.metric) ends at epoch "
          + "\(curve.lastEpoch)"
      }
      guard let there = curve.value(at: score.epoch), there != value else { continue }
      return "the \(split.rawValue) score is \(value), and the curve of \(score.metric) has \(there) at epoch "
        + "\(score.epoch)"
    }
    return nil
  }
}

/// How the epoch of a score compares with all others of its curve, where the curve has every epoch of a completed run.
struct BestEpoch: Hashable, Sendable {
  let metric: Metric
  let epoch: Int
  /// The first epoch with a larger value, and the first with a smaller one.
  let larger: Int?
  let smaller: Int?

  /// Nil for a published mean, a run that did not complete, and one without a complete validation curve.
  init?(_ record: RunRecord) {
    if case .mean = record.key.seed { return nil }
    guard let score = record.score, record.status == .completed,
      let curve = record.curve(score.metric, .validation), !curve.values.isEmpty,
      curve.at?.elementsEqual(1..<curve.values.count + 1) ?? true
    else { return nil }
    metric = score.metric
    epoch = score.epoch
    larger = curve.values.firstIndex { $0 > score.validation }.map { $0 + 1 }
    smaller = curve.values.firstIndex { $0 < score.validation }.map { $0 + 1 }
  }

  /// Why the epoch is not the best; nil where it is, or may be while the direction of the metric is not known.
  func contradiction(largerIsBetter: Bool?) -> String? {
    let better: Int? =
      switch largerIsBetter {
      case true?: larger
      case false?: smaller
      case nil: smaller == nil ? nil : larger
      }
    return better.map {
      "the score is of epoch \(epoch), and epoch \($0) of the validation curve of \(metric) is better"
    }
  }

  /// True where the metric's direction still decides.
  var dependsOnDirection: Bool { (larger == nil) != (smaller == nil) }
}
