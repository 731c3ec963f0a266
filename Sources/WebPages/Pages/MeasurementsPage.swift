import Benchmarks
import Oracles
import Records
import Store

/// An atlas whose values of metrics are not shown: it has measurements alone, or a server shows values in ledgers alone.
struct MeasurementsPage {
  private struct Option {
    let value: String
    let label: String
    let isChosen: Bool
  }

  private struct QuantityLine {
    let label: String
    let link: String
    let dataset: String
    let count: String
    let smallest: String
    let largest: String
  }

  private struct Row {
    let rank: String
    let architecture: ArchitectureNames.Entry
    let cells: [String]
  }

  private struct View {
    let name: String
    let title: String?
    let path: String
    let withheld: String?
    let summary: String
    let hasQuantities: Bool
    let space: String
    let options: [Option]
    let condition: String
    let isReversed: Bool
    let histogram: String?
    let caption: String
    let quantities: [QuantityLine]
    let columns: [String]
    let rows: [Row]
    let isEmpty: Bool
    let legend: [ArchitectureNames.LegendItem]
    let barLegend: String?
    let before: String?
    let next: String?
    let place: String
    let sources: [SourceView]
  }

  /// Columns of the table: the quantity that rows are sorted by, and so many others.
  private static let mostColumns = 5

  let atlas: PageAtlas
  private let space: String
  private let fields: [(field: FilterField, measured: MeasuredQuantity)]
  private let chosen: FilterField?
  private let condition: String
  private let isReversed: Bool
  private let number: Int

  init(_ atlas: PageAtlas, _ request: PageRequest) throws {
    self.atlas = atlas
    let benchmark = atlas.benchmark
    let names = benchmark.atlas.spaces.map(\.name)
    let measured = names.first { !benchmark.measuredFields(of: $0).isEmpty }
    space = try request.value("space").map { try benchmark.onlySpace($0) } ?? measured ?? names.first ?? ""
    fields = benchmark.measuredFields(of: space)
    let known = fields.map(\.field)
    chosen =
      try request.value("by").map { text in
        let field = try FilterField(parsing: text)
        guard known.contains(field) else { throw PageError.unknownColumn(found: text, known: known.map(\.text)) }
        return field
      } ?? known.first
    condition = request.value("where") ?? ""
    isReversed = request.value("order") == "reversed"
    let number = request.value("page") ?? "1"
    guard let page = Int(number), (1...1_000_000).contains(page) else {
      throw PageError.badNumber(name: "page", found: number)
    }
    self.number = page
  }

  func page() throws -> Page {
    let table = atlas.benchmark.atlas
    let last = number * AtlasPage.rowsAPage
    let ranking = try chosen.map {
      try atlas.benchmark.top(
        last, by: $0, isReversed ? .maximise : .minimise, space: space, where: condition.isEmpty ? nil : condition,
        fields: others)
    }
    let shown = Array((ranking?.places ?? []).dropFirst(last - AtlasPage.rowsAPage))
    let names = ArchitectureNames(atlas, space: space)
    let candidates = ranking?.candidates ?? 0
    let view = View(
      name: atlas.name, title: table.title, path: atlas.path, withheld: withheld, summary: try summary(candidates),
      hasQuantities: chosen != nil, space: space,
      options: fields.map { Option(value: $0.field.text, label: heading($0), isChosen: $0.field == chosen) },
      condition: condition, isReversed: isReversed, histogram: try histogram(), caption: caption,
      quantities: try fields.map(line), columns: columns.map(heading), rows: rows(shown, names),
      isEmpty: shown.isEmpty, legend: names.legend(shown.map(\.architecture.canonicalText)),
      barLegend: names.barLegend, before: number > 1 ? link(page: number - 1) : nil,
      next: last < candidates ? link(page: number + 1) : nil, place: place(shown.count, candidates),
      sources: SourceView.all(table))
    return Layout.page(
      "measurements", view, title: atlas.name, crumbs: [.init(label: atlas.name, link: atlas.path)])
  }

  /// Why there are no values of metrics; nil for an atlas without runs.
  private var withheld: String? {
    guard atlas.benchmark.atlas.runCount > 0 else { return nil }
    return atlas.benchmark.disclosure == .ledgersOnly
      ? "This server gives values of this atlas in ledgers only: a search opens a ledger and pays for each answer."
      : "This server withholds the values of this atlas."
  }

  private func summary(_ candidates: Int) throws -> String {
    let table = atlas.benchmark.atlas
    let count = NumberWords.count(try table.architectureCount(), "architecture")
    guard table.runCount == 0 else {
      return "\(count), \(NumberWords.count(table.runCount, "run")) on "
        + "\(Set(table.settings.map(\.dataset)).sorted().joined(separator: ", "))."
    }
    let condition = condition.isEmpty ? "" : " where \(condition): \(NumberWords.count(candidates))"
    return "\(count), \(NumberWords.count(table.measurementCount, "measurement")), no runs\(condition)."
  }

