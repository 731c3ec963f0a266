public import Records

/// What one evaluation of a classifier on one split measures.
public struct ClassificationScores: Sendable, Equatable {
  /// Cross-entropy weighted by class, Σ w·nll / Σ w over the rows, in nats.
  public var loss: Double
  /// Share of rows whose largest logit is at the label; of equal logits the first class counts.
  public var accuracy: Double
  /// Area under the ROC curve, for more than two classes the macro mean of one class against the rest; `nil` when the
  /// labels lack a class.
  public var rocAUC: Double?
  /// Mean of F1 over the classes that occur among labels or predictions, as scikit-learn's `f1_score(average="macro")`.
  public var macroF1: Double
  /// The AmEx metric; `nil` for more than two classes or when the labels lack a class.
  public var amex: Double?

  /// Scores from their values; see the properties.
  public init(loss: Double, accuracy: Double, rocAUC: Double?, macroF1: Double, amex: Double?) {
    self.loss = loss
    self.accuracy = accuracy
    self.rocAUC = rocAUC
    self.macroF1 = macroF1
    self.amex = amex
  }

  /// The value of `metric`; `nil` when it is undefined here or is no classification metric.
  public subscript(metric: Metric) -> Double? {
    switch metric {
    case .loss: loss
    case .accuracy: accuracy
    case .rocAUC: rocAUC
    case .macroF1: macroF1
    case .amex: amex
    default: nil
    }
  }
}
