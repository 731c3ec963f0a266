/// What a run cost, by name, with the unit in the name. Costs are never part of the numerics digest, since no two runs take
/// the same time.
///
/// Any name is possible, and brackets hold conditions: `latency_milliseconds[batch=1]`. The static names are those of our
/// own trainings.
public struct Costs: Hashable, Sendable, Codable {
  /// Costs of the whole run.
  public var total: [String: Double]
  /// Costs of each epoch; all lists have the same length. The sum of a list is the total, which has no other place then.
  public var perEpoch: [String: [Double]]

  public init(total: [String: Double] = [:], perEpoch: [String: [Double]] = [:]) {
    self.total = total
    self.perEpoch = perEpoch
  }

  private enum CodingKeys: String, CodingKey, CaseIterable { case total, perEpoch }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    total = try container.decodeIfPresent([String: Double].self, forKey: .total) ?? [:]
    perEpoch = try container.decodeIfPresent([String: [Double]].self, forKey: .perEpoch) ?? [:]
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if !total.isEmpty { try container.encode(total, forKey: .total) }
    if !perEpoch.isEmpty { try container.encode(perEpoch, forKey: .perEpoch) }
  }

  /// Wall time of training.
  public static let trainSeconds = "train_seconds"
  /// Wall time of evaluation.
  public static let evaluationSeconds = "evaluation_seconds"
  /// Time of the training thread on a processor.
  public static let trainCPUSeconds = "train_cpu_seconds"
  public static let evaluationCPUSeconds = "evaluation_cpu_seconds"
  /// Trainers that ran at the same time, this one included.
  public static let concurrentTrainers = "concurrent_trainers"
  public static let peakMemoryBytes = "peak_memory_bytes"
  /// Median wall time of a forward pass.
  public static func latencyMilliseconds(batch: Int) -> String { "latency_milliseconds[batch=\(batch)]" }

  public var isEmpty: Bool { total.isEmpty && perEpoch.isEmpty }

  /// Length of the lists; 0 without lists.
  public var epochCount: Int { perEpoch.values.lazy.map(\.count).max() ?? 0 }

  /// The cost of the whole run: as told, or the sum over epochs.
  public subscript(name: String) -> Double? { total[name] ?? perEpoch[name].map { $0.reduce(0, +) } }

  /// Wall time of training of all epochs.
  public var trainSeconds: Double? { self[Self.trainSeconds] }

  /// Wall time of evaluation of all epochs.
  public var evaluationSeconds: Double? { self[Self.evaluationSeconds] }

  /// What is wrong with the names or the lists; nil for costs that can be recorded.
  package var problem: String? {
    if let name = (Array(total.keys) + perEpoch.keys).sorted().first(where: { !PlainName.isCost($0) }) {
      return "the cost \(name.debugDescription) is no name; allowed: \(PlainName.allowed), with conditions in brackets "
        + "behind: latency_milliseconds[batch=1]"
    }
    if let name = perEpoch.keys.sorted().first(where: { total[$0] != nil }) {
      return "\(name) has a total and a list per epoch; the total is the sum of the list, so give the list alone"
    }
    let lengths = Set(perEpoch.values.map(\.count)).sorted()
    if lengths.count > 1 || lengths.first == 0 {
      return "lists of costs per epoch have \(lengths.map(String.init).joined(separator: " and ")) numbers; "
        + "allowed: as many as the longest curve has epochs"
    }
    return nil
  }
}
