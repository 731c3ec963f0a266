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
      of the only run is marked with <. With --predict, an architecture that the atlas lacks is answered by the surrogate \
      of `nasatlas fit --curves`, marked as predicted: mean and standard deviation of each epoch, and with --noise \
      NUMBER a simulated run.

      Examples:
        nasatlas curve my.atlas -a ID
        nasatlas curve my.atlas -a ID --metric loss --split train --split validation
        nasatlas curve my.atlas -a ID --seed all --json
        nasatlas curve my.atlas -a ID --predict --noise 1
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.short, .long], help: "Id, canonical text, place:NUMBER or another form that the space reads.")
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
