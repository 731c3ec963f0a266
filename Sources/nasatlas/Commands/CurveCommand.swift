import ArgumentParser
import Benchmarks
import Records
import Store

/// `nasatlas curve`: the values of all epochs.
struct CurveCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "curve",
    abstract: "Show the values of an architecture at all epochs.",
    usage: "nasatlas curve <atlas> --architecture <architecture> [<options>]",
    discussion: """
      A line an epoch. One split is shown with a column for each run and their mean; of several splits the means are \
      shown. Means are over the runs asked for, at epochs that all of them have. The epoch of the best validation value \
      of the only run is marked with <.

      Examples:
        nasatlas curve my.atlas -a ID
        nasatlas curve my.atlas -a ID --metric loss --split train --split validation
        nasatlas curve my.atlas -a ID --seed all --json
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.short, .long], help: "Id, canonical text or another form that the space reads.")
  var architecture: String

  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions

  @Option(help: "mean of all completed runs, all, or one seed. (default: mean)", transform: Spelling.seeds)
  var seed: SeedChoice?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let benchmark = try Benchmark(path: atlas)
    let entry = try benchmark.architecture(architecture, space: setting.space)
    var question = setting.question
    question.space = question.space ?? entry.space
    question.seeds = seed ?? .mean
    let lookups = try metric.splits.map { split in
      var asked = question.about(metric, split: split)
      asked.seeds = seed ?? .mean
      return try benchmark.lookup(asked)
    }
    let answers = try lookups.map { try $0.curves(entry) }
    if output.json { return try Output.json(answers) }
    let runs = Array(try lookups[0].setting.runs(ofArchitecture: entry.row))
    let best = runs.count == 1 ? try lookups[0].bestEpoch(ofRun: runs[0]) : nil
    Output.data(CurveTable(answers: answers, bestEpoch: best).text)
  }
}
