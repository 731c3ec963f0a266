import Benchmarks
import Foundation
import Records
import Store
import Testing

/// Atlases of a part of another, against the plain numbers of the table.
@Suite struct PartTests {
  let table: GridTable
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try GridTable.shared() }

  /// The part as an atlas of its own.
  private func extracted(_ choice: AtlasPartChoice) throws -> (part: AtlasPart, atlas: Atlas, folder: Folder) {
    let folder = try Folder()
    let part = try benchmark.part(choice)
    let working = try WorkingStore(path: folder.path("working.sqlite"))
    try working.ingest(part.atlas, runs: part.runs, architectures: part.architectures, reading: CatalogueReader())
    try working.publish(to: folder.path("part.atlas"), title: benchmark.atlas.title)
    return (part, try Atlas(path: folder.path("part.atlas")), folder)
  }

  private final class Folder {
    private let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "nasatlas-part-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  }

  private func records(_ atlas: Atlas) throws -> [RunRecord] {
    var found: [RunRecord] = []
    for setting in atlas.settings { try atlas.forEachRecord(in: setting) { _, record in found.append(record) } }
    return found
  }

  private func texts(_ atlas: Atlas) throws -> Set<String> {
    Set(try atlas.architectures(rows: 1..<(try atlas.architectureCount()) + 1).map(\.canonicalText))
  }

  @Test func aConditionTakesArchitecturesWithAllTheirRuns() throws {
    let (part, atlas, folder) = try extracted(AtlasPartChoice(dataset: "first", condition: "parameters <= 400"))
    defer { withExtendedLifetime(folder) {} }
    let expected = table.rows.filter { row in row.parameters <= 400 && row.runs.contains { $0.status == .completed } }
    #expect(!expected.isEmpty && expected.count < table.rows.count)
    #expect(try texts(atlas) == Set(expected.map(\.architecture)))
    #expect(part.architectureCount == expected.count)
    let wanted = Set(expected.map(\.architecture))
    let original = try records(benchmark.atlas).filter {
      $0.key.dataset == "first" && wanted.contains($0.key.architecture)
    }
    #expect(Set(try records(atlas)) == Set(original) && part.runCount == original.count)
    // Runs that did not complete come along.
    #expect(
      original.contains { $0.status == .diverged } == expected.contains { $0.runs.contains { $0.status == .diverged } })
    let measured = expected.filter { $0.latency != nil }.count
    let latency = try #require(atlas.quantities.first { $0.quantity.name == "latency" })
    #expect(latency.count == measured)
    #expect(atlas.datasetCards.map(\.name) == ["first"])
  }

  @Test func aConditionOnRunsTakesThoseRunsAlone() throws {
    let (_, atlas, folder) = try extracted(AtlasPartChoice(condition: "seed = 20"))
    defer { withExtendedLifetime(folder) {} }
    let found = try records(atlas)
    #expect(!found.isEmpty && found.allSatisfy { $0.key.seed == .recorded(20) })
    #expect(found.count == (try records(benchmark.atlas)).count { $0.key.seed == .recorded(20) })
  }

  /// Without any condition the part is the atlas.
  @Test func theWholeIsTheSame() throws {
    let (part, atlas, folder) = try extracted(AtlasPartChoice())
    defer { withExtendedLifetime(folder) {} }
    #expect(atlas.manifest.tables == benchmark.atlas.manifest.tables)
    #expect(part.architectureCount == table.rows.count)
  }

  @Test func aDrawFollowsFromItsSeed() throws {
    func drawn(_ draw: AtlasPartChoice.Draw, _ seed: UInt64, _ condition: String? = nil) throws -> [Int] {
      let part = try benchmark.part(AtlasPartChoice(condition: condition, draw: draw, seed: seed))
      return part.architectures.indices.filter { part.architectures[$0] }
    }
    let third = try drawn(.fraction(1.0 / 3), 1)
    #expect(third.count == 16)
    #expect(try drawn(.fraction(1.0 / 3), 1) == third)
    #expect(try drawn(.fraction(1.0 / 3), 2) != third)
    #expect(try drawn(.count(7), 3).count == 7)
    #expect(try drawn(.count(1_000), 3).count == table.rows.count)
    // Only what passes is drawn from.
    let wide = try drawn(.count(5), 1, "width = 128")
    let texts = try benchmark.atlas.architectures(rows: 1..<table.rows.count + 1).map(\.canonicalText)
    #expect(wide.count == 5 && wide.allSatisfy { texts[$0].contains("width=128") })
    let error = #expect(throws: BenchmarkError.self) { try drawn(.fraction(0.001), 1) }
    #expect(error?.code == "benchmarks.empty_part")
  }

  @Test func listsAndMistakes() throws {
    let texts = try benchmark.atlas.architectures(rows: 1..<table.rows.count + 1).map(\.canonicalText)
    let narrow = texts.indices.filter { texts[$0].contains("width=16") }
    let wide = texts.indices.filter { !texts[$0].contains("width=16") }
    let part = try benchmark.part(
      AtlasPartChoice(condition: "width = 16", places: Set(narrow.prefix(2) + wide.prefix(2))))
    #expect(part.architectures.indices.filter { part.architectures[$0] } == Array(narrow.prefix(2)))
    #expect(throws: BenchmarkError.self) { try benchmark.part(AtlasPartChoice(dataset: "frist")) }
    #expect(throws: FilterError.self) { try benchmark.part(AtlasPartChoice(condition: "widht = 16")) }
    let error = #expect(throws: BenchmarkError.self) { try benchmark.part(AtlasPartChoice(condition: "width = 17")) }
    #expect(error?.code == "benchmarks.empty_part")
  }
}
