import Foundation

/// One line of an NDJSON file as it is written, before names of protocols are resolved.
enum InterchangeLine: Decodable {
  case card(JournalEntry)
  case run(InterchangeRun)
  case measurement(InterchangeMeasurement)

  static let members = ["source", "space", "metric", "dataset", "protocol", "run", "measurement"]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    guard container.allKeys.count == 1, let key = container.allKeys.first else {
      throw container.failure("a line must have exactly one of the keys \(Self.members.joined(separator: ", "))")
    }
    switch key.stringValue {
    case "run": self = .run(try container.decode(InterchangeRun.self, forKey: key))
    case "measurement": self = .measurement(try container.decode(InterchangeMeasurement.self, forKey: key))
    case "source":
      struct Files: Decodable { let files: [Strict<SourceCard.File>]? }
      _ = try container.decode(Files.self, forKey: key)
      self = .card(.source(try container.strict(SourceCard.self, key)))
    case "space": self = .card(.space(try container.decode(SpaceCard.self, forKey: key)))
    case "metric":
      struct Range: Decodable { let range: Strict<ValueRange>? }
      _ = try container.decode(Range.self, forKey: key)
      self = .card(.metric(try container.strict(MetricCard.self, key)))
    case "dataset":
      struct Parts: Decodable {
        struct Input: Decodable { let features: [Strict<DatasetInput.Feature>]? }
        let input: Strict<DatasetInput>?
        let targets: [Strict<DatasetTarget>]?
      }
      struct Features: Decodable { let input: Parts.Input? }
      _ = try container.decode(Parts.self, forKey: key)
      _ = try container.decode(Features.self, forKey: key)
      self = .card(.dataset(try container.strict(DatasetCard.self, key)))
    case "protocol":
      let written = try container.strict(InterchangeProtocol.self, key)
      self = .card(
        .trainingProtocol(
          try ProtocolCard(name: written.name, settings: written.settings, fidelity: written.fidelity?.value)))
    default:
      throw container.failure(
        "\(key.stringValue.debugDescription) is unknown; allowed: one of \(Self.members.joined(separator: ", "))")
    }
  }
}

/// A protocol by its name and settings; its digest follows from these.
struct InterchangeProtocol: InterchangeObject {
  static let members = ["name", "settings", "fidelity"]
  let name: String
  let settings: JSONValue
  let fidelity: Strict<FidelityAxis>?
}

/// A run whose protocol may be told by name.
struct InterchangeRun: Decodable {
  struct Key: Decodable {
    let space: String
    let architecture: String
    let dataset: String
    let datasetDigest: Digest256?
    let `protocol`: String?
    let protocolDigest: Digest256?
    let seed: Seed

    private enum CodingKeys: String, CodingKey, CaseIterable {
      case space, architecture, dataset, datasetDigest, `protocol`, protocolDigest, seed
    }
    static var members: [String] { CodingKeys.allCases.map(\.rawValue) }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try decoder.refuseUnknownMembers(Self.members)
      space = try container.decode(String.self, forKey: .space)
      architecture = try container.decode(String.self, forKey: .architecture)
      dataset = try container.decode(String.self, forKey: .dataset)
      datasetDigest = try container.decodeIfPresent(Digest256.self, forKey: .datasetDigest)
      `protocol` = try container.decodeIfPresent(String.self, forKey: .protocol)
      protocolDigest = try container.decodeIfPresent(Digest256.self, forKey: .protocolDigest)
      guard (`protocol` == nil) != (protocolDigest == nil) else {
        throw container.failure("a key must have either protocol or protocolDigest")
      }
      seed =
        if let number = try? container.decode(UInt64.self, forKey: .seed) {
          .recorded(number)
        } else {
          try container.strict(Seed.self, .seed)
        }
    }
  }

  let key: Key
  let record: RunRecord

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case key, status, curves, score, counts, costs, origin, statusDetail, teachers, provenance, source, attributes
  }
  static var members: [String] { CodingKeys.allCases.map(\.rawValue) }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try decoder.refuseUnknownMembers(Self.members)
    key = try container.decode(Key.self, forKey: .key)
    let placeholder = Digest256(of: "")
    record = RunRecord(
      key: RunKey(
        space: key.space, architecture: key.architecture, dataset: key.dataset, datasetDigest: key.datasetDigest,
        protocolDigest: key.protocolDigest ?? placeholder, seed: key.seed),
      origin: try container.strictIfPresent(Origin.self, .origin),
      status: try container.decodeIfPresent(RunStatus.self, forKey: .status) ?? .completed,
      statusDetail: try container.decodeIfPresent(String.self, forKey: .statusDetail),
      curves: try container.decodeIfPresent([InterchangeCurve].self, forKey: .curves)?.map(\.curve) ?? [],
      score: try container.strictIfPresent(Score.self, .score),
      counts: try container.counts(.counts),
      teachers: try container.decodeIfPresent([Digest256].self, forKey: .teachers) ?? [],
      costs: try container.costs(.costs),
      provenance: try container.provenance(.provenance),
      source: try container.decodeIfPresent(String.self, forKey: .source),
      attributes: try container.decodeIfPresent([String: JSONValue].self, forKey: .attributes) ?? [:])
  }
}

