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
    abstract: "Compare predictors on an atlas: trials, train sizes and metrics as in the literature.",
    usage: "nasatlas evaluate predictors <atlas> [--predictor <name> ...] [<options>]",
    discussion: """
      Every predictor learns from the same architectures and is tested on the same others, trial by trial; the protocol \
      is that of White et al. (2021), 20 trials of 5 to 205 architectures with 100 to test on. What is predicted is what \
      the atlas answers to the question, the mean over the runs of each architecture. Errors of fractions are told in \
      percent. Without --predictor, all predictors are compared.

      A predictor of your own: write the splits with --export-splits, fit it to their train rows, and give its \
      predictions for the test rows with --predictions: a CSV file with the columns trial, train_size, architecture and \
      prediction, and perhaps sd, fit_seconds and query_seconds. The Python package has a function for that.

      Examples:
        nasatlas evaluate predictors my.atlas --dataset cifar10 --train-size 121
        nasatlas evaluate predictors my.atlas --predictor random-forest --test rest
        nasatlas evaluate predictors my.atlas --format latex --output table.tex
        nasatlas evaluate predictors my.atlas --format vega-size --output x.vl.json
        nasatlas evaluate predictors my.atlas --export-splits splits.csv
        nasatlas evaluate predictors my.atlas --predictions mine.csv:mine
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(
    help: .init("A predictor; may be repeated. (default: all, or none with --predictions)", valueName: "name"))
  var predictor: [String] = []

  @OptionGroup var model: ModelOptions
  @OptionGroup var trialOptions: TrialOptions
  @OptionGroup var filter: FilterOptions
  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions

  @Option(help: "best, last, a number from 1, best-so-far or best-so-far:NUMBER.", transform: Spelling.epoch)
  var epoch: EpochChoice?

  @Flag(help: "Deviations as `fit` makes them: calibrated by five folds, for six fits in the place of one.")
  var calibrated = false

  @Option(
    help: .init(
      "Predictions of a predictor of your own, FILE or FILE:NAME; may be repeated.", valueName: "file:name"))
  var predictions: [String] = []

  @Option(
    help: .init("Write the splits to this CSV file, and evaluate nothing.", valueName: "file"),
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
      throw ValidationError("--json and --format \(format.rawValue) are two answers; ask for one")
    }
  }

  func run() throws {
    try InputFile.require(atlas)
    let candidates = try candidates()
    if exportSplits == nil { try PinnedArithmetic.require() }
    let benchmark = try Benchmark(path: atlas)
    var question = setting.question.about(metric, split: try metric.onlySplit())
    question.epoch = epoch
    let lookup = try benchmark.lookup(question)
    let condition = try filter.condition.map { try benchmark.filter($0, for: lookup.setting) }
    let data = try lookup.surrogateData(where: condition)
    let sample = try PredictorSample(
      data.architectures, values: data.values, unit: lookup.card.unit, largerIsBetter: lookup.card.largerIsBetter,
      title: title(lookup), space: benchmark.spaces.space(lookup.setting.space), encoder: { try lookup.encoder($0) })
    let suite = try PredictorSuite(sample, trialOptions.rules)
    if let exportSplits { return try export(suite, to: exportSplits) }
    // Whether there is a place for the results is known before hours of fitting.
    let place = try file.map { try OutputFile($0) }
    do {
      let progress = EvaluationProgress(isTerminal: isatty(STDERR_FILENO) == 1)
      let results = try suite.evaluate(candidates, progress: progress.hear)
      progress.finish()
      let text = try (format ?? (output.json ? .json : .text)).text(results)
      let lines = text.hasSuffix("\n") ? String(text.dropLast()) : text
      guard let place else { return Output.data(lines) }
      try place.write(lines + "\n")
      try place.finish()
    } catch {
      place?.discard()
      throw error
    }
  }

  private func candidates() throws -> [PredictorCandidate] {
    if exportSplits != nil { return [] }
    let names = predictor.isEmpty && predictions.isEmpty ? PredictorCatalogue.methods.map(\.name) : predictor
    let methods = try names.map { name in
      let method = try model.method(named: name)
      return PredictorCandidate(calibrated ? CalibratedMethod(method) : method)
    }
    return try methods
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

  /// `FILE:NAME`, or `FILE` alone, which is its own name without its ending.
  static func fileAndName(_ text: String) -> (path: String, name: String) {
    if let colon = text.lastIndex(of: ":"), !text[colon...].contains("/"), text.index(after: colon) < text.endIndex {
      return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
    return (text, URL(fileURLWithPath: text).deletingPathExtension().lastPathComponent)
  }

  private func title(_ lookup: Lookup) -> String {
    let dataset = setting.dataset ?? lookup.setting.dataset
    return
      "\(lookup.card.name) (\(lookup.card.unit)) on \(lookup.split.rawValue) of \(dataset), \(lookup.setting.space)"
  }

  private func export(_ suite: PredictorSuite, to path: String) throws {
    let table = SplitTable(suite)
    let file = try OutputFile(path)
    try file.write(SplitTable.header + "\n")
    for split in suite.splits { try file.write(table.lines(of: split).joined(separator: "\n") + "\n") }
    try file.finish()
    Output.note("\(suite.splits.count) splits are in \(path); give predictions of their test rows with --predictions")
  }
}
