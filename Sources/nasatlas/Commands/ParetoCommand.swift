import ArgumentParser
import Benchmarks
import Oracles
import Records
import Reports
import Store

/// `nasatlas pareto`: the architectures that nothing beats in every objective.
struct ParetoCommand: TableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pareto",
    abstract: "List the Pareto-optimal (non-dominated) architectures.",
    usage: "nasatlas pareto <atlas> --objective <field> --objective <field> ... [<options>]",
    discussion: """
      An architecture is Pareto-optimal if no other one is at least as good in every objective and better in one.

      An objective is a field in the spelling of filters (docs/filters.md): METRIC.SPLIT, parameters, train_seconds, \
      attribute.NAME, latency[raspi4]. The card of a metric says whether larger is better. All other fields are \
      minimized, unless :max follows the field. Objectives are means over completed runs; architectures that lack a \
      value of an objective are left out. The list is sorted by the first objective.

      Examples:
        nasatlas pareto my.atlas --objective accuracy.validation --objective parameters
        nasatlas pareto my.atlas --dataset cifar10 \\
          --objective accuracy_percent.test --objective latency[raspi4]:min
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(help: .init("FIELD, FIELD:min or FIELD:max; repeat for each objective.", valueName: "field"))
  var objective: [String]

  @OptionGroup var filter: FilterOptions
  @OptionGroup var setting: SettingOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try checkFormat() }

  func run() throws {
    let benchmark = try Benchmark(path: atlas)
    let objectives: [Objective]
    let answer: ParetoAnswer
    if benchmark.atlas.settings.isEmpty {
      guard setting.trainingProtocol == nil else { throw BenchmarkError.noRuns(atlas: atlas) }
      objectives = try objective.map(Objective.init(ofMeasurement:))
      answer = try benchmark.paretoFront(
        objectives, space: setting.space, dataset: setting.dataset, where: filter.condition)
    } else {
      let found = try benchmark.setting(setting.question)
      objectives = try objective.map { try benchmark.objective($0, in: found) }
      answer = try benchmark.paretoFront(
        objectives, in: found, where: filter.condition.map { try benchmark.filter($0, for: found) })
    }
    try write(
      answer, omitted: answer.omitted, text: answer.text(benchmark, objectives), rows: answer.table(benchmark))
  }
}

extension ParetoAnswer {
  /// What the front is of, in one sentence.
  private var heading: String {
    let words = objectives.map { "\($0.direction == .minimise ? "small" : "large") \($0.field)" }
    let scope = dataset.map { " on \($0)" + (protocolName.map { " under \($0)" } ?? "") } ?? " of \(space)"
    return "\(words.joined(separator: ", "))\(scope)"
      + "\(runFilter.map { ", \(RunWords.mean(where: $0))" } ?? ""); \(front.count) of "
      + "\(NumberText.count(candidates)) architectures\(architectureFilter.map { " where \($0)" } ?? "") are in the "
      + "front\(RunWords.leftOut(omitted)); \(kind), atlas \(atlasDigest.short)"
  }

  func table(_ benchmark: Benchmark) -> AnswerTable {
    AnswerTable(
      caption: heading,
      AnswerTable.Column.architectures(front.map(\.architecture), benchmark)
        + objectives.enumerated().map { index, objective in
          .field(objective.field, unit: objective.unit, front.map { $0.values[index] })
        })
  }

  func text(_ benchmark: Benchmark, _ objectives: [Benchmarks.Objective]) -> String {
    let names = front.map { benchmark.shortName($0.architecture) }
    var table = ArchitectureTable(
      zip(objectives, self.objectives).map { ($0.field.title(unit: $1.unit), .right) },
      names: names.contains { $0 != nil })
    for (point, name) in zip(front, names) {
      table.add(point.values.map(NumberText.field), point.architecture, name: name)
    }
    return Output.wrapped(heading) + "\n" + table.lines.joined(separator: "\n")
  }
}