struct InterchangeCurve: Decodable {
  let curve: Curve

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case metric, split, values, at
  }
  static var members: [String] { CodingKeys.allCases.map(\.rawValue) }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try decoder.refuseUnknownMembers(Self.members)
    curve = Curve(
      metric: try container.decode(Metric.self, forKey: .metric),
      split: try container.decode(Split.self, forKey: .split),
      values: try container.decode([Double].self, forKey: .values),
      at: try container.decodeIfPresent([Int].self, forKey: .at))
  }
}

extension KeyedDecodingContainer {
  /// Throws for names that are no words, naming the first.
  fileprivate func counts(_ key: Key) throws -> Counts? {
    guard let counts = try decodeIfPresent(Counts.self, forKey: key) else { return nil }
    if let name = counts.values.keys.sorted().first(where: { !PlainName.isWord($0) }) {
      throw failure("the count \(name.debugDescription) is no name; allowed: \(PlainName.allowed)")
    }
    return counts
  }

  /// Throws for names that are no names of costs, for lists of different lengths, and for a total beside its list.
  fileprivate func costs(_ key: Key) throws -> Costs? {
    guard let costs = try strictIfPresent(Costs.self, key) else { return nil }
    if let problem = costs.problem { throw failure(problem) }
    return costs
  }

  fileprivate func provenance(_ key: Key) throws -> Provenance? {
    _ = try decodeIfPresent(ProvenanceParts.self, forKey: key)
    return try strictIfPresent(Provenance.self, key)
  }
}

private struct ProvenanceParts: Decodable { let device: Strict<Device>? }

/// A measurement, flat; it names its protocol by name or by digest.
struct InterchangeMeasurement: Decodable {
  let space: String
  let architecture: String
  let quantity: Quantity
  let `protocol`: String?
  let value: Double
  let costSeconds: Double?

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case space, architecture, quantity, unit, device, conditions, dataset, split, `protocol`, protocolDigest, source
    case value, costSeconds
  }
  static var members: [String] { CodingKeys.allCases.map(\.rawValue) }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try decoder.refuseUnknownMembers(Self.members)
    space = try container.decode(String.self, forKey: .space)
    architecture = try container.decode(String.self, forKey: .architecture)
    quantity = Quantity(
      name: try container.decode(String.self, forKey: .quantity),
      unit: try container.decode(String.self, forKey: .unit),
      device: try container.decodeIfPresent(String.self, forKey: .device),
      conditions: try container.decodeIfPresent([String: String].self, forKey: .conditions) ?? [:],
      dataset: try container.decodeIfPresent(String.self, forKey: .dataset),
      split: try container.decodeIfPresent(Split.self, forKey: .split),
      protocolDigest: try container.decodeIfPresent(Digest256.self, forKey: .protocolDigest),
      source: try container.decodeIfPresent(String.self, forKey: .source))
    `protocol` = try container.decodeIfPresent(String.self, forKey: .protocol)
    guard `protocol` == nil || quantity.protocolDigest == nil else {
      throw container.failure("a measurement must have either protocol or protocolDigest")
    }
    value = try container.decode(Double.self, forKey: .value)
    costSeconds = try container.decodeIfPresent(Double.self, forKey: .costSeconds)
  }
}
