import Benchmarks
import Records
import Reports
import Spaces
import Store
import Surrogates

/// One architecture: its drawing, its names, and all that the atlas knows of it.
struct ArchitecturePage {
  private struct Pair {
    let label: String
    let value: String
  }

  private struct Neighbor {
    let architecture: ArchitectureNames.Entry
    let value: String
    let change: String
  }

  private struct Prediction {
    let drawing: String
    let words: String
  }

  private struct View {
    let text: String
    let short: String
    let isLong: Bool
    let summary: String
    let drawing: String?
    let drawnChoices: [Pair]
    let hasChoices: Bool
    let legend: [ArchitectureNames.LegendItem]
    let barLegend: String?
    let values: ValueTable
    let traits: [Pair]
    let prediction: Prediction?
    let charts: [ChartView]
    let names: [Pair]
    let vectorName: String
    let groups: [SlotView]
    let hasGroups: Bool
    let hasNeighbors: Bool
    let neighborSummary: String
    let neighbors: [Neighbor]
    let more: [Neighbor]
    let hasMore: Bool
    let moreSummary: String
    let measure: String
    let curl: String
    let python: String
  }

  /// Neighbors at once; the others are folded.
  private static let firstNeighbors = 8

  let atlas: PageAtlas
  let question: PageQuestion
  private let text: String
  private let space: any TextualSpace
  private let names: ArchitectureNames
  private let origin: String

  init(_ atlas: PageAtlas, _ request: PageRequest) throws {
    guard let asked = request.value("a") else { throw PageError.noArchitecture }
    self.atlas = atlas
    origin = request.origin
    let named = try request.value("setting").map { _ in try PageQuestion(atlas, request).setting.space }
    let spelling = try atlas.benchmark.spelling(of: asked, space: named)
    text = spelling.canonicalText
    space = try atlas.benchmark.spaces.space(spelling.space)
    names = ArchitectureNames(atlas, space: spelling.space)
    let id = ArchitectureID(space: spelling.space, canonicalText: text)
    question = try PageQuestion(atlas, request, about: atlas.benchmark.atlas.architecture(id))
  }

  func page() throws -> Page {
    let entry = try atlas.benchmark.atlas.architecture(ArchitectureID(space: space.name, canonicalText: text))
    let value = try entry.flatMap { try question.lookup.value(ofArchitecture: $0.row) }
    let neighbors = try? atlas.benchmark.neighbors(ofText: text, question.lookup)
    let api = Snippets(atlas, question, origin)
    let groups = try SlotView.groups(of: text, in: space)
    let isGraph = names.barLegend == nil
    let choices = isGraph ? [] : groups.map { Pair(label: $0.name, value: $0.chosen) }
    let short = names.short(text)
    let all = neighbors.map { rows($0, value) } ?? []
    let view = View(
      text: text, short: short, isLong: short != text, summary: summary(value),
      drawing: isGraph
        ? names.diagram(text).map { DiagramDrawing($0, names.colours).svg(title: "Drawing of \(text)") }
        : names.glyph(text), drawnChoices: choices, hasChoices: !choices.isEmpty,
      legend: isGraph ? names.legend([text]) : [], barLegend: nil,
      values: try ValueTable(atlas, space: space.name, entry, current: question),
      traits: try traits(entry), prediction: prediction(value), charts: charts(entry, neighbors),
      names: try identifiers(), vectorName: space.name == "seqnas" ? "AVec" : "Encoding \(space.encodings.first ?? "")",
      groups: groups, hasGroups: !groups.isEmpty && isGraph, hasNeighbors: !all.isEmpty,
      neighborSummary: neighbors.map {
        space.distanceEncoding == nil
          ? "\(NumberWords.count($0.neighbors, "neighbor")) in the space, \(NumberWords.count($0.places.count)) in the "
            + "atlas, the best first."
          : "The \(NumberWords.count($0.places.count, "point")) of the atlas that are nearest, the best first."
      } ?? "", neighbors: Array(all.prefix(Self.firstNeighbors)),
      more: Array(all.dropFirst(Self.firstNeighbors)), hasMore: all.count > Self.firstNeighbors,
      moreSummary: "\(NumberWords.count(max(0, all.count - Self.firstNeighbors))) more",
      measure: question.heading(question.own), curl: api.valueCurl(text), python: api.valuePython(text))
    return Layout.page(
      "architecture", view, title: short,
      crumbs: [.init(label: atlas.name, link: atlas.path), .init(label: short, link: link(to: text))])
  }

