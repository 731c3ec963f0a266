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
    let glance: AtlasGlance
    let architectures: String
    let runs: String
    let measurements: String?
    let datasets: String
    let spaces: String
    let digest: String
    let citations: [String]
  }

  let atlases: [PageAtlas]
  let glances: AtlasGlances

  /// Names of data sets on a card.
  private static let shownDatasets = 6
  /// How long a visitor waits at most before work on a further atlas begins.
  private static let patience = Duration.seconds(2)

  func page() throws -> Page {
    let end = ContinuousClock.now + Self.patience
    let entries = try atlases.map { atlas in
      let table = atlas.benchmark.atlas
      let datasets = Set(table.settings.map(\.dataset)).sorted()
      let more = datasets.count - Self.shownDatasets
      return Entry(
        link: atlas.path, name: atlas.name, title: table.title, isSealed: atlas.isSealed,
        glance: glances.glance(atlas, until: end), architectures: NumberWords.count(try table.architectureCount()),
        runs: NumberWords.count(table.runCount),
        measurements: table.measurementCount > 0 ? NumberWords.count(table.measurementCount) : nil,
        datasets: datasets.prefix(Self.shownDatasets).joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""),
        spaces: table.spaces.map(\.name).joined(separator: ", "), digest: table.digest.short,
        citations: SourceView.citations(table))
    }
    return Layout.page("home", View(atlases: entries), title: "Atlases")
  }
}
