import ArgumentParser
import Benchmarks
import Records
import Store

/// `nasatlas query`: the value of an architecture, with everything that says what it is.
struct QueryCommand: TableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask an atlas for the value of an architecture.",
    usage: """
      nasatlas query <atlas> --architecture <architecture> [<options>]
      nasatlas query <atlas> --best <k> [<options>]
      """,
    discussion: """
      An architecture is named by its id, the first digits of it (eight or more), its canonical text, its place in the \
      atlas from 0 (place:6111), or another form that its space reads: nats:6111, digits:404404, an architecture \
      vector. A bare number is an error where a published table numbers architectures too. What is left open must be clear: with \
      several data sets or protocols, one has to be chosen. The value is the mean over all completed runs unless --seed \
      says otherwise. What the atlas does not hold is an error, unless --predict lets the surrogate of `nasatlas fit` \
      answer; predicted values are marked. --noise NUMBER gives a simulated run in place of the predicted mean. The best \
      epoch is that of the best validation value of the data set's metric, whatever the metric and the split of the \
      question. --best K is short for `top -k K`. Curves are told by `nasatlas curve`.

      Examples:
        nasatlas query my.atlas -a ID
        nasatlas query my.atlas -a nats:6111 --dataset cifar10
        nasatlas query my.atlas -a ID --metric loss --split test --epoch last
        nasatlas query my.atlas -a ID --split validation --split test --seed all
        nasatlas query my.atlas -a ID --predict
        nasatlas query my.atlas -a ID --predict --noise 1
        nasatlas query my.atlas --best 5
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.short, .long], help: "Id, canonical text, place:NUMBER or another form that the space reads.")
  var architecture: String?

  @Option(help: .init("List the best K architectures, 1 to 1000000.", valueName: "k"))
  var best: Int?

  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var predictions: PredictionOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try checkFormat()
    try predictions.check(seed: runs.seed)
    if let best {
      try Spelling.checkCount(best, option: "--best")
      guard architecture == nil else { throw ValidationError("--best and --architecture are two questions; ask one") }
      _ = try metric.onlySplit()
      guard !predictions.areAllowed else {
        throw ValidationError("--best ranks what was measured; leave --predict out")
      }
    } else if architecture == nil {
      throw ValidationError("name an architecture with --architecture, or ask for the best with --best K")
    }
  }

  func run() throws {
    let benchmark = try Benchmark(path: atlas)
    if let best {
      let question = setting.question.about(metric, split: try metric.onlySplit(), runs)
      return try write(best: best, question, benchmark)
    }
    let report = try predictions.areAllowed ? predictedReport(benchmark) : report(benchmark)
    try write(report, text: report.text(atlas), rows: report.table)
  }

  private func report(_ benchmark: Benchmark) throws -> ValueReport {
    let entry = try benchmark.architecture(architecture ?? "", space: setting.space)
    var question = setting.question
    question.space = question.space ?? entry.space
    return ValueReport(
      architecture: Answer.Architecture(entry), identifiers: try benchmark.identifiers(of: entry),
      answers: try metric.splits.map { split in
        try benchmark.lookup(question.about(metric, split: split, runs)).answer(entry)
      })
  }

  private func predictedReport(_ benchmark: Benchmark) throws -> ValueReport {
    var question = setting.question
    let spelling = try benchmark.spelling(of: architecture ?? "", space: setting.space)
    question.space = question.space ?? spelling.space
    let answers = try metric.splits.map { split in
      let lookup = try benchmark.lookup(question.about(metric, split: split, runs))
      // What is measured needs no surrogate.
      return try lookup.measuredAnswer(spelling.canonicalText)
        ?? lookup.predicting(path: predictions.surrogate).answer(spelling.canonicalText, noise: predictions.noise)
    }
    return ValueReport(
      architecture: answers[0].architecture,
      identifiers: try benchmark.identifiers(ofText: spelling.canonicalText, space: spelling.space), answers: answers)
  }
}
