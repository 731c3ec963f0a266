import Benchmarks
import NIOCore
import Records
import Store

/// An atlas as lines of NDJSON, a chunk at a time: what is written is let go before more is read. Of a sealed atlas no
/// line tells a test value.
struct ExportLines: Sendable {
  let benchmark: Benchmark
  let settings: [Setting]
  /// Of the whole atlas; else of the settings.
  let isWhole: Bool
  let memory: AnswerMemory

  private var atlas: Atlas { benchmark.atlas }

  /// All of an atlas; or one setting, where `question` names its space, data set or protocol. Throws what exists where the
  /// names leave none or several.
  init(of benchmark: Benchmark, _ question: Question, memory: AnswerMemory) throws {
    self.benchmark = benchmark
    self.memory = memory
    isWhole = [question.space, question.dataset, question.trainingProtocol].allSatisfy { $0 == nil }
    settings = isWhole ? benchmark.atlas.settings : [try benchmark.setting(question)]
  }

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

  /// Something whose rows are written one after the other.
  private enum Part {
    case cards
    case runs(Setting)
    case measurements(MeasuredQuantity, rows: Range<Int>)

    var rows: Range<Int> {
      switch self {
      case .cards: 0..<1
      case .runs(let setting): 0..<setting.runCount
      case .measurements(_, let rows): rows
      }
    }
  }

  private var parts: [Part] {
    [.cards] + settings.map { .runs($0) }
      + atlas.quantities.filter { isWanted($0) && benchmark.shows($0) }.flatMap { measured in
        atlas.spaces.filter { $0.name == measured.space }.map { .measurements(measured, rows: $0.rows) }
      }
  }

  /// Goes through the lines, a piece at a time.
  struct Cursor {
    private let lines: ExportLines
    private var parts: ArraySlice<Part>
    private var first = 0

    fileprivate init(_ lines: ExportLines) {
      self.lines = lines
      parts = lines.parts[...]
      first = parts.first?.rows.lowerBound ?? 0
    }

    /// The next lines, and the room that they have until they are sent; nil at the end.
    mutating func next() throws -> (lines: ByteBuffer, hold: AnswerMemory.Hold?)? {
      while let part = parts.first {
        guard first < part.rows.upperBound else {
          parts.removeFirst()
          first = parts.first?.rows.lowerBound ?? 0
          continue
        }
        let (count, hold) = lines.rows()
        let rows = first..<min(part.rows.upperBound, first + count)
        first = rows.upperBound
        return (try lines.text(of: part, rows), hold)
      }
      return nil
    }
  }

  func makeCursor() -> Cursor { Cursor(self) }

  private func text(of part: Part, _ rows: Range<Int>) throws -> ByteBuffer {
    switch part {
    case .cards: try cards()
    case .runs(let setting): try runs(rows, setting)
    case .measurements(let measured, _): try measurements(rows, measured)
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
    try atlas.forEachRecord(in: setting, runs: runs) { _, record in
      let record = benchmark.disclosure.shown(record)
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
    if let at = curve.at {
      json.raw("\"at\":[")
      json.raw(at.map(String.init).joined(separator: ","))
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
    for entry in try atlas.architectures(rows: rows) {
      guard let value = try measured.value(ofArchitecture: entry.row) else { continue }
      let measurement = ArchitectureMeasurement(
        space: entry.space, architecture: entry.canonicalText, quantity: measured.quantity, value: value,
        costSeconds: try measured.costSeconds(ofArchitecture: entry.row))
      json.raw(try JournalEntry.measurement(measurement).interchangeLine() + "\n")
    }
    return json.buffer
  }
}
