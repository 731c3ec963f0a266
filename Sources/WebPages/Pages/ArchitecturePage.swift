import Benchmarks
import Foundation
import Records
import Spaces
import Store
import Surrogates

/// One architecture: its drawing, its names, and all that the atlas knows of it.
struct ArchitecturePage {
  private struct Name {
    let label: String
    let value: String
  }

  private struct Run {
    let setting: String
    let seed: String
    let status: String
    let cells: [String]
  }

  private struct Neighbour {
    let text: String
    let link: String
    let value: String
    let change: String
  }

  private struct View {
    let text: String
    let summary: String
    let drawing: String?
    let names: [Name]
    let vectorName: String
    let vector: String?
    let prediction: String?
    let hasValues: Bool
    let measures: [String]
    let runs: [Run]
    let charts: [ChartView]
    let hasNeighbours: Bool
    let neighbourSummary: String
    let neighbours: [Neighbour]
    let measure: String
    let curl: String
    let python: String
  }

  let atlas: PageAtlas
  let question: PageQuestion
  private let text: String
  private let space: any TextualSpace
  private let origin: String

  init(_ atlas: PageAtlas, _ request: PageRequest) throws {
    guard let asked = request.value("a") else { throw PageError.noArchitecture }
    self.atlas = atlas
    origin = request.origin
    let named = try request.value("setting").map { _ in try PageQuestion(atlas, request).setting.space }
    let spelling = try atlas.benchmark.spelling(of: asked, space: named)
    text = spelling.canonicalText
    space = try atlas.benchmark.spaces.space(spelling.space)
    let id = ArchitectureID(space: spelling.space, canonicalText: text)
    question = try PageQuestion(atlas, request, about: atlas.benchmark.atlas.architecture(id))
  }

  func page() throws -> Page {
    let entry = try atlas.benchmark.atlas.architecture(ArchitectureID(space: space.name, canonicalText: text))
    let value = try entry.flatMap { try question.lookup.value(ofArchitecture: $0.row) }
    let neighbours = try? atlas.benchmark.neighbours(ofText: text, question.lookup)
    let api = Snippets(atlas, question, origin)
    let (measures, runs) = try entry.map(runs) ?? ([], [])
    let vector = try vector()
    let unit = question.lookup.card.unit
    let view = View(
      text: text,
      summary: value.map {
        "\(measureName) \(NumberWords.value($0)) \(unit) on \(question.setting.dataset), mean over seeds."
      } ?? "The atlas has no \(measureName) of it on \(question.setting.dataset).",
      drawing: try space.diagram(of: text).map { DiagramDrawing($0).svg(title: "Drawing of \(text)") },
      names: try names(entry), vectorName: space.name == "seqnas" ? "AVec" : "Encoding \(space.encodings.first ?? "")",
      vector: vector, prediction: prediction(value), hasValues: !runs.isEmpty, measures: measures, runs: runs,
      charts: charts(entry, neighbours), hasNeighbours: neighbours.map { !$0.places.isEmpty } ?? false,
      neighbourSummary: neighbours.map {
        "It has \(NumberWords.count($0.neighbours)) neighbors in the space, "
          + "\(NumberWords.count($0.places.count)) of them in the atlas, best first."
      } ?? "",
      neighbours: neighbours?.places.prefix(60).map { neighbour($0, value) } ?? [], measure: measureName,
      curl: api.valueCurl(text), python: api.valuePython(text))
    return Layout.page(
      "architecture", view, title: text,
      crumbs: [
        .init(label: atlas.name, link: atlas.path),
        .init(label: "Architecture", link: HTML.link("\(atlas.path)/architecture", [("a", text)] + query)),
      ])
  }

  private var measureName: String { question.measure.metric.name + " " + question.measure.split.rawValue }
  private var query: [(String, String)] { Array(question.query.prefix(3)) }

