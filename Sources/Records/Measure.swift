/// The part of a data set that a value was measured on. Never implied.
public enum Split: String, Codable, Sendable, CaseIterable, Hashable, CodingKeyRepresentable {
  case train, validation, test
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
  /// Area under the ROC curve; the macro mean of one class against the rest for more than two classes.
  public static let rocAUC = Metric("roc_auc")
  /// Unweighted mean over classes of F1.
  public static let macroF1 = Metric("macro_f1")
  /// The AmEx default-prediction metric; two classes only.
  public static let amex = Metric("amex")

  /// True when a larger value is better. Losses, errors and costs are smaller-is-better; all else is larger-is-better.
  public var largerIsBetter: Bool {
    !(name == "loss" || name.hasSuffix("_loss") || name.hasSuffix("_error") || name.hasSuffix("_seconds"))
  }

  /// True when `candidate` is better than `incumbent`.
  public func isBetter(_ candidate: Float, than incumbent: Float) -> Bool {
    largerIsBetter ? candidate > incumbent : candidate < incumbent
  }
}

/// The values of one metric on one split, one per epoch, the first epoch first.
public struct Curve: Hashable, Sendable, Codable {
  public var metric: Metric
  public var split: Split
  public var values: [Float]

  public init(metric: Metric, split: Split, values: [Float]) {
    self.metric = metric
    self.split = split
    self.values = values
  }
}
