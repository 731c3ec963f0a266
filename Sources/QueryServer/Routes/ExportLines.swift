import Benchmarks
import NIOCore
import Records
import Store

/// An atlas as lines of NDJSON, a chunk at a time: what is written is let go before more is read. Of a sealed atlas no
/// line tells a test value.
struct ExportLines: Sendable {
  let atlas: ServedAtlas
  let settings: [Setting]
  let hasMeasurements: Bool
  let memory: AnswerMemory

  /// Runs, or architectures, that are read at once, and bytes of lines that they make at most, as a rule.
  private static let rowsAtOnce = 512
  private static let bytesAtOnce = 4_194_304
  /// Rows at once where other answers leave no room: slower, and as little as a connection holds anyway.
  private static let fewRows = 16

  /// How many rows to read now, and the room for their lines.
  private func rows() -> (count: Int, hold: AnswerMemory.Hold?) {
    let hold = memory.hold(Self.bytesAtOnce)
    return (hold == nil ? Self.fewRows : Self.rowsAtOnce, hold)
  }

  func write(_ send: (ByteBuffer) async throws -> Void) async throws {
    try await send(cards())
    for setting in settings {
      var first = 0
      while first < setting.runCount {
        let (count, hold) = rows()
        let end = min(setting.runCount, first + count)
        try await send(runs(first..<end, setting))
        withExtendedLifetime(hold) {}
        first = end
      }
    }
    guard hasMeasurements else { return }
    for measured in atlas.atlas.quantities where !isSecret(measured.quantity) {
      for rows in atlas.atlas.spaces.filter({ $0.name == measured.space }).map(\.rows) {
        var first = rows.lowerBound
        while first < rows.upperBound {
          let (count, hold) = self.rows()
          let end = min(rows.upperBound, first + count)
          try await send(measurements(first..<end, measured))
          withExtendedLifetime(hold) {}
          first = end
        }
      }
    }
  }

  private func cards() throws -> ByteBuffer {
    let atlas = atlas.atlas
    var json = JSONText(capacity: NDJSON.chunkBytes)
    func add(_ name: StaticString, _ card: some Encodable) throws {
      json.raw("{\"")
      json.raw(name)
      json.raw("\":")
      json.raw(try CanonicalJSON.text(card))
      json.raw("}\n")
    }
    for card in atlas.sourceCards { try add("source", card) }
    for card in atlas.spaces.compactMap(\.card) { try add("space", card) }
    for card in atlas.metricCards { try add("metric", card) }
    for card in atlas.datasetCards { try add("dataset", card) }
    for card in atlas.protocolCards { try add("protocol", ProtocolLine(card)) }
    return json.buffer
  }

  /// A protocol as a line has it: its digest follows.
  private struct ProtocolLine: Encodable {
    let name: String?
    let settings: JSONValue

    init(_ card: ProtocolCard) {
      name = card.name
      settings = card.settings
    }
  }

  private func runs(_ runs: Range<Int>, _ setting: Setting) throws -> ByteBuffer {
    var json = JSONText(capacity: NDJSON.chunkBytes)
    try atlas.atlas.forEachRecord(in: setting, runs: runs) { _, record in
      let record = atlas.isSealed ? withoutSecrets(record) : record
      json.raw("{\"run\":{\"curves\":[")
      for (index, curve) in record.curves.enumerated() {
        if index > 0 { json.raw(",") }
        write(curve, &json)
      }
      json.raw("],")
      // Curves are most of a record, so they are written without detours, and the rest as everything is.
      let rest = try CanonicalJSON.text(RecordWithoutCurves(record))
      json.raw(String(rest.dropFirst()))
      json.raw("}\n")
    }
    return json.buffer
  }

  private func write(_ curve: Curve, _ json: inout JSONText) {
    json.raw("{")
    if let epochs = curve.epochs {
      json.raw("\"epochs\":[")
      json.raw(epochs.map(String.init).joined(separator: ","))
      json.raw("],")
    }
    json.raw("\"metric\":")
    json.text(curve.metric.name)
    json.raw(",\"split\":")
    json.text(curve.split.rawValue)
    json.raw(",\"values\":[")
    for (index, value) in curve.values.enumerated() {
      if index > 0 { json.raw(",") }
      json.number(value)
    }
    json.raw("]}")
  }

  private func measurements(_ rows: Range<Int>, _ measured: MeasuredQuantity) throws -> ByteBuffer {
    var json = JSONText(capacity: NDJSON.chunkBytes)
    for entry in try atlas.atlas.architectures(rows: rows) {
      guard let value = try measured.value(ofArchitecture: entry.row) else { continue }
      let measurement = ArchitectureMeasurement(
        space: entry.space, architecture: entry.canonicalText, quantity: measured.quantity, value: value,
        costSeconds: try measured.costSeconds(ofArchitecture: entry.row))
      json.raw("{\"measurement\":")
      json.raw(try CanonicalJSON.text(measurement))
      json.raw("}\n")
    }
    return json.buffer
  }

  // MARK: Seal

  private func isSecret(_ quantity: Quantity) -> Bool { atlas.isSealed && ServedAtlas.isSecret(quantity) }

  private func withoutSecrets(_ record: RunRecord) -> RunRecord {
    var record = record
    record.curves.removeAll { !ServedAtlas.isOpen($0.split) || ServedAtlas.isSecret($0.metric.name) }
    record.score?.test = nil
    record.statusDetail = nil
    record.attributes = record.attributes.filter { !ServedAtlas.isSecret($0.key) }
    return record
  }
}

/// All of a run but its curves.
private struct RecordWithoutCurves: Encodable {
  let key: RunKey
  let status: RunStatus
  let score: Score?
  let counts: Counts?
  let costs: Costs?
  let origin: Origin?
  let statusDetail: String?
  let teachers: [Digest256]
  let provenance: Provenance?
  let source: String?
  let attributes: [String: JSONValue]

  init(_ record: RunRecord) {
    key = record.key
    status = record.status
    score = record.score
    counts = record.counts
    costs = record.costs
    origin = record.origin
    statusDetail = record.statusDetail
    teachers = record.teachers
    provenance = record.provenance
    source = record.source
    attributes = record.attributes
  }
}
