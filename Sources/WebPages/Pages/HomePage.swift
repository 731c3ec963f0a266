import Benchmarks
import Records
import Store

/// All atlases, with what to cite.
struct HomePage {
  private struct View {
    let atlases: [Entry]
  }

  private struct Entry {
    let link: String
    let name: String
    let title: String?
    let isSealed: Bool
    let architectures: String
    let runs: String
    let measurements: String
    let datasets: String
    let spaces: String
    let digest: String
    let citations: [String]
  }

  let atlases: [PageAtlas]

  func page() throws -> Page {
    let entries = try atlases.map { atlas in
      let table = atlas.benchmark.atlas
      var citations: [String] = []
      for citation in table.sourceCards.map(\.citation) where !citation.isEmpty && !citations.contains(citation) {
        citations.append(citation)
      }
      return Entry(
        link: atlas.path, name: atlas.name, title: table.title, isSealed: atlas.isSealed,
        architectures: NumberWords.count(try table.architectureCount()), runs: NumberWords.count(table.runCount),
        measurements: NumberWords.count(table.measurementCount),
        datasets: Set(table.settings.map(\.dataset)).sorted().joined(separator: ", "),
        spaces: table.spaces.map(\.name).joined(separator: ", "), digest: table.digest.short, citations: citations)
    }
    return Layout.page("home", View(atlases: entries), title: "Atlases")
  }
}
