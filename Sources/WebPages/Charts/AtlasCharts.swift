import Benchmarks
import Foundation
import Oracles
import Records
import Reports
import Spaces
import Store

/// Charts of one measure of an atlas.
struct AtlasCharts {
  private let question: PageQuestion

  /// Points of a cloud at most; the front is drawn whole.
  private static let points = 3_000

  init(_ question: PageQuestion) { self.question = question }

  private var atlas: PageAtlas { question.atlas }
  private var benchmark: Benchmark { atlas.benchmark }
  private var metric: String { question.measureWords }
  private var title: String { "\(metric) on \(question.setting.dataset)" }

  /// Of all architectures that pass the filter, in no order.
  func values() throws -> [Double] {
    guard question.filter == nil else {
      return try benchmark.top(.max, question.lookup, where: question.filter).places.map(\.value)
    }
    return try question.setting.spaceRows.compactMap { try question.lookup.value(ofArchitecture: $0) }
  }

  // MARK: On the page of an atlas

  /// The distribution and the trade-off, side by side.
  func views() throws -> [ChartView] {
    func source(_ name: String) -> String { HTML.link("\(atlas.path)/charts/\(name)", question.query) }
    let values = try values()
    let open = HTML.link("\(atlas.path)/architecture", question.measureQuery)
    var views: [ChartView] = []
    if Set(values).count > 1 {
      views.append(
        ChartView(
          source: source("distribution"), label: "Distribution of \(metric)", caption: Self.quartiles(values),
          zoom: "x", fieldX: brushedField?.text,
          still: HistogramDrawing(values, title: "Distribution of \(metric)").svg))
    }
    if let against = question.against, values.count > 1 {
      let cost = question.heading(against)
      views.append(
        ChartView(
          source: source("trade-off"), label: "\(metric) against \(cost), with the Pareto front",
          caption: "Red: Pareto-optimal. Click a point to open its architecture.", zoom: "xy", fieldX: against.text,
          fieldY: field.text, open: open))
    }
    return views
  }

  /// How alike settings rank, where there are several.
  var relations: [ChartView] {
    let count = correlated.count
    guard count > 1 else { return [] }
    return [
      ChartView(
        source: HTML.link("\(atlas.path)/charts/correlation", question.query),
        label: "Rank correlation of \(metric) between settings",
        caption: "Kendall's τ over architectures that both have.", height: min(640, 220 + 40 * count))
    ]
  }

  /// The field whose values the distribution shows; nil where no filter can name them, so that its region filters
  /// nothing.
  private var brushedField: FilterField? {
    switch question.lookup.epoch {
    case .last: return field
    case .best:
      let score = FilterField("score_validation")
      let isScore =
        question.measure.split == .validation && question.measure.metric == question.setting.primaryMetric
        && question.setting.scoreFields.contains(score.text)
      return isScore ? score : nil
    default: return nil
    }
  }

  private var field: FilterField { question.own }

  func distribution() throws -> JSONValue {
    DistributionChart(try values(), title: title, metric: metric, unit: question.lookup.card.unit).specification
  }

  /// The distribution in words.
  private static func quartiles(_ values: [Double]) -> String {
    let sorted = values.sorted()
    guard let low = sorted.first, let high = sorted.last else { return "" }
    func at(_ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }
    let words = NumberWords.column([low, at(0.25), at(0.5), at(0.75), high])
    return "Lowest \(words[0]), quartiles \(words[1]), \(words[2]) and \(words[3]), highest \(words[4])."
  }

  // MARK: Specifications

  func tradeOff() throws -> JSONValue {
    guard let against = question.against else { throw PageError.unknownMeasure(found: "against", known: []) }
    let setting = question.setting
    let ranking = try benchmark.top(
      .max, by: field, in: setting, where: question.filter, fields: [against])
    let places = ranking.places.filter { $0.fields[against.text] != nil }
    let direction = benchmark.direction(of: field, in: setting)
    let front = Set(
      paretoFront(
        of: places.flatMap { [$0.value, $0.fields[against.text] ?? .nan] },
        directions: [direction, benchmark.direction(of: against, in: setting)]))
    let names = ArchitectureNames(atlas, space: setting.space)
    let step = max(1, places.count / Self.points)
    let points = places.indices.filter { front.contains($0) || $0.isMultiple(of: step) }.map {
      index -> TradeOffChart.Point in
      let text = places[index].architecture.canonicalText
      return TradeOffChart.Point(
        architecture: text, name: names.short(text), x: places[index].fields[against.text] ?? .nan,
        y: places[index].value, isFront: front.contains(index))
    }
    let left = places.count - points.count
    return TradeOffChart(
      points, title: title,
      notes: ["\(front.count) of \(places.count) architectures are Pareto-optimal"]
        + (left > 0 ? ["of the others, one in \(step) is drawn"] : []),
      x: (question.heading(against), nil), y: (metric, question.lookup.card.unit)
    ).specification
  }

