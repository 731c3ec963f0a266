import Benchmarks
import Foundation
import Records
import Reports
import Store
import Surrogates

/// The surrogates beside an atlas, with how well they do.
struct SurrogatesPage {
  private struct Line {
    let label: String
    let cells: [String]
  }

  private struct Entry {
    let subject: String
    let summary: String
    let charts: [ChartView]
    let titles: [String]
    let strata: [Line]
  }

  private struct View {
    let name: String
    let command: String
    let surrogates: [Entry]
  }

  private struct Found {
    let question: [(String, String)]
    let lookup: Lookup
    let surrogate: Surrogate
  }

  let atlas: PageAtlas

  /// Every measure of every setting whose surrogate lies beside the atlas, with the surrogate.
  private var found: [Found] {
    atlas.benchmark.atlas.settings.flatMap { setting in
      atlas.measures(setting).compactMap { measure -> Found? in
        guard let lookup = try? atlas.benchmark.lookup(metric: measure.metric, measure.split, in: setting),
          FileManager.default.fileExists(atPath: lookup.surrogatePath), let predicting = try? lookup.predicting()
        else { return nil }
        return Found(
          question: [("setting", atlas.settingName(setting)), ("measure", PageQuestion.name(measure))], lookup: lookup,
          surrogate: predicting.surrogate)
      }
    }
  }

  func page() -> Page {
    let view = View(
      name: atlas.name, command: "nasatlas fit \(atlas.name).atlas",
      surrogates: found.map { entry($0.question, $0.lookup, $0.surrogate) })
    return Layout.page(
      "surrogates", view, title: "Surrogates of \(atlas.name)",
      crumbs: [
        .init(label: atlas.name, link: atlas.path), .init(label: "Surrogates", link: "\(atlas.path)/surrogates"),
      ])
  }

  private func entry(_ question: [(String, String)], _ lookup: Lookup, _ surrogate: Surrogate) -> Entry {
    let report = surrogate.report
    let subject = surrogate.subject
    let strata = [Line(label: "all", cells: Self.cells(report.overall))]
    return Entry(
      subject: "\(subject.metric.name), \(subject.split.rawValue), \(atlas.settingName(lookup.setting))",
      summary: "\(surrogate.predictorName), fitted to \(NumberWords.count(report.architectures)) architectures "
        + "(\(NumberWords.count(report.runs)) runs); results of \(report.folds)-fold cross-validation.",
      charts: [
        ChartView(
          source: HTML.link("\(atlas.path)/charts/prediction", question),
          label: "Held-out predictions against the truth",
          caption: "Architectures that were held out of the fit."),
        ChartView(
          source: HTML.link("\(atlas.path)/charts/calibration", question),
          label: "Observed against nominal coverage of intervals",
          caption: "On the diagonal, intervals are calibrated."),
      ],
      titles: ["count", "R²", "Kendall's τ", "Spearman", "RMSE", "MAE", "held by 50 %", "by 80 %", "by 95 %", "NLL"],
      strata: strata + report.strata.map { Line(label: $0.name, cells: Self.cells($0.figures)) })
  }

  private static func cells(_ figures: QualityReport.Figures) -> [String] {
    func text(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "–" }
    func share(_ value: Double) -> String { String(format: "%.0f %%", 100 * value) }
    return [
      NumberWords.count(figures.count), text(figures.r2), text(figures.kendallTau), text(figures.spearman),
      text(figures.rmse), text(figures.mae), share(figures.coverage50), share(figures.coverage80),
      share(figures.coverage95), text(figures.negativeLogLikelihood),
    ]
  }

  /// Held-out predictions of the surrogate that `question` is about.
  static func prediction(_ question: PageQuestion) throws -> JSONValue {
    let surrogate = try surrogate(question)
    let points = surrogate.heldOut.map {
      PredictionChart.Point(truth: $0.value, mean: $0.prediction.mean, deviation: $0.prediction.standardDeviation)
    }
    let left = surrogate.report.architectures - points.count
    return PredictionChart(
      points, title: "\(surrogate.predictorName) on \(question.setting.dataset)",
      notes: left > 0 ? ["\(points.count) of \(surrogate.report.architectures) held-out architectures"] : [],
      metric: surrogate.subject.metric.name, unit: surrogate.subject.unit
    ).specification
  }

  private static func surrogate(_ question: PageQuestion) throws -> Surrogate {
    do { return try question.lookup.predicting().surrogate } catch SurrogatesError.noSurrogate {
      throw PageError.noSurrogate(of: PageQuestion.name(question.measure), atlas: question.atlas.name)
    }
  }

  static func calibration(_ question: PageQuestion) throws -> JSONValue {
    let surrogate = try surrogate(question)
    let figures = surrogate.report.overall
    return CalibrationChart(
      [(0.5, figures.coverage50), (0.8, figures.coverage80), (0.95, figures.coverage95)],
      title: "Intervals of \(surrogate.predictorName)"
    ).specification
  }
}