  private func names(_ entry: ArchitectureEntry?) throws -> [Name] {
    var names = [
      Name(label: "space", value: space.name),
      Name(label: "id", value: "\(ArchitectureID(space: space.name, canonicalText: text))"),
    ]
    names += try atlas.benchmark.identifiers(ofText: text, space: space.name)
      .filter { $0.name != "avec" }.map { Name(label: $0.name, value: $0.value) }
    let same = try space.isomorphismClass(of: text)
    if same != text { names.append(Name(label: "the same network as", value: same)) }
    return names
  }

  /// The space's own 0/1 slots, where it has such.
  private func vector() throws -> String? {
    guard let encoding = space.encodings.first else { return nil }
    let slots = try space.encode(text, as: encoding)
    guard !slots.isEmpty, slots.count <= 2_000, slots.allSatisfy({ $0 == 0 || $0 == 1 }) else { return nil }
    return slots.map { $0 == 1 ? "1" : "0" }.joined()
  }

  /// Each run of each setting of the space; columns are what any of them may show.
  private func runs(_ entry: ArchitectureEntry) throws -> ([String], [Run]) {
    let settings = atlas.benchmark.atlas.settings.filter { $0.space == space.name }
    var measures: [Setting.Measure] = []
    for measure in settings.flatMap(atlas.measures) where !measures.contains(measure) { measures.append(measure) }
    let runs = try settings.flatMap { setting in
      try setting.runs(ofArchitecture: entry.row).map { run in
        Run(
          setting: atlas.settingName(setting), seed: "\(try setting.seed(ofRun: run))",
          status: try setting.status(ofRun: run).rawValue,
          cells: try measures.map { measure in
            try setting.finals(measure.metric, measure.split)?.value(ofRun: run).map(NumberWords.value) ?? "–"
          })
      }
    }
    return (measures.map { "\($0.metric.name) \($0.split.rawValue)" }, runs)
  }

  private func charts(_ entry: ArchitectureEntry?, _ neighbours: NeighbourAnswer?) -> [ChartView] {
    func source(_ name: String) -> String { HTML.link("\(atlas.path)/charts/\(name)", [("a", text)] + query) }
    var charts: [ChartView] = []
    if let entry, let curves = try? question.lookup.curves(entry), curves.runs.contains(where: { $0.epochs.count > 1 })
    {
      charts.append(
        ChartView(source: source("curves"), label: "Learning curves of all runs", caption: "One line per run."))
    }
    if let neighbours, neighbours.value != nil, neighbours.places.count > 1 {
      charts.append(
        ChartView(
          source: source("neighbours"), label: "How one change moves \(measureName)",
          caption: "One bar per neighbor: blue is a gain, red a loss."))
    }
    return charts
  }

  private func neighbour(_ place: Ranking.Place, _ value: Double?) -> Neighbour {
    let text = place.architecture.canonicalText
    return Neighbour(
      text: text, link: HTML.link("\(atlas.path)/architecture", [("a", text)] + query),
      value: NumberWords.value(place.value), change: value.map { NumberWords.change(place.value - $0) } ?? "–")
  }

  /// What the surrogate beside the atlas says; nil where there is none.
  private func prediction(_ value: Double?) -> String? {
    guard let predicting = try? question.lookup.predicting(),
      let prediction = try? predicting.predictions(of: [text]).first
    else { return nil }
    let reach = 1.2815515655446004 * prediction.standardDeviation
    let interval = "\(NumberWords.value(prediction.mean - reach)) to \(NumberWords.value(prediction.mean + reach))"
    let said =
      "The surrogate \(predicting.surrogate.predictorName) predicts \(NumberWords.value(prediction.mean)), "
      + "80 % interval \(interval)"
    guard let value else { return said + "; the architecture was not trained." }
    let miss = NumberWords.change(prediction.mean - value)
    return said + "; measured \(NumberWords.value(value)) (\(miss)). Its training data may include this architecture."
  }
}
