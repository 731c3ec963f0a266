import Statistics

/// One candidate at one train size and fidelity, over all trials.
public struct PredictorSummary: Hashable, Sendable, Codable {
  /// One metric over the trials that have it.
  public struct Figure: Hashable, Sendable, Codable {
    public let mean: Double
    /// Of the trials, with n - 1; absent for one trial.
    public let standardDeviation: Double?
    /// How many trials have a value.
    public let count: Int
    /// Whether no candidate has a better mean at this train size and fidelity.
    public internal(set) var isBest = false
    /// That the difference from the best is chance: Wilcoxon's signed-rank test over common trials, corrected for as many
    /// candidates by Holm. Absent for the best and for metrics without a direction.
    public internal(set) var pValue: Double?

    init?(_ values: [Double]) {
      guard !values.isEmpty else { return nil }
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      self.mean = mean
      count = values.count
      standardDeviation =
        count < 2 ? nil : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    }

    /// Whether it is worse than the best beyond chance, at the level 0.05.
    public var isSignificantlyWorse: Bool { (pValue ?? 1) < 0.05 }
  }

  public let predictor: String
  public let encoding: String
  public let transform: String
  public let trainSize: Int
  /// The epochs that predictors of learning curves see in this comparison; nil where there are none.
  public let fidelity: Int?
  /// Whether this is one of them.
  public let seesCurves: Bool
  public private(set) var figures: [PredictorMetric: Figure]
  /// Why there is nothing, where every trial failed; else how many did.
  public let failure: String?

  /// By train size, then by fidelity, then by candidate in the order of `rows`.
  static func all(of rows: [PredictorResults.Row], _ rules: PredictorProtocol) -> [PredictorSummary] {
    var names: [String] = []
    for row in rows where names.last != row.predictor && !names.contains(row.predictor) { names.append(row.predictor) }
    return rules.trainSizes.flatMap { size in
      rules.comparedFidelities.flatMap { fidelity in
        let compared = rows.filter { $0.trainSize == size && ($0.epochsSeen == nil || $0.epochsSeen == fidelity) }
        let groups = names.map { name in compared.filter { $0.predictor == name } }.filter { !$0.isEmpty }
        var summaries = groups.map { PredictorSummary($0, fidelity) }
        for metric in PredictorMetric.allCases { mark(metric, groups, &summaries) }
        return summaries
      }
    }
  }

  private init(_ rows: [PredictorResults.Row], _ fidelity: Int?) {
    self.fidelity = fidelity
    seesCurves = rows[0].epochsSeen != nil
    predictor = rows[0].predictor
    encoding = rows[0].encoding
    transform = rows[0].transform
    trainSize = rows[0].trainSize
    figures = [:]
    for metric in PredictorMetric.allCases { figures[metric] = Figure(rows.compactMap { $0.values[metric] }) }
    let failures = rows.compactMap(\.failure)
    failure =
      failures.first.map { failures.count == rows.count ? $0 : "\(failures.count) of \(rows.count) trials: \($0)" }
  }

  /// Finds the best of a metric and how likely the others differ from it by chance.
  private static func mark(
    _ metric: PredictorMetric, _ groups: [[PredictorResults.Row]], _ summaries: inout [PredictorSummary]
  ) {
    guard let largerIsBetter = metric.largerIsBetter else { return }
    let means = summaries.compactMap { $0.figures[metric]?.mean }
    guard means.count > 1, let best = largerIsBetter ? means.max() : means.min(),
      let first = summaries.firstIndex(where: { $0.figures[metric]?.mean == best })
    else { return }
    let reference = values(metric, groups[first])
    var others: [Int] = []
    var chances: [Double] = []
    for place in summaries.indices {
      guard let mean = summaries[place].figures[metric]?.mean else { continue }
      if mean == best {
        summaries[place].figures[metric]?.isBest = true
        continue
      }
      let own = values(metric, groups[place])
      let common = own.keys.filter { reference[$0] != nil }.sorted()
      others.append(place)
      chances.append(
        PairedTest.wilcoxon(common.compactMap { own[$0] }, common.compactMap { reference[$0] }).pValue)
    }
    for (place, chance) in zip(others, HolmCorrection.adjusted(chances)) {
      summaries[place].figures[metric]?.pValue = chance
    }
  }

  /// By trial.
  private static func values(_ metric: PredictorMetric, _ rows: [PredictorResults.Row]) -> [Int: Double] {
    Dictionary(uniqueKeysWithValues: rows.compactMap { row in row.values[metric].map { (row.trial, $0) } })
  }
}
