import Benchmarks
import Records
import Reports
import Store

/// What the atlas knows of one architecture: metrics × splits for each setting, and every run.
struct ValueTable {
  struct Row {
    /// Said once for all metrics of a setting.
    let setting: String
    let link: String
    let isCurrent: Bool
    let metric: String
    let runs: String
    let cells: [String]
  }

  struct Run {
    let setting: String
    let seed: String
    let status: String
    let cells: [String]
  }

  let splits: [String]
  let rows: [Row]
  let measures: [String]
  let runs: [Run]
  let hasValues: Bool
  let runCount: String

  init(_ atlas: PageAtlas, space: String, _ entry: ArchitectureEntry?, current: PageQuestion) throws {
    let settings = atlas.benchmark.atlas.settings.filter { $0.space == space }
    var measures: [Setting.Measure] = []
    for measure in settings.flatMap(atlas.measures) where !measures.contains(measure) { measures.append(measure) }
    let splits = Split.allCases.filter { split in measures.contains { $0.split == split } }
    self.splits = splits.map(\.rawValue)
    self.measures = measures.map { "\(ReadableName.words($0.metric.name).text), \($0.split.rawValue)" }
    guard let entry else {
      (rows, runs, hasValues, runCount) = ([], [], false, "")
      return
    }
    rows = try settings.flatMap { try Self.rows(atlas, $0, splits, entry, current) }
    runs = try settings.flatMap { setting in
      try setting.runs(ofArchitecture: entry.row).map { run in
        Run(
          setting: atlas.settingName(setting), seed: "\(try setting.seed(ofRun: run))",
          status: try setting.status(ofRun: run).rawValue,
          cells: try measures.map { measure in
            let value =
              try atlas.measures(setting).contains(measure)
              ? setting.finals(measure.metric, measure.split)?.value(ofRun: run) : nil
            return value.map(NumberWords.value) ?? "–"
          })
      }
    }
    hasValues = !rows.isEmpty
    runCount = NumberWords.count(runs.count, "run")
  }

  /// One row for each metric of a setting.
  private static func rows(
    _ atlas: PageAtlas, _ setting: Setting, _ splits: [Split], _ entry: ArchitectureEntry, _ current: PageQuestion
  ) throws -> [Row] {
    let runs = try setting.runs(ofArchitecture: entry.row)
    guard !runs.isEmpty else { return [] }
    let shown = atlas.measures(setting)
    var metrics: [Metric] = []
    for measure in shown where !metrics.contains(measure.metric) { metrics.append(measure.metric) }
    return metrics.enumerated().map { place, metric in
      let cells = splits.map { split -> String in
        guard shown.contains(.init(metric, split)),
          let lookup = try? atlas.benchmark.lookup(metric: metric, split, in: setting),
          let answer = try? lookup.answer(entry), let value = answer.value
        else { return "–" }
        return NumberWords.value(value) + (answer.standardDeviation.map { " ± " + Self.short($0) } ?? "")
      }
      let first =
        shown.first { $0.metric == metric && $0.split == current.measure.split }
        ?? shown.first { $0.metric == metric }
      let card = atlas.benchmark.atlas.card(of: metric)
      return Row(
        setting: place == 0 ? atlas.settingName(setting) : "",
        link: HTML.link(
          "\(atlas.path)/architecture",
          [
            ("a", entry.canonicalText), ("setting", atlas.settingName(setting)),
            ("measure", first.map(PageQuestion.name) ?? ""),
          ]), isCurrent: setting.id == current.setting.id && metric == current.measure.metric,
        metric: ReadableName.text(metric.name, unit: card.unit), runs: NumberWords.count(runs.count, "run"),
        cells: cells)
    }
  }

  /// A deviation needs two digits.
  private static func short(_ value: Double) -> String { NumberWords.significant(value, 2) }
}
