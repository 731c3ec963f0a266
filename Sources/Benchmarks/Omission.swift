/// Architectures that a ranking leaves out for one reason, apart from those that its filter leaves out.
public struct Omission: Hashable, Sendable, Codable {
  public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
    /// No run on this data set under this protocol.
    case noRun = "no_run"
    /// Runs, and none of the seed that was asked for.
    case noSeed = "no_run_of_seed"
    /// Runs, and none that was completed.
    case notCompleted = "no_completed_run"
    /// Runs without the value at any epoch, or no such measurement.
    case noValue = "no_value"
    /// Runs with the value at other epochs alone.
    case noEpoch = "no_value_at_epoch"
    /// A mean that is NaN or infinite.
    case notFinite = "no_finite_value"

    /// What the architectures lack, in words.
    public var words: String {
      switch self {
      case .noRun: "without a run"
      case .noSeed: "without a run of this seed"
      case .notCompleted: "without a completed run"
      case .noValue: "without this value"
      case .noEpoch: "without a value at this epoch"
      case .notFinite: "without a finite value"
      }
    }
  }

  public let reason: Reason
  public let architectures: Int

  public init(reason: Reason, architectures: Int) {
    self.reason = reason
    self.architectures = architectures
  }
}

/// Counts architectures that a ranking leaves out.
struct OmissionTally {
  private var counts: [Omission.Reason: Int] = [:]
  /// Architectures that the filter leaves out.
  var filtered = 0

  mutating func add(_ reason: Omission.Reason, _ count: Int = 1) {
    if count > 0 { counts[reason, default: 0] += count }
  }

  /// In the order of the reasons.
  var omissions: [Omission] {
    Omission.Reason.allCases.compactMap { reason in
      counts[reason].map { Omission(reason: reason, architectures: $0) }
    }
  }
}
