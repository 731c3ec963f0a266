import Foundation

// Entries as lines of the interchange. ``InterchangeReader`` reads each back as the same entry.

extension JournalEntry {
  /// The line of NDJSON that says the same, without its line feed.
  package func interchangeLine() throws -> String {
    func line(_ name: String, _ value: some Encodable) throws -> String {
      "{\"\(name)\":\(try CanonicalJSON.text(value))}"
    }
    return switch self {
    case .source(let card): try line("source", card)
    case .space(let card): try line("space", card)
    case .metric(let card): try line("metric", card)
    case .dataset(let card): try line("dataset", card)
    case .trainingProtocol(let card):
      try line("protocol", WrittenProtocol(name: card.name, settings: card.settings, fidelity: card.fidelity))
    case .run(let record): try line("run", WrittenRun(record))
    case .measurement(let measurement): try line("measurement", WrittenMeasurement(measurement))
    }
  }
}

/// A protocol as a line has it: its digest follows.
private struct WrittenProtocol: Encodable {
  let name: String
  let settings: JSONValue
  let fidelity: FidelityAxis?
}

/// A run as a line has it. Whoever writes curves otherwise leaves them out here.
package struct WrittenRun: Encodable {
  private let curves: [Curve]?
  private let record: RunRecord

  package init(_ record: RunRecord, hasCurves: Bool = true) {
    self.record = record
    curves = hasCurves ? record.curves : nil
  }

  private enum CodingKeys: String, CodingKey {
    case key, status, curves, score, counts, costs, origin, statusDetail, teachers, provenance, source, attributes
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(record.key, forKey: .key)
    try container.encode(record.status, forKey: .status)
    try container.encodeIfPresent(curves, forKey: .curves)
    try container.encodeIfPresent(record.score, forKey: .score)
    try container.encodeIfPresent(record.counts, forKey: .counts)
    try container.encodeIfPresent(record.costs, forKey: .costs)
    try container.encodeIfPresent(record.origin, forKey: .origin)
    try container.encodeIfPresent(record.statusDetail, forKey: .statusDetail)
    if !record.teachers.isEmpty { try container.encode(record.teachers, forKey: .teachers) }
    try container.encodeIfPresent(record.provenance, forKey: .provenance)
    try container.encodeIfPresent(record.source, forKey: .source)
    if !record.attributes.isEmpty { try container.encode(record.attributes, forKey: .attributes) }
  }
}

private struct WrittenMeasurement: Encodable {
  let space: String
  let architecture: String
  let quantity: String
  let unit: String
  let device: String?
  let conditions: [String: String]?
  let dataset: String?
  let split: Split?
  let protocolDigest: Digest256?
  let source: String?
  let value: Double
  let costSeconds: Double?

  init(_ measurement: ArchitectureMeasurement) {
    space = measurement.space
    architecture = measurement.architecture
    quantity = measurement.quantity.name
    unit = measurement.quantity.unit
    device = measurement.quantity.device
    conditions = measurement.quantity.conditions.isEmpty ? nil : measurement.quantity.conditions
    dataset = measurement.quantity.dataset
    split = measurement.quantity.split
    protocolDigest = measurement.quantity.protocolDigest
    source = measurement.quantity.source
    value = measurement.value
    costSeconds = measurement.costSeconds
  }
}