  /// Settings that have the measure for the same space.
  var correlated: [(name: String, lookup: Lookup)] {
    benchmark.atlas.settings.filter {
      $0.space == question.setting.space && atlas.measures($0).contains(question.measure)
    }
    .compactMap { setting in
      (try? benchmark.lookup(metric: question.measure.metric, question.measure.split, in: setting)).map {
        (shortName(setting), $0)
      }
    }
  }

  /// The data set, with the protocol where it has been trained on under several.
  private func shortName(_ setting: Setting) -> String {
    let isAlone = benchmark.atlas.settings.count { $0.space == setting.space && $0.dataset == setting.dataset } == 1
    return isAlone ? setting.dataset : benchmark.name(setting)
  }

  func correlation() throws -> JSONValue {
    let rows = try benchmark.correlations(between: correlated)
    return CorrelationChart(
      rows.filter { $0.kendallTauB != nil }.map {
        .init(first: $0.first, second: $0.second, kendallTau: $0.kendallTauB, count: $0.count)
      },
      title: "Rank correlation of \(metric)"
    ).specification
  }

  /// The measure of several architectures by epochs, a colour an architecture.
  func curves(of architectures: [ArchitectureEntry]) -> JSONValue {
    let names = ArchitectureNames(atlas, space: question.setting.space)
    let lines = architectures.flatMap { entry -> [CurveChart.Line] in
      guard let answer = try? question.lookup.curves(entry) else { return [] }
      return answer.runs.map {
        CurveChart.Line(
          group: names.short(entry.canonicalText), name: "seed \($0.seed)", epochs: $0.epochs, values: $0.values)
      }
    }
    return CurveChart(
      lines, title: title, metric: metric, unit: question.lookup.card.unit,
      fidelity: question.setting.fidelity ?? .epochs
    ).specification
  }

  /// Whether one of the architectures has a curve of the measure with more than one epoch.
  func hasCurves(_ architectures: [ArchitectureEntry]) -> Bool {
    architectures.contains { entry in
      (try? question.lookup.curves(entry))?.runs.contains { $0.epochs.count > 1 } ?? false
    }
  }

  /// The metric of one architecture on all splits by epochs, a colour a split; the best epoch of each run is marked.
  func splits(of entry: ArchitectureEntry) -> JSONValue {
    let setting = question.setting
    let measures = atlas.measures(setting).filter { $0.metric == question.measure.metric }
    let best = try? benchmark.lookup(metric: question.measure.metric, question.measure.split, .best, in: setting)
    let lines = measures.flatMap { measure -> [CurveChart.Line] in
      guard let lookup = try? benchmark.lookup(metric: measure.metric, measure.split, in: setting),
        let answer = try? lookup.curves(entry), let runs = try? setting.runs(ofArchitecture: entry.row)
      else { return [] }
      return answer.runs.filter { $0.epochs.count > 1 }.map { run in
        let number = runs.first { (try? setting.seed(ofRun: $0)) == run.seed }
        return CurveChart.Line(
          group: measure.split.rawValue, name: "seed \(run.seed)", epochs: run.epochs, values: run.values,
          bestEpoch: measure.split == question.measure.split
            ? number.flatMap { (try? best?.bestEpoch(ofRun: $0)) ?? nil } : nil)
      }
    }
    let name = ReadableName.words(question.measure.metric.name).text
    return CurveChart(
      lines, title: "\(name) on \(setting.dataset), seed by seed", metric: name, unit: question.lookup.card.unit,
      fidelity: setting.fidelity ?? .epochs
    ).specification
  }

  func neighbors(of text: String) throws -> JSONValue {
    let answer = try benchmark.neighbors(ofText: text, question.lookup)
    guard let value = answer.value else { throw PageError.noArchitecture }
    let names = ArchitectureNames(atlas, space: question.setting.space)
    let isByDistance = (try? benchmark.spaces.space(question.setting.space))?.distanceEncoding != nil
    return NeighborChart(
      answer.places.map {
        let text = $0.architecture.canonicalText
        return .init(architecture: text, name: names.short(text), difference: $0.value - value)
      },
      title: isByDistance ? "How the nearest points differ in \(metric)" : "What one change does to \(metric)",
      unit: question.lookup.card.unit,
      largerIsBetter: question.lookup.card.largerIsBetter
    ).specification
  }
}