  private func link(to text: String) -> String {
    HTML.link("\(atlas.path)/architecture", [("a", text)] + question.measureQuery)
  }

  private func summary(_ value: Double?) -> String {
    let words = "\(question.measureWords), on \(question.setting.dataset)"
    guard let value else { return "The atlas has no value of it for \(words)." }
    return "\(NumberWords.value(value))\(question.unitMark): \(words), mean over seeds."
  }

  private func identifiers() throws -> [Pair] {
    var names = [
      Pair(label: "space", value: space.name),
      Pair(label: "id", value: "\(ArchitectureID(space: space.name, canonicalText: text))"),
    ]
    names += try atlas.benchmark.identifiers(ofText: text, space: space.name)
      .filter { $0.name != "avec" }.map { Pair(label: $0.name, value: $0.value) }
    let same = try space.isomorphismClass(of: text)
    if same != text { names.append(Pair(label: "same network as", value: same)) }
    return names
  }

  /// Costs and measurements, means over its runs.
  private func traits(_ entry: ArchitectureEntry?) throws -> [Pair] {
    guard let entry else { return [] }
    let fields = question.costs
    let table = try atlas.benchmark.table(of: fields, rows: [entry.row], in: question.setting)
    return zip(fields, table.values.first ?? []).compactMap { field, value in
      value.map { Pair(label: question.heading(field), value: NumberWords.value($0)) }
    }
  }

  private func charts(_ entry: ArchitectureEntry?, _ neighbors: NeighborAnswer?) -> [ChartView] {
    func source(_ name: String) -> String {
      HTML.link("\(atlas.path)/charts/\(name)", [("a", text)] + question.measureQuery)
    }
    let measure = question.measureWords
    var charts: [ChartView] = []
    if let entry, AtlasCharts(question).hasCurves([entry]) {
      charts.append(
        ChartView(
          source: source("splits"), label: "Learning curves of all runs on all splits",
          caption: "One line per run, one color per split.", zoom: "xy"))
    }
    if let neighbors, neighbors.value != nil, neighbors.places.count > 1 {
      charts.append(
        ChartView(
          source: source("neighbors"), label: "How one change moves \(measure)",
          caption: "One bar per neighbor: blue is better, red is worse. Click a bar to open it.",
          open: HTML.link("\(atlas.path)/architecture", question.measureQuery)))
    }
    return charts
  }

  private func rows(_ answer: NeighborAnswer, _ value: Double?) -> [Neighbor] {
    let places = Array(answer.places.prefix(60))
    let values = NumberWords.column(places.map(\.value))
    return zip(places, values).map { place, shown in
      let text = place.architecture.canonicalText
      return Neighbor(
        architecture: names.entry(text, link: link(to: text)), value: shown,
        change: value.map { NumberWords.change(place.value - $0) } ?? "–")
    }
  }

  /// What the surrogate beside the atlas predicts; nil where there is no surrogate.
  private func prediction(_ value: Double?) -> Prediction? {
    guard let predicting = try? question.lookup.predicting(),
      let prediction = try? predicting.predictions(of: [text]).first
    else { return nil }
    let reach = 1.2815515655446004 * prediction.standardDeviation
    let interval = prediction.mean - reach...prediction.mean + reach
    let ends = NumberWords.column([interval.lowerBound, prediction.mean, interval.upperBound])
    let said =
      "The surrogate \(predicting.surrogate.predictorName) predicts \(ends[1])\(question.unitMark), 80 % interval "
      + "\(ends[0]) to \(ends[2])"
    let words = value.map {
      "\(said). Measured: \(NumberWords.value($0)) (\(NumberWords.change(prediction.mean - $0))). The fit may have seen "
        + "this architecture."
    }
    return Prediction(
      drawing: IntervalDrawing(mean: prediction.mean, interval: interval, measured: value).svg,
      words: words ?? "\(said). The atlas has no measured value.")
  }
}
