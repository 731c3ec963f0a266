/// Unit, direction and meaning of a metric.
public struct MetricCard: Hashable, Sendable, Codable {
  public var name: String
  /// For example `percent`, `nat`; `1` for a number without unit.
  public var unit: String
  public var largerIsBetter: Bool
  public var meaning: String
  /// The values that are possible; absent where the card states none.
  public var range: ValueRange?
  /// The target of its data sets that it measures; absent where it measures all.
  public var target: String?

  public init(
    name: String, unit: String, largerIsBetter: Bool, meaning: String, range: ValueRange? = nil, target: String? = nil
  ) {
    self.name = name
    self.unit = unit
    self.largerIsBetter = largerIsBetter
    self.meaning = meaning
    self.range = range
    self.target = target
  }

  /// What readers of an atlas without a card of `metric` go by. No new atlas needs it: an ingest refuses runs whose
  /// metric has neither a card nor an entry in ``known``.
  public init(of metric: Metric) {
    self =
      Self.known.first { $0.name == metric.name }
      ?? MetricCard(
        name: metric.name, unit: metric.name.hasSuffix("_percent") ? "percent" : "1",
        largerIsBetter: metric.largerIsBetter, meaning: "not described by its source")
  }

  /// The metrics of our own trainings. They need no card in a file.
  public static let known = [
    MetricCard(
      name: "loss", unit: "nats", largerIsBetter: false, meaning: "cross-entropy, weighted as the protocol says"),
    MetricCard(
      name: "accuracy", unit: "fraction", largerIsBetter: true,
      meaning: "share of rows whose most probable class is the label"),
    MetricCard(
      name: "accuracy_percent", unit: "percent", largerIsBetter: true,
      meaning: "share of rows whose most probable class is the label, times 100"),
    MetricCard(
      name: "roc_auc", unit: "fraction", largerIsBetter: true,
      meaning: "area under the ROC curve; for more than two classes the mean of one class against the rest"),
    MetricCard(
      name: "macro_f1", unit: "fraction", largerIsBetter: true, meaning: "unweighted mean over classes of F1"),
    MetricCard(
      name: "amex", unit: "1", largerIsBetter: true, meaning: "the metric of the AmEx default prediction; two classes"),
  ]
}
