import ArgumentParser
import Benchmarks
import Oracles
import Records
import Reports
import Spaces
import Store

/// `nasatlas top`: the best architectures.
struct TopCommand: TableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "List the best architectures of an atlas.",
    usage: "nasatlas top <atlas> [-k <k>] [--where <filter>] [--by <field>] [<options>]",
    discussion: """
      Ranks by the metric at the chosen epoch: the mean over completed runs. The card of the metric says whether \
      larger is better. --where selects architectures by means over their runs (parameters, metrics, attributes, \
      measurements), and runs by seed, status, origin and source. The answer reports how many architectures are left \
      out, and why.

      --by ranks by any other field, smallest first unless :max follows the field; a metric in --by keeps its own \
      direction. --show adds columns. An atlas that has only measurements needs --by.

      Examples:
        nasatlas top my.atlas
        nasatlas top my.atlas -k 3 --dataset cifar10 --split test
        nasatlas top my.atlas --where 'parameters < 1e6 and latency[raspi4] <= 5'
        nasatlas top my.atlas --by latency[raspi4] --show parameters
        nasatlas top my.atlas -k 1000 --format csv > best.csv
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.customShort("k"), .long], help: .init("Number of architectures, 1 to 1000000.", valueName: "k"))
  var count = 10

  @Option(help: .init("Rank by this field instead of the metric.", valueName: "field"))
  var by: String?

  @Option(help: .init("Show this field too; may be repeated.", valueName: "field"))
  var show: [String] = []

  @OptionGroup var filter: FilterOptions
  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try checkFormat()
    try Spelling.checkCount(count, option: "-k")
    _ = try metric.onlySplit()
    if by != nil, metric.metric != nil || !metric.split.isEmpty || runs.epoch != nil || runs.seed != nil {
      throw ValidationError("--by replaces the metric; leave out --metric, --split, --epoch and --seed")
    }
  }

  func run() throws {
    let benchmark = try Benchmark(path: atlas)
    let fields = try show.map { try FilterField(parsing: $0) }
    guard let by else {
      let question = setting.question.about(metric, split: try metric.onlySplit(), runs)
      return try write(best: count, question, benchmark, where: filter.condition, fields)
    }
    let (field, direction) = try Objective.spelled(by)
    let ranking: FieldRanking
    if benchmark.atlas.settings.isEmpty {
      guard setting.trainingProtocol == nil else { throw BenchmarkError.noRuns(atlas: atlas) }
      ranking = try benchmark.top(
        count, by: field, direction, space: setting.space, dataset: setting.dataset, where: filter.condition,
        fields: fields)
    } else {
      let found = try benchmark.setting(setting.question)
      ranking = try benchmark.top(
        count, by: field, direction, in: found, where: filter.condition.map { try benchmark.filter($0, for: found) },
        fields: fields)
    }
    try write(
      ranking, omitted: ranking.omitted, text: ranking.text(benchmark, field, fields),
      rows: ranking.table(benchmark, fields))
  }
}

extension TableCommand {
  /// Writes the ranking by a metric, as `top` and `query --best` do.
  func write(
    best count: Int, _ question: Question, _ benchmark: Benchmark, where condition: String? = nil,
    _ fields: [FilterField] = []
  ) throws {
    let lookup = try benchmark.lookup(question)
    let filter = try condition.map { try benchmark.filter($0, for: lookup.setting) }
    let ranking = try benchmark.top(count, lookup, where: filter, fields: fields)
    try write(
      ranking, omitted: ranking.omitted, text: ranking.text(benchmark, fields), rows: ranking.table(benchmark, fields))
  }
}

extension Benchmark {
  /// What an architecture is called elsewhere, short enough for a table.
  func shortName(_ architecture: Answer.Architecture) -> String? {
    guard let space = try? spaces.space(architecture.space),
      let names = try? space.identifiers(of: architecture.canonicalText)
    else { return nil }
    return ArchitectureText.shortName(names)
  }
}

extension Ranking {
  /// What is ranked, in one sentence.
  private var heading: String {
    "\(context.words), \(context.epochWords), \(context.seedWords(where: runFilter)); the best \(places.count) of "
      + "\(NumberText.count(candidates)) architectures\(architectureFilter.map { " where \($0)" } ?? ""), "
      + "\(context.largerIsBetter ? "larger" : "smaller") is better\(RunWords.leftOut(omitted)); measured, atlas "
      + context.atlasDigest.short
  }

  /// What is ranked, then a line of numbers a place with its architecture.
  func text(_ benchmark: Benchmark, _ fields: [FilterField]) -> String {
    Output.wrapped(heading) + "\n"
      + Place.table(places, value: "value", runs: true, benchmark, fields, units: fieldUnits).joined(separator: "\n")
  }

  /// The value is called as filters call it: METRIC.SPLIT.
  func table(_ benchmark: Benchmark, _ fields: [FilterField]) -> AnswerTable {
    let value = AnswerTable.Column.field(
      "\(context.metric).\(context.split.rawValue)", unit: context.unit, places.map(\.value))
    return AnswerTable(
      caption: heading, Place.columns(places, value, runs: true, benchmark, fields, units: fieldUnits))
  }
}

extension FieldRanking {
  private var heading: String {
    let scope = dataset.map { " of runs on \($0)" + (protocolName.map { " under \($0)" } ?? "") } ?? " of \(space)"
    return "\(objective.field)\(objective.unit.map { $0 == "1" ? "" : " (\($0))" } ?? "")\(scope)"
      + "\(runFilter.map { ", \(RunWords.mean(where: $0))" } ?? ""); the \(places.count) "
      + "\(objective.direction == .minimise ? "smallest" : "largest") of \(NumberText.count(candidates)) architectures"
      + "\(architectureFilter.map { " where \($0)" } ?? "")\(RunWords.leftOut(omitted)); measured, atlas "
      + atlasDigest.short
  }

  func table(_ benchmark: Benchmark, _ fields: [FilterField]) -> AnswerTable {
    let value = AnswerTable.Column.field(objective.field, unit: objective.unit, places.map(\.value))
    return AnswerTable(
      caption: heading,
      Ranking.Place.columns(places, value, runs: dataset != nil, benchmark, fields, units: fieldUnits))
  }

  func text(_ benchmark: Benchmark, _ field: FilterField, _ fields: [FilterField]) -> String {
    Output.wrapped(heading) + "\n"
      + Ranking.Place.table(
        places, value: field.title(unit: objective.unit), runs: dataset != nil, benchmark, fields, units: fieldUnits
      ).joined(separator: "\n")
  }
}

extension Ranking.Place {
  /// Ranks, names of architectures, values, numbers of runs and further fields.
  static func columns(
    _ places: [Self], _ value: AnswerTable.Column, runs: Bool, _ benchmark: Benchmark, _ fields: [FilterField],
    units: [String: String]
  ) -> [AnswerTable.Column] {
    [AnswerTable.Column("rank", .counts(places.map(\.rank)))]
      + AnswerTable.Column.architectures(places.map(\.architecture), benchmark) + [value]
      + (runs ? [AnswerTable.Column("runs", .counts(places.map(\.runs)))] : [])
      + fields.map { field in
        .field(field.text, unit: units[field.text], places.map { $0.fields[field.text] })
      }
  }

  /// Ranks, values, numbers of runs and further fields.
  static func table(
    _ places: [Self], value: String, runs: Bool, _ benchmark: Benchmark, _ fields: [FilterField],
    units: [String: String]
  ) -> [String] {
    let names = places.map { benchmark.shortName($0.architecture) }
    var table = ArchitectureTable(
      [("rank", .right), (value, .right)] + (runs ? [("runs", .right)] : [])
        + fields.map { ($0.title(unit: units[$0.text]), .right) },
      names: names.contains { $0 != nil })
    for (place, name) in zip(places, names) {
      let value =
        runs && fields.isEmpty || place.runs > 0 ? NumberText.value(place.value) : NumberText.field(place.value)
      table.add(
        ["\(place.rank)", value] + (runs ? ["\(place.runs)"] : [])
          + fields.map { place.fields[$0.text].map(NumberText.field) ?? "-" }, place.architecture, name: name)
    }
    return table.lines
  }
}
