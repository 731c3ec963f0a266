import Benchmarks
import Records
import Store

/// Learning curves of several architectures in one chart.
struct ComparePage {
  private struct Pair {
    let label: String
    let value: String
  }

  private struct Row {
    let text: String
    let link: String
    let value: String
    let runs: String
    let without: String
  }

  private struct View {
    let summary: String
    let path: String
    let hidden: [Pair]
    let charts: [ChartView]
    let measure: String
    let rows: [Row]
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
    let query = Array(question.query.prefix(3))
    let texts = architectures.map(\.canonicalText)
    let own = texts.map { ("a", $0) }
    let view = View(
      summary: "\(question.measure.metric.name) on \(question.measure.split.rawValue) of \(question.setting.dataset), "
        + "\(texts.count) of up to \(Self.most) architectures.",
      path: path, hidden: (query + own).filter { !$0.1.isEmpty }.map { Pair(label: $0.0, value: $0.1) },
      charts: [
        ChartView(
          source: HTML.link("\(atlas.path)/charts/curves", query + own), label: "Learning curves",
          caption: "One line per run, one color per architecture.")
      ], measure: "\(question.measure.metric.name) \(question.measure.split.rawValue)",
      rows: try architectures.map { entry in
        let others = texts.filter { $0 != entry.canonicalText }
        return Row(
          text: entry.canonicalText,
          link: HTML.link("\(atlas.path)/architecture", [("a", entry.canonicalText)] + query),
          value: try question.lookup.value(ofArchitecture: entry.row).map(NumberWords.value) ?? "–",
          runs: "\(try question.setting.runs(ofArchitecture: entry.row).count)",
          without: others.isEmpty ? atlas.path : HTML.link(path, query + others.map { ("a", $0) }))
      })
    return Layout.page(
      "compare", view, title: "Compare",
      crumbs: [
        .init(label: atlas.name, link: atlas.path), .init(label: "Compare", link: HTML.link(path, query + own)),
      ])
  }
}