  private var others: [FilterField] {
    Array(fields.map(\.field).filter { $0 != chosen }.prefix(Self.mostColumns - 1))
  }

  private var columns: [(field: FilterField, measured: MeasuredQuantity)] {
    ([chosen].compactMap(\.self) + others).compactMap { field in fields.first { $0.field == field } }
  }

  private func heading(_ entry: (field: FilterField, measured: MeasuredQuantity)) -> String {
    entry.field.heading(unit: entry.measured.quantity.unit)
  }

  private var caption: String {
    columns.first.map { "Distribution of \(heading($0)) over all architectures." } ?? ""
  }

  private func histogram() throws -> String? {
    guard let first = columns.first else { return nil }
    var values: [Double] = []
    try first.measured.forEach { _, value in if value.isFinite { values.append(value) } }
    return HistogramDrawing(values, title: caption).svg
  }

  private func line(_ entry: (field: FilterField, measured: MeasuredQuantity)) throws -> QuantityLine {
    var (smallest, largest) = (Double.infinity, -Double.infinity)
    try entry.measured.forEach { _, value in
      if value.isFinite { (smallest, largest) = (min(smallest, value), max(largest, value)) }
    }
    let isThere = smallest <= largest
    return QuantityLine(
      label: heading(entry), link: HTML.link(atlas.path, [("space", space), ("by", entry.field.text)]),
      dataset: entry.measured.quantity.dataset ?? "–", count: NumberWords.count(entry.measured.count),
      smallest: isThere ? NumberWords.value(smallest) : "–", largest: isThere ? NumberWords.value(largest) : "–")
  }

  private func rows(_ places: [Ranking.Place], _ names: ArchitectureNames) -> [Row] {
    let texts = ([places.map(\.value)] + others.map { field in places.map { $0.fields[field.text] } })
      .map(NumberWords.column)
    return places.enumerated().map { index, place in
      let text = place.architecture.canonicalText
      return Row(
        rank: "\(place.rank)",
        architecture: names.entry(text, link: HTML.link("\(atlas.path)/architecture", [("a", text)])),
        cells: texts.map { $0[index] })
    }
  }

  private func place(_ shown: Int, _ candidates: Int) -> String {
    guard shown > 0 else { return "" }
    let first = (number - 1) * AtlasPage.rowsAPage
    return "\(NumberWords.count(first + 1)) to \(NumberWords.count(first + shown)) of \(NumberWords.count(candidates))"
  }

  private func link(page: Int) -> String {
    HTML.link(
      atlas.path,
      [
        ("space", space), ("by", chosen?.text ?? ""), ("where", condition),
        ("order", isReversed ? "reversed" : ""), ("page", "\(page)"),
      ])
  }
}

/// One architecture of an atlas whose values of metrics are not shown: its drawing, its names, what was measured of it.
struct MeasuredArchitecturePage {
  private struct Pair {
    let label: String
    let value: String
  }

  private struct View {
    let text: String
    let short: String
    let isLong: Bool
    let drawing: String?
    let legend: [ArchitectureNames.LegendItem]
    let barLegend: String?
    let measurements: [Pair]
    let hasMeasurements: Bool
    let names: [Pair]
  }

  let atlas: PageAtlas
  private let text: String
  private let space: String

  init(_ atlas: PageAtlas, _ request: PageRequest) throws {
    guard let asked = request.value("a") else { throw PageError.noArchitecture }
    self.atlas = atlas
    (space, text) = try atlas.benchmark.spelling(of: asked)
  }

  func page() throws -> Page {
    let benchmark = atlas.benchmark
    let names = ArchitectureNames(atlas, space: space)
    let id = ArchitectureID(space: space, canonicalText: text)
    let row = try benchmark.atlas.architecture(id)?.row
    let measurements = try benchmark.measuredFields(of: space).compactMap { field, measured -> Pair? in
      guard let row, let value = try measured.value(ofArchitecture: row) else { return nil }
      return Pair(label: field.heading(unit: measured.quantity.unit), value: NumberWords.value(value))
    }
    let short = names.short(text)
    let isGraph = names.barLegend == nil
    let view = View(
      text: text, short: short, isLong: short != text,
      drawing: isGraph
        ? names.diagram(text).map { DiagramDrawing($0, names.colours).svg(title: "Drawing of \(text)") }
        : names.glyph(text), legend: isGraph ? names.legend([text]) : [], barLegend: nil, measurements: measurements,
      hasMeasurements: !measurements.isEmpty,
      names: [Pair(label: "space", value: space), Pair(label: "id", value: "\(id)")]
        + (try benchmark.identifiers(ofText: text, space: space)).filter { $0.name != "avec" }
        .map { Pair(label: $0.name, value: $0.value) })
    return Layout.page(
      "measured architecture", view, title: short,
      crumbs: [
        .init(label: atlas.name, link: atlas.path),
        .init(label: short, link: HTML.link("\(atlas.path)/architecture", [("a", text)])),
      ])
  }
}
