/// Unit, direction and meaning of a metric.
public struct MetricCard: Hashable, Sendable, Codable {
  public var name: String
  /// For example `percent`, `nat`; `1` for a number without unit.
  public var unit: String
  public var largerIsBetter: Bool
  public var meaning: String

  public init(name: String, unit: String, largerIsBetter: Bool, meaning: String) {
    self.name = name
    self.unit = unit
    self.largerIsBetter = largerIsBetter
    self.meaning = meaning
  }

  /// What is known of a metric for which no card was given.
  public init(of metric: Metric) {
    self =
      Self.known.first { $0.name == metric.name }
      ?? MetricCard(
        name: metric.name, unit: metric.name.hasSuffix("_percent") ? "percent" : "1",
        largerIsBetter: metric.largerIsBetter, meaning: "not described by its source")
  }

  /// The metrics of our own trainings.
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
