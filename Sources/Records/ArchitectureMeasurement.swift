/// What is measured of an architecture without training it, or what a source repeats for each of its trainings.
public struct Quantity: Hashable, Sendable, Codable {
  /// For example `latency`, `energy`, `synflow`, `train_seconds`.
  public var name: String
  /// For example `millisecond`, `joule`, `second`; `1` for a number without unit.
  public var unit: String
  /// Where it was measured, for example `raspi4`.
  public var device: String?
  /// What else fixes the value, by name, for example `batch`: `1`.
  public var conditions: [String: String]
  /// The data that it was computed on.
  public var dataset: String?
  /// The part of the data that it was computed on. A sealed atlas withholds a quantity of test data.
  public var split: Split?
  /// The protocol of the trainings that it is a cost of.
  public var protocolDigest: Digest256?
  /// Name of the ``SourceCard``.
  public var source: String?

  public init(
    name: String, unit: String, device: String? = nil, conditions: [String: String] = [:], dataset: String? = nil,
    split: Split? = nil, protocolDigest: Digest256? = nil, source: String? = nil
  ) {
    self.name = name
    self.unit = unit
    self.device = device
    self.conditions = conditions
    self.dataset = dataset
    self.split = split
    self.protocolDigest = protocolDigest
    self.source = source
  }
}

/// One value of a ``Quantity`` of one architecture.
public struct ArchitectureMeasurement: Hashable, Sendable, Codable {
  public var space: String
  /// Canonical text.
  public var architecture: String
  public var quantity: Quantity
  public var value: Double
  /// What it cost to measure, where the source tells.
  public var costSeconds: Double?

  public init(space: String, architecture: String, quantity: Quantity, value: Double, costSeconds: Double? = nil) {
    self.space = space
    self.architecture = architecture
    self.quantity = quantity
    self.value = value
    self.costSeconds = costSeconds
  }
}
