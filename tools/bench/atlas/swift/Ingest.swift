import Benchmarks
import Foundation
import Records
import Spaces
import Store

/// How fast journals and NDJSON files come into a new working file, each commit included.
final class Ingest: Subject {
  private enum Table: String {
    /// Eight final values a run: 15,625 cells on three data sets with three seeds.
    case rows
    /// Four curves of 100 epochs a run: 15,625 cells.
    case curves

    /// Numbers of runs in a journal and in an NDJSON file, which is read more slowly.
    var runs: (journal: Int, lines: Int) { self == .rows ? (9 * Values.cells, Values.cells) : (Values.cells, 2_000) }
    /// What is counted, a run.
    var count: Int { self == .rows ? 8 : 4 }
  }

  private let folder: String

  init(folder: String) { self.folder = folder + "/ingest" }

  func prepare() throws -> Prepared {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for table in [Table.rows, .curves] {
      if !FileManager.default.fileExists(atPath: path(table, "journal")) { try makeJournal(table) }
      if !FileManager.default.fileExists(atPath: path(table, "ndjson")) { try makeLines(table) }
    }
    return Prepared()
  }

  func rate(_ kind: String) throws -> Double {
    let isLines = kind.hasPrefix("ndjson-")
    guard let table = Table(rawValue: isLines ? String(kind.dropFirst(7)) : kind) else {
      throw Complaint("no rate of \(kind)")
    }
    let working = folder + "/working.sqlite"
    func remove() {
      for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: working + suffix) }
    }
    remove()
    defer { remove() }
    let runs = isLines ? table.runs.lines : table.runs.journal
    let start = Clock.nanoseconds()
    let store = try WorkingStore(path: working)
    try store.ingest(files: [path(table, isLines ? "ndjson" : "journal")], reading: CatalogueReader())
    let seconds = Double(Clock.nanoseconds() - start) * 1e-9
    guard try store.runCount() == runs else { throw Complaint("\(try store.runCount()) of \(runs) runs came in") }
    return Double(runs * table.count) / seconds
  }

  // MARK: Files

  private func path(_ table: Table, _ ending: String) -> String { "\(folder)/\(table.rawValue).\(ending)" }

  private func makeJournal(_ table: Table) throws {
    let partial = path(table, "part")
    let journal = try JournalFile(partial)
    for card in try Self.cards() { try journal.append(card) }
    let maker = try Maker(table)
    try journal.append(0..<table.runs.journal) { [maker.run($0)] }
    try journal.flush()
    try SystemFile.rename(partial, to: path(table, "journal"))
  }

  private func makeLines(_ table: Table) throws {
    let maker = try Maker(table)
    var entries = try Self.cards()
    entries += (0..<table.runs.lines).map { .run(maker.run($0)) }
    var text = Data()
    for entry in entries { text += try Self.line(entry) + Data("\n".utf8) }
    try text.write(to: URL(fileURLWithPath: path(table, "ndjson")), options: .atomic)
  }

  private static let protocolSettings: JSONValue = .object(["epochs": .integer(100)])

  private static func cards() throws -> [JournalEntry] {
    [
      .source(SourceCard(name: "synthetic", title: "Synthetic", origin: "a formula", license: nil, citation: "none")),
      .trainingProtocol(try ProtocolCard(name: "bench", settings: protocolSettings)),
    ] + SyntheticTable.metricCards
      + Values.dataSets.map { name in
        .dataset(
          DatasetCard(
            name: name, digest: nil, title: name, task: "none", source: "a formula", license: nil, citation: "none",
            splitMeaning: "none", primaryMetric: .accuracyPercent, knownDefects: []))
      }
  }

  /// Makes run number n of a table.
  private struct Maker: Sendable {
    let table: Table
    let texts: [String]
    let protocolDigest: Digest256

    init(_ table: Table) throws {
      self.table = table
      let space = try SpaceCatalogue().space(table == .rows ? "nasbench201" : "spikenas")
      texts = try (0..<Values.cells).map {
        let digits = String($0, radix: 5)
        return try space.canonicalText(
          of: table == .rows
            ? "digits:" + String(repeating: "0", count: 6 - digits.count) + digits : "id:\($0)")
      }
      protocolDigest = try ProtocolCard(name: "bench", settings: Ingest.protocolSettings).digest
    }

    func run(_ number: Int) -> RunRecord {
      let group = number / Values.cells
      return RunRecord(
        key: RunKey(
          space: table == .rows ? "nasbench201" : "spikenas", architecture: texts[number % Values.cells],
          dataset: Values.dataSets[group % 3], datasetDigest: nil, protocolDigest: protocolDigest,
          seed: .unnamed(UInt64(group / 3 + 1))),
        origin: Origin(kind: .exhaustive), curves: table == .rows ? finals(number) : curves(number),
        source: "synthetic")
    }

    private func finals(_ number: Int) -> [Curve] {
      SyntheticTable.measures.enumerated().map { place, measure in
        let drawn = Draws.output(seed: 301, UInt64(8 * number + place)) % 100_000_001
        return Curve(
          metric: measure.metric, split: measure.split, values: [Double(drawn) / 1e6],
          at: [measure.isHalfway ? 100 : 200])
      }
    }

    /// By the formula of `synthetic.py` for curves.
    private func curves(_ number: Int) -> [Curve] {
      let measures: [(Metric, Split)] = [
        (.accuracyPercent, .train), (.loss, .train), (.accuracyPercent, .validation), (.loss, .validation),
      ]
      return measures.enumerated().map { place, measure in
        let values = (0..<100).map { epoch in
          let drawn = Draws.output(seed: 201, UInt64((number * 100 + epoch) * 4 + place))
          return Double(place % 2 == 0 ? 10_000 + drawn % 85_001 : drawn % 2_501) / 1_000
        }
        return Curve(metric: measure.0, split: measure.1, values: values)
      }
    }
  }

  /// The entry as an interchange file has it: the digest of a protocol follows from its settings.
  private static func line(_ entry: JournalEntry) throws -> Data {
    guard case .trainingProtocol(let card) = entry else { return try CanonicalJSON.encode(entry) }
    return try CanonicalJSON.encode([
      "protocol": JSONValue.object(["name": .string(card.name), "settings": card.settings])
    ])
  }
}
