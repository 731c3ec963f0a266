import Benchmarks
import Oracles
import Records
import Store

/// One atlas: charts of a measure, and its rows.
struct AtlasPage {
  private struct Column {
    let label: String
    let link: String
    /// `ascending` or `descending` where rows are sorted by it.
    let order: String?
  }

  private struct Row {
    let rank: String
    let architecture: ArchitectureNames.Entry
    let cells: [String]
  }

  private struct View {
    let name: String
    let title: String?
    let form: QuestionForm
    let setting: String
    let measure: String
    let path: String
    let summary: String
    let facets: [Facet]
    let whole: String?
    let charts: [ChartView]
    let relations: [ChartView]
    /// Why there are no rows; nil where there are some.
    let empty: String?
    let columns: [Column]
    let rows: [Row]
    let legend: [ArchitectureNames.LegendItem]
    let barLegend: String?
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
    let fields = try question.columns()
    let last = question.page * Self.rowsAPage
    let found = try question.places(last, fields: fields)
    let shown = Array(found.places.dropFirst(last - Self.rowsAPage))
    let names = ArchitectureNames(atlas, space: question.setting.space)
    let api = Snippets(atlas, question, origin)
    let charts = AtlasCharts(question)
    let view = View(
      name: atlas.name, title: table.title,
      form: try QuestionForm(question, example: found.places.first?.architecture.canonicalText),
      setting: atlas.settingName(question.setting), measure: PageQuestion.name(question.measure), path: atlas.path,
      summary: summary(found.candidates), facets: try Facet.all(question),
      whole: question.condition.isEmpty
        ? nil : HTML.link(atlas.path, question.query.map { $0.0 == "where" ? ("where", "") : $0 }),
      charts: try charts.views(), relations: charts.relations, empty: shown.isEmpty ? empty(found.candidates) : nil,
      columns: ([question.own] + fields).map(column), rows: rows(shown, fields, names),
      legend: names.legend(shown.map(\.architecture.canonicalText)), barLegend: names.barLegend,
      before: question.page > 1 ? link(page: question.page - 1) : nil,
      next: last < found.candidates ? link(page: question.page + 1) : nil, place: place(shown.count, found.candidates),
      csv: HTML.link("\(atlas.path)/table.csv", question.query + order),
      json: HTML.link("\(atlas.path)/table.json", question.query + order), ndjson: "/v1\(atlas.path)/export",
      curl: api.rankingCurl, python: api.rankingPython, sources: SourceView.all(table))
    return Layout.page(
      "atlas", view, title: atlas.name, crumbs: [.init(label: atlas.name, link: atlas.path)])
  }

  private func rows(_ places: [Ranking.Place], _ fields: [FilterField], _ names: ArchitectureNames) -> [Row] {
    let own = question.own
    let values = places.map { question.isSorted ? $0.fields[own.text] : $0.value }
    let columns = [values] + fields.map { field in places.map { $0.fields[field.text] } }
    let texts = columns.map(NumberWords.column)
    return places.enumerated().map { index, place in
      let text = place.architecture.canonicalText
      return Row(
        rank: "\(place.rank)",
        architecture: names.entry(
          text, link: HTML.link("\(atlas.path)/architecture", [("a", text)] + question.measureQuery)),
        cells: texts.map { $0[index] })
    }
  }

  private func place(_ shown: Int, _ candidates: Int) -> String {
    let last = question.page * Self.rowsAPage
    guard shown > 0 else { return "" }
    return "\(NumberWords.count(last - Self.rowsAPage + 1)) to \(NumberWords.count(last - Self.rowsAPage + shown)) of "
      + NumberWords.count(candidates)
  }

  private func empty(_ candidates: Int) -> String {
    candidates > 0
      ? "The last page is \((candidates + Self.rowsAPage - 1) / Self.rowsAPage)."
      : "No architecture passes the filter. Widen its limits, or remove a condition."
  }

  private var order: [(String, String)] {
    [("sort", question.sort?.text ?? ""), ("order", question.isReversed ? "reversed" : "")]
  }

  private func link(page: Int) -> String {
    HTML.link(atlas.path, question.query + order + [("page", page == 1 ? "" : "\(page)")])
  }

  /// A heading that sorts by its field, or the other way around where rows are sorted by it already.
  private func column(_ field: FilterField) -> Column {
    let own = question.own
    let isSorted = (question.sort ?? own) == field
    let usual = atlas.benchmark.direction(of: field, in: question.setting)
    let isAscending = (usual == .minimise) != question.isReversed
    return Column(
      label: question.heading(field) + (isSorted ? (isAscending ? " ↑" : " ↓") : ""),
      link: HTML.link(
        atlas.path,
        question.query + [
          ("sort", field == own ? "" : field.text), ("order", isSorted && !question.isReversed ? "reversed" : ""),
        ]), order: isSorted ? (isAscending ? "ascending" : "descending") : nil)
  }

  private func summary(_ candidates: Int) -> String {
    let card = question.lookup.card
    let way = card.largerIsBetter ? "larger is better" : "smaller is better"
    let parts = try? FilterParts(question.filter)
    let condition = parts?.architectures.map { " where \($0.canonicalText)" } ?? ""
    let runs = parts?.runs.map { "mean over runs where \($0.canonicalText)" } ?? "mean over seeds"
    return "\(NumberWords.count(candidates, "architecture"))\(condition). Measure: \(question.heading(question.own)); "
      + "\(way); \(runs)."
  }
}
