/// How runs are trained: every setting that changes a number, and the digest of them.
public struct ProtocolCard: Hashable, Sendable, Codable {
  public var name: String
  /// Digest of the canonical JSON of `settings`.
  public var digest: Digest256
  /// Our own are sections: `data`, `optimizer`, `schedule`, `network`, `distillation`.
  public var settings: JSONValue
  /// What the positions of curves count; nil for epochs.
  public var fidelity: FidelityAxis?

  public init(name: String, settings: JSONValue, fidelity: FidelityAxis? = nil) throws {
    self.name = name
    self.settings = settings
    self.fidelity = fidelity
    digest = try CanonicalJSON.digest(settings)
  }
}

/// How much of a run is looked at: an ordered axis with positions from 1.
public struct FidelityAxis: Hashable, Sendable, Codable {
  /// For example `epoch`, `step`, `train_seconds`, `data_fraction`.
  public let name: String
  public let unit: String
  /// The value of each position, ascending, where positions are not the values themselves.
  public let levels: [Double]

  public static let epochs = FidelityAxis(unchecked: "epoch", unit: "epoch", levels: [])

  private init(unchecked name: String, unit: String, levels: [Double]) {
    self.name = name
    self.unit = unit
    self.levels = levels
  }

  /// Nil for a name that is no word, and for levels that do not ascend.
  public init?(name: String, unit: String, levels: [Double] = []) {
    guard PlainName.isWord(name), levels.allSatisfy(\.isFinite), zip(levels, levels.dropFirst()).allSatisfy(<) else {
      return nil
    }
    self.init(unchecked: name, unit: unit, levels: levels)
  }

  /// The value at a position: its level, or the position itself.
  public func value(at position: Int) -> Double? {
    levels.isEmpty ? Double(position) : levels.indices.contains(position - 1) ? levels[position - 1] : nil
  }

  /// A position in words: `7`, or `3 (0.5 fraction)` where positions are not the values.
  public func words(_ position: Int) -> String {
    guard !levels.isEmpty, let value = value(at: position) else { return "\(position)" }
    return "\(position) (\(value) \(unit))"
  }

  private enum CodingKeys: String, CodingKey { case name, unit, levels }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard
      let axis = FidelityAxis(
        name: try container.decode(String.self, forKey: .name), unit: try container.decode(String.self, forKey: .unit),
        levels: try container.decodeIfPresent([Double].self, forKey: .levels) ?? [])
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container,
        debugDescription: "an axis has a name in \(PlainName.allowed), a unit, and levels that ascend, if any")
    }
    self = axis
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(unit, forKey: .unit)
    if !levels.isEmpty { try container.encode(levels, forKey: .levels) }
  }
}
