import Benchmarks
import Foundation
import Records
import Reports
import Store

/// Charts of one measure of an atlas.
struct AtlasCharts {
  private let question: PageQuestion

  /// Points of a cloud at most; the front is drawn whole.
  private static let points = 3_000

  init(_ question: PageQuestion) { self.question = question }

  private var atlas: PageAtlas { question.atlas }
  private var benchmark: Benchmark { atlas.benchmark }
  private var metric: String { "\(question.measure.metric.name), \(question.measure.split.rawValue)" }
  private var title: String { "\(metric) on \(question.setting.dataset)" }

  private func values() throws -> [Double] {
    guard question.filter == nil else {
      return try benchmark.top(.max, question.lookup, where: question.filter).places.map(\.value)
    }
    return try question.setting.spaceRows.compactMap { try question.lookup.value(ofArchitecture: $0) }
  }

  private var field: FilterField { FilterField(path: [question.measure.metric.name, question.measure.split.rawValue]) }

  func distribution() throws -> JSONValue {
    DistributionChart(try values(), title: title, metric: metric, unit: question.lookup.card.unit).specification
  }

  /// The distribution in words.
  func quartiles() throws -> String {
    let sorted = try values().sorted()
    guard let low = sorted.first, let high = sorted.last else { return "No architecture has a value." }
    func at(_ share: Double) -> String { NumberWords.value(sorted[Int(share * Double(sorted.count - 1))]) }
    return "Lowest \(NumberWords.value(low)), quartiles \(at(0.25)), \(at(0.5)) and \(at(0.75)), highest "
      + "\(NumberWords.value(high))."
  }

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
    let step = max(1, places.count / Self.points)
    let points = places.indices.filter { front.contains($0) || $0.isMultiple(of: step) }.map { index in
      TradeOffChart.Point(
        architecture: places[index].architecture.canonicalText, x: places[index].fields[against.text] ?? .nan,
        y: places[index].value, isFront: front.contains(index))
    }
    let unit = try FieldReader([against], benchmark: benchmark, setting: setting).unit(against)
    let left = places.count - points.count
    return TradeOffChart(
      points, title: title,
      notes: ["\(front.count) of \(places.count) architectures on the front"]
        + (left > 0 ? ["one of \(step) others drawn"] : []),
      x: (against.text, unit), y: (metric, question.lookup.card.unit)
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

  /// Curves of all runs of architectures.
  func curves(of architectures: [ArchitectureEntry]) -> JSONValue {
    let lines = architectures.flatMap { entry -> [CurveChart.Line] in
      guard let answer = try? question.lookup.curves(entry) else { return [] }
      return answer.runs.map {
        CurveChart.Line(
          group: entry.canonicalText, name: "seed \($0.seed)", epochs: $0.epochs, values: $0.values)
      }
    }
    return CurveChart(lines, title: title, metric: metric, unit: question.lookup.card.unit).specification
  }

  func neighbours(of text: String) throws -> JSONValue {
    let answer = try benchmark.neighbours(ofText: text, question.lookup)
    guard let value = answer.value else { throw PageError.noArchitecture }
    return NeighbourChart(
      answer.places.map { .init(architecture: $0.architecture.canonicalText, difference: $0.value - value) },
      title: "What one change does", metric: metric, unit: question.lookup.card.unit
    ).specification
  }
}
