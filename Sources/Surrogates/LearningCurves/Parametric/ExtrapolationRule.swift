/// Ends runs that will hardly become the best (Domhan et al., 2015, and the two modes of its published code).
public struct ExtrapolationRule: Hashable, Sendable {
  public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
    /// Stops runs that are unlikely to beat the best.
    case conservative
    /// Stops runs whose end is known well enough too.
    case optimistic
  }

  /// What becomes of a run.
  public enum Decision: Hashable, Sendable {
    case goOn
    /// The run ends; what it would have reached, where that is a number worth reporting.
    case stop(predicted: Double?)
  }

  public var mode: Mode
  /// A run stops where P(m > best) is below it.
  public var probability: Double
  /// In the optimistic mode a run stops, too, where its end has a smaller epistemic deviation, in units of the ceiling.
  public var deviation: Double

  public init(_ mode: Mode = .conservative, probability: Double = 0.05, deviation: Double = 0.005) {
    self.mode = mode
    self.probability = probability
    self.deviation = deviation
  }

  /// `best` is the best value of all runs so far, `ceiling` what an accuracy of 1 is called in the curves. A run that is
  /// already better goes on, in either mode.
  public func decide(_ run: CurveExtrapolation, best: Double, ceiling: Double = 1) -> Decision {
    if run.isAhead(of: best) { return .goOn }
    let prediction = run.prediction
    let unlikely = run.probability(ofBeating: best) < probability
    let known = mode == .optimistic && !run.isFallback && prediction.epistemic < deviation * ceiling
    guard unlikely || known else { return .goOn }
    return .stop(predicted: (0...ceiling).contains(prediction.mean) ? prediction.mean : nil)
  }
}

extension CurveExtrapolation {
  /// True where the run has already been better than `best`.
  func isAhead(of best: Double) -> Bool { direction.sign * (bestSoFar - best) > 0 }
}
