/// The part of a data set that a value was measured on. Never implied.
public enum Split: String, Codable, Sendable, CaseIterable, Hashable, CodingKeyRepresentable {
  case train, validation, test
  /// Validation and test rows together, as NATS-Bench evaluates some of its runs.
  case valtest

  /// What a data set is divided into.
  public static let parts: [Split] = [.train, .validation, .test]
}

/// What is measured of a model on a split: a name and the direction in which it is better.
public struct Metric: Hashable, Sendable, Codable, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }

  public init(from decoder: any Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  public var description: String { name }

  /// Cross-entropy, weighted as the protocol says; smaller is better.
  public static let loss = Metric("loss")
  /// Share of rows whose most probable class is the label, 0…1.
  public static let accuracy = Metric("accuracy")
  /// The same in percent, as most published tables have it.
  public static let accuracyPercent = Metric("accuracy_percent")
  /// Area under the ROC curve; the macro mean of one class against the rest for more than two classes.
  public static let rocAUC = Metric("roc_auc")
  /// Unweighted mean over classes of F1.
  public static let macroF1 = Metric("macro_f1")
  /// The AmEx default-prediction metric; two classes only.
  public static let amex = Metric("amex")

  /// True when a larger value is better, as the name tells: losses, errors, perplexities and costs are
  /// smaller-is-better, all else is larger-is-better. A ``MetricCard`` says it for a metric that the name does not fit.
  public var largerIsBetter: Bool {
    !(["loss", "error", "mse", "rmse", "mae", "perplexity"].contains(name)
      || ["_loss", "_error", "_error_percent", "_seconds", "_milliseconds", "_mse"].contains { name.hasSuffix($0) })
  }

  /// True when `candidate` is better than `incumbent`.
  public func isBetter(_ candidate: Double, than incumbent: Double) -> Bool {
    largerIsBetter ? candidate > incumbent : candidate < incumbent
  }
}

/// The values of one metric on one split, along the axis of fidelity of its protocol: nearly always epochs.
public struct Curve: Hashable, Sendable, Codable {
  public var metric: Metric
  public var split: Split
  public var values: [Double]
  /// The positions that the values belong to, counted from 1 and ascending; nil for 1 to the number of values.
  public var at: [Int]?

  public init(metric: Metric, split: Split, values: [Double], at: [Int]? = nil) {
    self.metric = metric
    self.split = split
    self.values = values
    self.at = at
  }

  /// The epoch of the last value; 0 where there is none.
  public var lastEpoch: Int { at.map { $0.last ?? 0 } ?? values.count }

  /// The value at `epoch`, where there is one.
  public func value(at epoch: Int) -> Double? {
    guard let at else { return epoch > 0 && epoch <= values.count ? values[epoch - 1] : nil }
    return at.firstIndex(of: epoch).flatMap { values.indices.contains($0) ? values[$0] : nil }
  }
}
