import ArgumentParser
import Benchmarks
import Records
import Store

/// `nasatlas curve`: the values of all epochs.
struct CurveCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "curve",
    abstract: "Show the learning curves of an architecture.",
    usage: "nasatlas curve <atlas> --architecture <architecture> [<options>]",
    discussion: """
      Prints one line per epoch. For one split, the columns are the runs and their mean; for several splits, the \
      means of each. Means are over the requested runs, at epochs that all of them have. The sign \
      < marks the epoch of the best validation value, if there is only one run.

      With --predict, the surrogate of `nasatlas fit --curves` predicts architectures that the atlas lacks: mean and \
      standard deviation per epoch, marked as predicted. --noise NUMBER gives a simulated run.

      Examples:
        nasatlas curve my.atlas -a ID
        nasatlas curve my.atlas -a ID --metric loss --split train --split validation
        nasatlas curve my.atlas -a ID --seed all --json
        nasatlas curve my.atlas -a ID --predict --noise 1
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.short, .long], help: "Id, canonical text, place:NUMBER or another name that the space knows.")
  var architecture: String

  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions

  @Option(help: "mean of all completed runs, all, or one seed. (default: mean)", transform: Spelling.seeds)
  var seed: SeedChoice?

  @OptionGroup var predictions: PredictionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try predictions.check(seed: seed) }

  func run() throws {
    let benchmark = try Benchmark(path: atlas)
    if predictions.areAllowed { return try tellPredicted(benchmark) }
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
    try tell(answers, lookups[0], entry)
  }

  /// Measured where the atlas has the architecture, else predicted.
  private func tellPredicted(_ benchmark: Benchmark) throws {
    var question = setting.question
    let spelling = try benchmark.spelling(of: architecture, space: setting.space)
    question.space = question.space ?? spelling.space
    let lookups = try metric.splits.map { try benchmark.lookup(question.about(metric, split: $0)) }
    let answers = try lookups.map {
      try $0.measuredCurves(spelling.canonicalText)
        ?? $0.predictingCurves(path: predictions.surrogate).curves(spelling.canonicalText, noise: predictions.noise)
    }
    let id = ArchitectureID(space: spelling.space, canonicalText: spelling.canonicalText)
    try tell(answers, lookups[0], benchmark.atlas.architecture(id))
  }

  private func tell(_ answers: [CurveAnswer], _ lookup: Lookup, _ entry: ArchitectureEntry?) throws {
    if output.json { return try Output.json(answers) }
    let runs = try entry.map { Array(try lookup.setting.runs(ofArchitecture: $0.row)) } ?? []
    let best = runs.count == 1 ? try lookup.bestEpoch(ofRun: runs[0]) : nil
    try Output.data(CurveTable(answers: answers, bestEpoch: best).text)
  }
}
