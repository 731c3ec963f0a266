/// How well N predictions agree with N true values: in size, in line and in order.
public struct PredictionMetrics: Sendable {
  private let pairs: PairedValues
  /// Whether the best values are the largest.
  private let largerIsBetter: Bool

  /// Pairs with a NaN are left out and counted in ``dropped``.
  public init(truth: [Double], predictions: [Double], largerIsBetter: Bool = true) {
    pairs = PairedValues(truth, predictions)
    self.largerIsBetter = largerIsBetter
  }

  /// How many pairs are looked at.
  public var count: Int { pairs.count }
  public var dropped: Int { pairs.dropped }

  // MARK: Size

  /// Nil without pairs. As `sklearn.metrics.mean_absolute_error`.
  public var meanAbsoluteError: Double? { mean { abs($0 - $1) } }

  /// Nil without pairs. As `sklearn.metrics.root_mean_squared_error`.
  public var rootMeanSquaredError: Double? { mean { ($0 - $1) * ($0 - $1) }?.squareRoot() }

  /// Mean of |truth - prediction| / |truth|, in percent; nil without pairs and where a true value is 0. A hundred times
  /// `sklearn.metrics.mean_absolute_percentage_error`.
  public var meanAbsolutePercentageError: Double? {
    pairs.first.contains(0) ? nil : mean { 100 * abs(($0 - $1) / $0) }
  }

  /// The share of the variance of the true values that is explained, at most 1 and below 0 for what is worse than their
  /// mean; nil for fewer than two pairs and for constant true values. As `sklearn.metrics.r2_score` elsewhere.
  public var r2: Double? {
    guard let lowest = pairs.first.min(), let highest = pairs.first.max(), lowest < highest else { return nil }
    let centre = pairs.first.reduce(0, +) / Double(count)
    guard let missed = mean({ ($0 - $1) * ($0 - $1) }), let all = mean({ y, _ in (y - centre) * (y - centre) }) else {
      return nil
    }
    return 1 - missed / all
  }

  private func mean(_ term: (_ truth: Double, _ prediction: Double) -> Double) -> Double? {
    guard count > 0 else { return nil }
    return zip(pairs.first, pairs.second).reduce(0) { $0 + term($1.0, $1.1) } / Double(count)
  }

  // MARK: Line and order

  /// As ``PairedValues/pearson()``.
  public var pearson: Double? { pairs.pearson() }

  /// As ``PairedValues/spearman()``.
  public var spearman: Double? { pairs.spearman() }

  /// As ``PairedValues/kendallTauB()``.
  public var kendallTauB: Double? { pairs.kendallTauB() }

  /// Kendall's tau-b after the predictions are rounded to `decimals` places, halves to even: differences too small to
  /// matter become ties (NASLib's `kt_2dec` and `kt_1dec`; `numpy.round`).
  public func kendallTauB(roundingTo decimals: Int) -> Double? {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = pairs.second.map { ($0 * scale).rounded(.toNearestOrEven) / scale }
    return PairedValues(pairs.first, rounded).kendallTauB()
  }

  // MARK: The best

  /// The share of the best `places` by truth that are among the best `places` by prediction, 0…1; nil for fewer pairs
  /// than places.
  ///
  /// Tied values share the places that are left for them equally: the result is the mean over all orders of ties, so it
  /// neither depends on the order of the pairs nor rewards constant predictions.
  public func precision(at places: Int) -> Double? {
    guard places > 0, count >= places else { return nil }
    let byTruth = Self.membership(pairs.first.map(cost), places)
    let byPrediction = Self.membership(pairs.second.map(cost), places)
    return zip(byTruth, byPrediction).reduce(0) { $0 + $1.0 * $1.1 } / Double(places)
  }

  /// How much worse than the best true value the best among the `places` best by prediction is: 0 or more, in the unit
  /// of the values; nil for fewer pairs than places. With tied predictions, the mean over all orders of ties.
  public func regret(ofBest places: Int) -> Double? {
    guard places > 0, count >= places else { return nil }
    let truth = pairs.first.map(cost)
    let predicted = pairs.second.map(cost)
    guard let best = truth.min() else { return nil }
    let limit = predicted.sorted()[places - 1]
    let chosen = truth.indices.filter { predicted[$0] < limit }.map { truth[$0] }
    let tied = truth.indices.filter { predicted[$0] == limit }.map { truth[$0] }.sorted()
    let places = places - chosen.count
    let certain = chosen.min() ?? .infinity
    // The i-th best of the tied is the best drawn if it is drawn and none before it was.
    var expected = 0.0
    var noneYet = 1.0
    for (index, value) in tied.enumerated() {
      let chance = min(1, Double(places) / Double(tied.count - index))
      expected += noneYet * chance * min(value, certain)
      noneYet *= 1 - chance
      if noneYet == 0 { break }
    }
    return expected - best
  }

  private func cost(_ value: Double) -> Double { largerIsBetter ? -value : value }

  /// How likely each item is among the `places` smallest when ties are broken at random.
  private static func membership(_ costs: [Double], _ places: Int) -> [Double] {
    let limit = costs.sorted()[places - 1]
    let below = costs.count { $0 < limit }
    let share = Double(places - below) / Double(costs.count { $0 == limit })
    return costs.map { $0 < limit ? 1 : $0 == limit ? share : 0 }
  }
}
