/// What an evaluation found: a row a candidate, train size and trial, and their summaries.
public struct PredictorResults: Hashable, Sendable, Codable {
  /// One fit, or one table's part for a split.
  public struct Row: Hashable, Sendable, Codable {
    public let predictor: String
    public let encoding: String
    public let transform: String
    public let trainSize: Int
    /// How much of each tested curve was seen; nil for what sees no curves.
    public let epochsSeen: Int?
    /// Counted from 0.
    public let trial: Int
    /// Metrics that are not defined are absent.
    public let values: [PredictorMetric: Double]
    /// Why there are no values, for a method that cannot learn from so few.
    public let failure: String?

    package init(
      _ candidate: PredictorCandidate, _ split: PredictorSplit, epochsSeen: Int?,
      _ values: [PredictorMetric: Double], failure: String? = nil
    ) {
      self.init(
        predictor: candidate.name, encoding: candidate.encoding, transform: candidate.transform,
        trainSize: split.trainSize, epochsSeen: epochsSeen, trial: split.trial, values: values, failure: failure)
    }

    package init(
      predictor: String, encoding: String, transform: String, trainSize: Int, epochsSeen: Int? = nil, trial: Int,
      values: [PredictorMetric: Double], failure: String? = nil
    ) {
      self.predictor = predictor
      self.encoding = encoding
      self.transform = transform
      self.trainSize = trainSize
      self.epochsSeen = epochsSeen
      self.trial = trial
      self.values = values
      self.failure = failure
    }
  }

  /// What the values are, in words.
  public let title: String
  public let architectures: Int
  /// Of MAE, RMSE, regret and sharpness.
  public let unit: String
  public let rules: PredictorProtocol
  /// By candidate, then epochs seen, trial and train size as given.
  public let rows: [Row]
  /// By train size, then fidelity, then candidate; what sees no curves stands at each fidelity.
  public let summaries: [PredictorSummary]

  package init(title: String, architectures: Int, unit: String, rules: PredictorProtocol, rows: [Row]) {
    self.title = title
    self.architectures = architectures
    self.unit = unit
    self.rules = rules
    self.rows = rows
    summaries = PredictorSummary.all(of: rows, rules)
  }

  /// Whether values are percentages, of which errors in percent of the value are not customary.
  public var isOfShares: Bool { unit == "percent" }

  /// Metrics that at least one row has, in their usual order.
  public var metrics: [PredictorMetric] {
    PredictorMetric.allCases.filter { metric in rows.contains { $0.values[metric] != nil } }
  }
}
