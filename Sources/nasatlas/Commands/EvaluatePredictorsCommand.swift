import ArgumentParser
import Benchmarks
import Evaluation
import Foundation
import Records
import Spaces
import Store
import Surrogates

/// `nasatlas evaluate predictors`: predictors against each other, on the same splits.
struct EvaluatePredictorsCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "predictors",
    abstract: "Compare predictors on an atlas, with the protocol of the literature.",
    usage: "nasatlas evaluate predictors <atlas> [--predictor <name> ...] [<options>]",
    discussion: """
      All predictors learn from the same architectures and are tested on the same others, in each of several random \
      splits (trials). The protocol is that of White et al. (2021): 20 trials, 5 to 205 training architectures, 100 \
      test architectures. The target is the mean over the runs of each architecture, or with --target another field \
      in the spelling of filters, such as train_seconds. For metrics that are fractions, errors are in percent. \
      Without --predictor, all predictors that can encode the architectures are compared.

      Settings of one predictor follow its name after colons: encoding=, transform= and, for its name in the tables, \
      as=. For example: gp:encoding=summary+measurement:synflow

      With --fidelity, learning-curve predictors (last-value, sotl-e, lcsvr, lce, lcranknet ...) see that many \
      epochs of each tested curve and predict the last value. Predictors that see no curves can be compared with \
      them.

      To evaluate your own predictor, write the splits with --export-splits, fit it to the train rows, and pass its \
      predictions for the test rows to --predictions. That is a CSV file with the columns trial, train_size, \
      architecture and prediction; sd, fit_seconds and query_seconds are optional. The Python package has a function \
      for this.

      Examples:
        nasatlas evaluate predictors my.atlas --dataset cifar10 --train-size 121
        nasatlas evaluate predictors my.atlas --predictor random-forest --test rest
        nasatlas evaluate predictors my.atlas --format latex --output table.tex
        nasatlas evaluate predictors my.atlas --format vega-size --output x.vl.json
        nasatlas evaluate predictors my.atlas --predictor sotl-e,lce,default --fidelity 10,25
        nasatlas evaluate predictors my.atlas --predictor cost-trees --target train_seconds
        nasatlas evaluate predictors my.atlas --export-splits splits.csv
        nasatlas evaluate predictors my.atlas --predictions mine.csv:mine
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(
    help: .init(
      "A predictor, or several separated by commas; may be repeated. (default: all; with --predictions: none)",
      valueName: "name"), completion: Completions.comparedPredictors)
  var predictor: [String] = []

  @OptionGroup var model: ModelOptions
  @OptionGroup var trialOptions: TrialOptions
  @OptionGroup var curveOptions: CurveOptions

  @Option(
    help: .init(
      "Predict this field instead of the metric, such as train_seconds, parameters or latency[raspi4].",
      valueName: "field"))
  var target: String?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions

  @Option(
    help: "best, last, a number from 1, best-so-far or best-so-far:NUMBER. (default: last with --fidelity)",
    transform: Spelling.epoch)
  var epoch: EpochChoice?

  @Flag(help: "Calibrate standard deviations with five folds, as `fit` does; takes six fits instead of one.")
  var calibrated = false

  @Option(
    help: .init(
      "Predictions of your own predictor, FILE or FILE:NAME; may be repeated.", valueName: "file:name"))
  var predictions: [String] = []

  @Option(
    help: .init("Write the splits to this CSV file and evaluate nothing.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var exportSplits: String?

  @Option(
    help: .init(
      "\(EvaluationFormat.allCases.map(\.rawValue).joined(separator: ", ")). (default: text)", valueName: "format"))
  var format: EvaluationFormat?

  @OptionGroup var output: OutputOptions

  @Option(name: .customLong("output"), help: .init("The file to write. (default: standard output)", valueName: "file"))
  var file: String?

  func validate() throws {
    _ = try metric.onlySplit()
    if output.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other; give one of them")
    }
    try curveOptions.check()
    if format == .vegaEpochs, curveOptions.fidelity.isEmpty {
      throw ValidationError("--format vega-epochs draws results against epochs seen; add --fidelity")
    }
    if target != nil,
      metric.metric != nil || !metric.split.isEmpty || epoch != nil || !curveOptions.fidelity.isEmpty
    {
      throw ValidationError("--target replaces the metric; leave out --metric, --split, --epoch and --fidelity")
    }
  }

  var rules: PredictorProtocol { curveOptions.applied(to: trialOptions.rules) }

  func run() throws {
    try InputFile.require(atlas)
    let place = try place()
    let candidates = try candidates()
    if exportSplits == nil { try PinnedArithmetic.require() }
    let (sample, chosen) = try sample(Benchmark(path: atlas), for: candidates)
    let suite = try PredictorSuite(sample, rules)
    if exportSplits != nil, let place { return try export(suite, to: place) }
    let progress = FitReporter(isTerminal: isatty(STDERR_FILENO) == 1)
    let results = try suite.evaluate(chosen, progress: progress.hear)
    progress.finish()
    let text = try resultFormat.text(results)
    let lines = text.hasSuffix("\n") ? String(text.dropLast()) : text
    guard let place else { return try Output.data(lines) }
    try place.write(Data((lines + "\n").utf8))
  }

  private var resultFormat: EvaluationFormat { format ?? (output.json ? .json : .text) }

  /// Where the results or splits go, if they may: known before hours of fitting.
  private func place() throws -> OutputFile? {
    let inputs = AtlasFiles.all(of: [atlas]) + predictions.map { Self.fileAndName($0).path }
    if let exportSplits { return try OutputFile(exportSplits, as: .csv, inputs: inputs) }
    return try file.map { try OutputFile($0, as: resultFormat.kind, inputs: inputs) }
  }

  // MARK: Candidates

  /// Whether nobody said which predictors.
  private var areAllMeant: Bool { predictor.isEmpty && predictions.isEmpty }

  private func candidates() throws -> [PredictorCandidate] {
    if exportSplits != nil, areAllMeant { return [] }
    let own = try (areAllMeant ? usual : predictor.flatMap(PredictorSpelling.list)).map(candidate)
    return try own
      + predictions.map { text in
        let (path, name) = Self.fileAndName(text)
        try InputFile.require(path)
        guard let bytes = FileManager.default.contents(atPath: path) else {
          throw CommandError.missing(path: path, remedy: "name a file that can be read with --predictions FILE:NAME")
        }
        return PredictorCandidate(
          try ImportedPredictions(name: name, file: path, text: String(decoding: bytes, as: UTF8.self)))
      }
  }

  /// All that see architectures; or all that see curves, and the default beside them.
  private var usual: [String] {
    curveOptions.fidelity.isEmpty
      ? PredictorCatalogue.methods.map(\.name) : ["default"] + CurvePredictorCatalogue.methods.map(\.name)
  }

  private func candidate(_ text: String) throws -> PredictorCandidate {
    let spelling = try PredictorSpelling(text)
    if let method = CurvePredictorCatalogue.methods.first(where: { $0.name == spelling.name }) {
      guard spelling.encodings.isEmpty, spelling.transform == nil else {
        throw ValidationError("\(spelling.name) is a learning-curve predictor; leave out encoding= and transform=")
      }
      return PredictorCandidate(method, name: spelling.label)
    }
    do {
      let method = try model.method(spelling)
      return PredictorCandidate(calibrated ? CalibratedMethod(method) : method, name: spelling.label)
    } catch SurrogatesError.unknownPredictor(let name, let known) {
      throw SurrogatesError.unknownPredictor(
        name: name, known: known + CurvePredictorCatalogue.methods.map(\.name))
    }
  }

  /// What predictors are compared on, and which: of those that nobody named, only the ones that can see it all.
  private func sample(
    _ benchmark: Benchmark, for candidates: [PredictorCandidate]
  ) throws -> (PredictorSample, [PredictorCandidate]) {
    let whole = try sample(benchmark)
    let chosen =
      !areAllMeant
      ? candidates
      : candidates.filter { candidate in
        guard let obstacle = whole.obstacle(to: candidate) else { return true }
        Output.note("without \(candidate.name): \(obstacle)")
        return false
      }
    let sample = try whole.seen(by: chosen)
    if sample.architectures.count < whole.architectures.count {
      Output.note(
        "on \(NumberText.count(sample.architectures.count)) of \(NumberText.count(whole.architectures.count)) "
          + "architectures: those that all predictors can see")
    }
    return (sample, chosen)
  }

  /// `FILE:NAME`, or `FILE` alone, which is its own name without its ending.
  static func fileAndName(_ text: String) -> (path: String, name: String) {
    if let colon = text.lastIndex(of: ":"), !text[colon...].contains("/"), text.index(after: colon) < text.endIndex {
      return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
    return (text, URL(fileURLWithPath: text).deletingPathExtension().lastPathComponent)
  }

  private func export(_ suite: PredictorSuite, to place: OutputFile) throws {
    let table = SplitTable(suite)
    let header = Data((SplitTable.header + "\n").utf8)
    // Made one after the other as they are written: together they may be large.
    try place.write(
      (-1..<suite.splits.count).lazy.map { index in
        index < 0 ? header : Data((table.lines(of: suite.splits[index]).joined(separator: "\n") + "\n").utf8)
      })
    Output.note(
      "\(suite.splits.count) splits are in \(place.path); give predictions of their test rows with --predictions")
  }
}
