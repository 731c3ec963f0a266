import Benchmarks
import NIOCore
import Records
import Store

/// An atlas as lines of NDJSON, a chunk at a time: what is written is let go before more is read. Of a sealed atlas no
/// line tells a test value.
struct ExportLines: Sendable {
  let atlas: ServedAtlas
  let settings: [Setting]
  /// Of the whole atlas; else of the settings.
  let isWhole: Bool
  let memory: AnswerMemory

  /// Runs, or architectures, that are read at once, and bytes of lines that they make at most, as a rule.
  private static let rowsAtOnce = 128
  private static let bytesAtOnce = 1_048_576
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
    for measured in atlas.atlas.quantities where isWanted(measured) && atlas.benchmark.shows(measured) {
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

  /// Of chosen settings come the measurements of their spaces that are of their data and protocols, or of none.
  private func isWanted(_ measured: MeasuredQuantity) -> Bool {
    isWhole
      || settings.contains { setting in
        let quantity = measured.quantity
        return measured.space == setting.space && (quantity.dataset ?? setting.dataset) == setting.dataset
          && (quantity.protocolDigest ?? setting.protocolDigest) == setting.protocolDigest
      }
  }

  private func cards() throws -> ByteBuffer {
    let atlas = atlas.atlas
    var cards = atlas.sourceCards.map { JournalEntry.source($0) }
    cards += atlas.spaces.compactMap(\.card).map { .space($0) }
    cards += atlas.metricCards.map { .metric($0) }
    cards += atlas.datasetCards.map { .dataset($0) }
    cards += atlas.protocolCards.map { .trainingProtocol($0) }
    var json = JSONText(capacity: NDJSON.chunkBytes)
    for card in cards { json.raw(try card.interchangeLine() + "\n") }
    return json.buffer
  }

  private func runs(_ runs: Range<Int>, _ setting: Setting) throws -> ByteBuffer {
    var json = JSONText(capacity: NDJSON.chunkBytes)
    try atlas.atlas.forEachRecord(in: setting, runs: runs) { _, record in
      let record = atlas.disclosure.shown(record)
      json.raw("{\"run\":{\"curves\":[")
      for (index, curve) in record.curves.enumerated() {
        if index > 0 { json.raw(",") }
        write(curve, &json)
      }
      json.raw("],")
      // Curves are most of a record, so they are written without detours, and the rest as everything is.
      let rest = try CanonicalJSON.text(WrittenRun(record, hasCurves: false))
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
      json.raw(try JournalEntry.measurement(measurement).interchangeLine() + "\n")
    }
    return json.buffer
  }
}
