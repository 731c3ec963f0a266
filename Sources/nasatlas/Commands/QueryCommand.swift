import ArgumentParser
import Benchmarks
import Records
import Store

/// `nasatlas query`: the value of an architecture, with everything that says what it is.
struct QueryCommand: TableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Show the value of an architecture.",
    usage: """
      nasatlas query <atlas> --architecture <architecture> [<options>]
      nasatlas query <atlas> --best <k> [<options>]
      """,
    discussion: """
      An architecture is named by its id or the first eight or more digits, by its canonical text, by its place in \
      the atlas from 0 (place:6111), or by another name that its space knows: nats:6111, digits:404404, an \
      architecture vector. A bare number is an error if a published table numbers architectures too.

      Omitted options must be unambiguous: with several data sets or protocols, choose one. The value is the mean \
      over all completed runs unless --seed chooses otherwise. The best epoch is the one with the best validation \
      value of the data set's metric, for every metric and split. --best K lists the K best architectures, as \
      `nasatlas top -k K` does. For values of all epochs, use `nasatlas curve`.

      A value that the atlas lacks is an error. With --predict, the surrogate of `nasatlas fit` predicts it, and the \
      answer is marked as predicted. --noise NUMBER gives a simulated run instead of the predicted mean.

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

  @Option(name: [.short, .long], help: "Id, canonical text, place:NUMBER or another name that the space knows.")
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
      guard architecture == nil else {
        throw ValidationError("--best and --architecture exclude each other; give one of them")
      }
      _ = try metric.onlySplit()
      guard !predictions.areAllowed else {
        throw ValidationError("--best ranks measured values only; leave out --predict")
      }
    } else if architecture == nil {
      throw ValidationError("name an architecture with --architecture, or list the best with --best K")
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
