import Benchmarks
import Records
import Store

/// Several architectures: their values side by side, and their learning curves in one chart.
struct ComparePage {
  private struct Pair {
    let label: String
    let value: String
  }

  private struct Row {
    let architecture: ArchitectureNames.Entry
    let cells: [String]
    let runs: String
    let without: String
  }

  private struct View {
    let summary: String
    let path: String
    let hidden: [Pair]
    let charts: [ChartView]
    let noCurves: String?
    let columns: [String]
    let rows: [Row]
    let legend: [ArchitectureNames.LegendItem]
    let barLegend: String?
  }

  /// Architectures at once.
  static let most = 10

  let atlas: PageAtlas
  let question: PageQuestion
  private let architectures: [ArchitectureEntry]

  init(_ atlas: PageAtlas, _ request: PageRequest) throws {
    self.atlas = atlas
    let question = try PageQuestion(atlas, request)
    self.question = question
    architectures = try Self.architectures(atlas, question, request)
  }

  static func architectures(
    _ atlas: PageAtlas, _ question: PageQuestion, _ request: PageRequest
  ) throws -> [ArchitectureEntry] {
    var found: [ArchitectureEntry] = []
    for text in request.values("a").prefix(most) {
      let entry = try atlas.benchmark.architecture(text, space: question.setting.space)
      if !found.contains(where: { $0.row == entry.row }) { found.append(entry) }
    }
    guard !found.isEmpty else { throw PageError.noArchitecture }
    return found
  }

  func page() throws -> Page {
    let path = "\(atlas.path)/compare"
    let query = question.measureQuery
    let texts = architectures.map(\.canonicalText)
    let own = texts.map { ("a", $0) }
    let names = ArchitectureNames(atlas, space: question.setting.space)
    let fields = try question.columns()
    let hasCurves = AtlasCharts(question).hasCurves(architectures)
    let view = View(
      summary: "\(question.heading(question.own)) on \(question.setting.dataset); \(texts.count) of up to \(Self.most) "
        + "architectures.",
      path: path, hidden: (query + own).filter { !$0.1.isEmpty }.map { Pair(label: $0.0, value: $0.1) },
      charts: hasCurves
        ? [
          ChartView(
            source: HTML.link("\(atlas.path)/charts/curves", query + own), label: "Learning curves",
            caption: "One line per run, one color per architecture.", height: 420, zoom: "xy")
        ] : [],
      noCurves: hasCurves
        ? nil : "The atlas has no learning curves of \(question.measureWords) for these architectures.",
      columns: ([question.own] + fields).map(question.heading), rows: try rows(fields, names, path),
      legend: names.legend(texts), barLegend: names.barLegend)
    return Layout.page(
      "compare", view, title: "Compare",
      crumbs: [
        .init(label: atlas.name, link: atlas.path), .init(label: "Compare", link: HTML.link(path, query + own)),
      ])
  }

  private func rows(_ fields: [FilterField], _ names: ArchitectureNames, _ path: String) throws -> [Row] {
    let query = question.measureQuery
    let texts = architectures.map(\.canonicalText)
    let table = try atlas.benchmark.table(of: fields, rows: architectures.map(\.row), in: question.setting)
    let values = try architectures.map { try question.lookup.value(ofArchitecture: $0.row) }
    let columns = [values] + fields.indices.map { field in table.values.map { $0[field] } }
    let cells = columns.map(NumberWords.column)
    return try architectures.enumerated().map { index, entry in
      let text = entry.canonicalText
      let others = texts.filter { $0 != text }
      return Row(
        architecture: names.entry(text, link: HTML.link("\(atlas.path)/architecture", [("a", text)] + query)),
        cells: cells.map { $0[index] },
        runs: NumberWords.count(try question.setting.runs(ofArchitecture: entry.row).count, "run"),
        without: others.isEmpty ? atlas.path : HTML.link(path, query + others.map { ("a", $0) }))
    }
  }
}
