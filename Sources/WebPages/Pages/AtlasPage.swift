import Benchmarks
import Foundation
import Records
import Store

/// One atlas: charts of a measure, and its rows.
struct AtlasPage {
  private struct Choice {
    let label: String
    let isChosen: Bool
  }

  private struct Column {
    let label: String
    let link: String
    /// `ascending` or `descending` where rows are sorted by it.
    let order: String?
  }

  private struct Row {
    let rank: String
    let text: String
    let link: String
    let cells: [String]
  }

  private struct View {
    let name: String
    let path: String
    let title: String?
    let settings: [Choice]
    let measures: [Choice]
    let costs: [Choice]
    let hasCosts: Bool
    let condition: String
    let example: String
    let setting: String
    let measure: String
    let exampleArchitecture: String
    let summary: String
    let facets: [Facet]
    let whole: String?
    let charts: [ChartView]
    let columns: [Column]
    let rows: [Row]
    let before: String?
    let next: String?
    let place: String
    let csv: String
    let json: String
    let ndjson: String
    let curl: String
    let python: String?
    let sources: [SourceView]
  }

  /// Rows of one page.
  static let rowsAPage = 25

  let atlas: PageAtlas
  let question: PageQuestion
  let origin: String

  init(_ atlas: PageAtlas, _ request: PageRequest) throws {
    self.atlas = atlas
    question = try PageQuestion(atlas, request)
    origin = request.origin
  }

  func page() throws -> Page {
    let table = atlas.benchmark.atlas
    let setting = question.setting
    let costs = PageQuestion.costs(atlas, setting)
    let fields = Self.columns(question, costs)
    let last = question.page * Self.rowsAPage
    let found = try question.places(last, fields: fields)
    let shown = found.places.dropFirst(last - Self.rowsAPage)
    let own = FilterField(path: [question.measure.metric.name, question.measure.split.rawValue])
    let example = found.places.first?.architecture.canonicalText ?? ""
    let api = Snippets(atlas, question, origin)
    let view = View(
      name: atlas.name, path: atlas.path, title: table.title,
      settings: table.settings.filter { !atlas.measures($0).isEmpty }.map {
        Choice(label: atlas.settingName($0), isChosen: $0.id == setting.id)
      },
      measures: atlas.measures(setting).map {
        Choice(label: PageQuestion.name($0), isChosen: $0 == question.measure)
      },
      costs: costs.map { Choice(label: $0.text, isChosen: $0 == question.against) }, hasCosts: !costs.isEmpty,
      condition: question.condition,
      example: costs.first.map { "\($0.text) < …" } ?? "\(own.text) > …", setting: atlas.settingName(setting),
      measure: PageQuestion.name(question.measure), exampleArchitecture: example,
      summary: summary(found.candidates), facets: try Facet.all(question),
      whole: question.condition.isEmpty
        ? nil : HTML.link(atlas.path, question.query.map { $0.0 == "where" ? ("where", "") : $0 }), charts: charts(),
      columns: ([own] + fields).map { column($0, own) },
      rows: shown.map { place in
        let text = place.architecture.canonicalText
        let value = question.sort == nil && !question.isReversed ? place.value : place.fields[own.text]
        return Row(
          rank: "\(place.rank)", text: text,
          link: HTML.link("\(atlas.path)/architecture", [("a", text)] + measureQuery),
          cells: [value.map(NumberWords.value) ?? "–"]
            + fields.map { place.fields[$0.text].map(NumberWords.value) ?? "–" })
      }, before: question.page > 1 ? link(page: question.page - 1) : nil,
      next: last < found.candidates ? link(page: question.page + 1) : nil,
      place: shown.isEmpty
        ? "nothing"
        : "\(NumberWords.count(last - Self.rowsAPage + 1)) to "
          + "\(NumberWords.count(last - Self.rowsAPage + shown.count)) of \(NumberWords.count(found.candidates))",
      csv: HTML.link("\(atlas.path)/table.csv", question.query + order),
      json: HTML.link("\(atlas.path)/table.json", question.query + order),
      ndjson: "/v1\(atlas.path)/export", curl: api.rankingCurl, python: api.rankingPython,
      sources: SourceView.all(table))
    return Layout.page(
      "atlas", view, title: atlas.name, crumbs: [.init(label: atlas.name, link: atlas.path)])
  }

  private var measureQuery: [(String, String)] { Array(question.query.prefix(3)) }

  private var order: [(String, String)] {
    [("sort", question.sort?.text ?? ""), ("order", question.isReversed ? "reversed" : "")]
  }

  private func link(page: Int) -> String {
    HTML.link(atlas.path, question.query + order + [("page", page == 1 ? "" : "\(page)")])
  }

  /// A heading that sorts by its field, or the other way around where it does already.
  private func column(_ field: FilterField, _ own: FilterField) -> Column {
    let isSorted = (question.sort ?? own) == field
    let usual =
      field == own && !question.lookup.card.largerIsBetter
      || field != own
        && atlas.benchmark.direction(of: field, in: question.setting) == .minimise
    let isAscending = usual != question.isReversed
    let name = field == own ? question.measure.metric.name + " " + question.measure.split.rawValue : field.text
    return Column(
      label: name + (isSorted ? (isAscending ? " ↑" : " ↓") : ""),
      link: HTML.link(
        atlas.path,
        question.query + [
          ("sort", field == own ? "" : field.text), ("order", isSorted && !question.isReversed ? "reversed" : ""),
        ]), order: isSorted ? (isAscending ? "ascending" : "descending") : nil)
  }

  /// The other splits of the metric, then up to five costs.
  static func columns(_ question: PageQuestion, _ costs: [FilterField]) -> [FilterField] {
    let siblings = question.atlas.measures(question.setting).filter {
      $0.metric == question.measure.metric && $0.split != question.measure.split
    }
    return siblings.map { FilterField(path: [$0.metric.name, $0.split.rawValue]) } + costs.prefix(5)
  }

  private func summary(_ candidates: Int) -> String {
    let card = question.lookup.card
    let way = card.largerIsBetter ? "larger is better" : "smaller is better"
    let parts = try? FilterParts(question.filter)
    let condition = parts?.architectures.map { " where \($0.canonicalText)" } ?? ""
    let runs = parts?.runs.map { "mean over runs where \($0.canonicalText)" } ?? "mean over seeds"
    return "\(NumberWords.count(candidates)) architectures\(condition); \(card.name) in \(card.unit) on "
      + "\(question.measure.split.rawValue), \(way), \(runs)."
  }

  private func charts() -> [ChartView] {
    func source(_ name: String) -> String { HTML.link("\(atlas.path)/charts/\(name)", question.query) }
    let measure = question.measure.metric.name
    var charts = [
      ChartView(
        source: source("distribution"), label: "How \(measure) is distributed",
        caption: (try? AtlasCharts(question).quartiles()) ?? "")
    ]
    if let against = question.against {
      charts.append(
        ChartView(
          source: source("trade-off"), label: "\(measure) against \(against.text), with the Pareto front",
          caption: "Red: Pareto-optimal."))
    }
    if AtlasCharts(question).correlated.count > 1 {
      charts.append(
        ChartView(
          source: source("correlation"), label: "Rank correlation of \(measure) between settings",
          caption: "Kendall's τ over architectures that both have."))
    }
    return charts
  }
}
