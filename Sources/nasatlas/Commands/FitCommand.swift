import ArgumentParser
import Benchmarks
import Foundation
import Records
import Spaces
import Store
import Surrogates

/// `nasatlas fit`: a surrogate that answers for architectures that nobody trained.
struct FitCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a surrogate that predicts untrained architectures, with calibrated uncertainties.",
    usage: "nasatlas fit <atlas> [--predictor <name>] [<options>]",
    discussion: """
      The predictor learns the mean value over the runs of each architecture. The surrogate is written beside the \
      atlas, with a report of its cross-validation: how well it predicts held-out architectures. With it, \
      `nasatlas query --predict` then also answers for architectures that were never trained, and says so. The same seed \
      gives the same bytes. docs/predictors.md lists the predictors and their results.

      An existing surrogate is replaced only with --force.

      With --curves, the surrogate also learns the mean learning curves, over the epochs that all completed runs \
      have, for `nasatlas curve --predict`. If architectures have several runs, it also learns how these vary, for \
      --noise.

      Examples:
        nasatlas fit data/nasbench201.atlas --dataset cifar10
        nasatlas fit my.atlas --predictor boosted-trees --metric loss --split test
        nasatlas fit my.atlas --predictor gp --encoding summary --encoding measurement:synflow
        nasatlas fit my.atlas --curves
        nasatlas fit my.atlas --where "seed = 777" --limit 1000
        nasatlas query my.atlas -a ARCHITECTURE --predict
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(
    help: .init("The predictor; `default` suits every atlas.", valueName: "name"),
    completion: Completions.predictors)
  var predictor = "default"

  @OptionGroup var model: ModelOptions
  @OptionGroup var filter: FilterOptions
  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions

  @Option(help: "best, last, a number from 1, best-so-far or best-so-far:NUMBER.", transform: Spelling.epoch)
  var epoch: EpochChoice?

  @Option(help: .init("Learn from this number of random architectures. (default: all)", valueName: "count"))
  var limit: Int?

  @Option(help: .init("Number of folds of the cross-validation, 2 or more.", valueName: "count"))
  var folds = 5

  @Option(help: .init("Random seed.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    name: .long, help: .init("The file to write. (default: beside the atlas)", valueName: "file"),
    completion: .file(extensions: ["surrogate"]))
  var into: String?

  @Flag(help: "Also learn learning curves, and how runs of one architecture vary, for `curve --predict`.")
  var curves = false

  @OptionGroup var replacing: ForceOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    _ = try metric.onlySplit()
    guard folds >= 2 else { throw ValidationError("--folds is \(folds); allowed: 2 or more") }
    if let limit, limit < 10 { throw ValidationError("--limit is \(limit); allowed: 10 or more") }
  }

  /// Where the surrogate goes, if it may.
  private func place(_ path: String) throws -> OutputFile {
    try OutputFile(path, as: .surrogate, inputs: AtlasFiles.all(of: [atlas]), force: replacing.force)
  }

  func run() throws {
    try InputFile.require(atlas)
    if let into { _ = try place(into) }
    let method = try model.method(PredictorSpelling(predictor))
    try PinnedArithmetic.require()
    let benchmark = try Benchmark(path: atlas)
    var question = setting.question.about(metric, split: try metric.onlySplit())
    question.epoch = epoch
    let lookup = try benchmark.lookup(question)
    let place = try place(into ?? lookup.surrogatePath)
    let condition = try filter.condition.map { try benchmark.filter($0, for: lookup.setting) }
    let data = try lookup.surrogateData(where: condition, limit: limit, seed: seed)
    Output.note(
      "fitting \(method.name) to \(NumberText.count(data.values.count)) architectures, \(folds + 1) times")
    let progress = FitReporter(isTerminal: isatty(STDERR_FILENO) == 1)
    let start = ContinuousClock.now
    var surrogate = try Surrogate.fit(
      method, to: data.architectures, values: data.values, runs: data.runs, subject: lookup.surrogateSubject,
      space: benchmark.spaces.space(lookup.setting.space), encoder: lookup.encoder(method.encodings), folds: folds,
      seed: seed, progress: progress.hear)
    if curves { surrogate = try surrogate.with(learntCurves(lookup, data, condition)) }
    progress.finish()
    let seconds = start.duration(to: .now) / .seconds(1)
    try surrogate.write(to: place)
    let report = FitReport(
      surrogate, method.limits(for: data.values.count), try FilterParts(condition), path: place.path, seconds: seconds)
    // Standard output holds the surrogate alone when it goes there.
    if place.target.isStandardOutput { return Output.note(report.text) }
    try output.json ? Output.json(report) : Output.data(report.text)
  }

  private func learntCurves(
    _ lookup: Lookup, _ data: SurrogateData, _ condition: FilterExpression?
  ) throws -> SurrogateCurves {
    var method = CurveModelMethod.standard
    if !model.encoding.isEmpty { method = try method.seeing(model.encoding.map { EncodingChoice($0) }) }
    let curves = try lookup.curveData(of: data, where: condition)
    Output.note("fitting \(method.name) to \(curves.epochs.count) epochs")
    return try SurrogateCurves.fit(
      method, to: curves, direction: lookup.curveDirection, encoder: lookup.encoder(method.encodings),
      limits: lookup.valueLimits, folds: folds, seed: seed,
      progress: FitReporter(isTerminal: isatty(STDERR_FILENO) == 1).hear)
  }
}
