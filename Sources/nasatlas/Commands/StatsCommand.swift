import ArgumentParser
import Benchmarks
import Records
import Reports
import Store

/// `nasatlas stats`: how much data sets, or early epochs and the end, agree.
struct StatsCommand: TableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show rank correlations between data sets, or between epochs and the last epoch.",
    usage: "nasatlas stats <atlas> [--epochs] [--where <filter>] [<options>]",
    discussion: """
      Without --epochs, compares every two settings (data set and protocol) of one space: over the architectures \
      that both have, by the means of completed runs. With --epochs, compares the value at an epoch with the value \
      at the last epoch, over the completed runs of each setting.

      The columns are Kendall's tau-b, Spearman and Pearson; n is the number of pairs. Settings that lack the \
      metric, the split, the epoch or a run that passes --where are left out and named on stderr.

      Examples:
        nasatlas stats my.atlas
        nasatlas stats my.atlas --epochs --dataset cifar10
        nasatlas stats my.atlas --where "origin = 'random'" --split test
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Flag(help: "Correlate each epoch with the last one.")
  var epochs = false

  @OptionGroup var filter: FilterOptions
  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions

  @Option(
    help: "Without --epochs, the epoch of the values: best, last, a number or best-so-far.", transform: Spelling.epoch)
  var epoch: EpochChoice?

  @OptionGroup var table: TableOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try checkFormat()
    _ = try metric.onlySplit()
    if epochs, epoch != nil { throw ValidationError("--epochs compares all epochs; leave out --epoch") }
  }

  private struct Report: Encodable {
    struct Setting: Encodable {
      let name: String
      let rows: [CorrelationRow]
    }
    let metric: String?
    let split: Split
    let filter: String?
    /// Between settings; empty with --epochs.
    let settings: [CorrelationRow]
    /// Between epochs and the last one, by setting; empty without --epochs.
    let epochs: [Setting]
    let atlasDigest: Digest256
  }

  func run() throws {
    let benchmark = try Benchmark(path: atlas)
    let split = try metric.onlySplit()
    let lookups = try self.lookups(benchmark, split)
    let between = epochs ? [] : try benchmark.correlations(between: lookups, where: filter.condition)
    let early =
      try epochs
      ? lookups.map { entry in
        Report.Setting(
          name: entry.name, rows: try benchmark.correlationsWithFinal(entry.lookup, where: filter.condition))
      } : []
    let metrics = Set(lookups.map(\.lookup.metric.name))
    let report = Report(
      metric: metrics.count == 1 ? metrics.first : nil, split: split, filter: filter.condition, settings: between,
      epochs: early, atlasDigest: benchmark.atlas.digest)
    let heading =
      "\(metrics.sorted().joined(separator: ", ")) on \(split.rawValue)\(try condition(benchmark, lookups))"
      + "; measured, atlas \(benchmark.atlas.digest.short)"
    try write(
      report, text: text(heading, between, early),
      rows: AnswerTable(
        caption: heading, epochs ? Self.columns(early) : Self.columns(between.map { (nil, $0) }, isPaired: true)))
  }

  private func text(_ heading: String, _ between: [CorrelationRow], _ early: [Report.Setting]) -> String {
    var lines = [Output.wrapped(heading)]
    if epochs {
      for setting in early {
        lines += [setting.name] + (setting.rows.isEmpty ? ["  no curves"] : Self.table(setting.rows, isPaired: false))
      }
    } else {
      lines += between.isEmpty ? ["only one setting: nothing to compare"] : Self.table(between, isPaired: true)
    }
    return lines.joined(separator: "\n")
  }

  private static func columns(_ early: [Report.Setting]) -> [AnswerTable.Column] {
    columns(early.flatMap { setting in setting.rows.map { (setting.name, $0) } }, isPaired: false)
  }

  /// Of pairs of settings, or of an epoch of a setting and the last one.
  private static func columns(
    _ rows: [(setting: String?, row: CorrelationRow)], isPaired: Bool
  ) -> [AnswerTable.Column] {
    let found = rows.map(\.row)
    let names: [AnswerTable.Column] =
      isPaired
      ? [.init("first", .texts(found.map(\.first))), .init("second", .texts(found.map(\.second)))]
      : [
        .init("setting", .texts(rows.map(\.setting))),
        .init("epoch", .counts(found.map { Int($0.first.replacing("epoch ", with: "")) })),
      ]
    return names + [
      .init("kendall_tau_b", title: "tau-b", .numbers(found.map(\.kendallTauB))),
      .init("spearman", title: "Spearman", .numbers(found.map(\.spearman))),
      .init("pearson", title: "Pearson", .numbers(found.map(\.pearson))),
      .init("pairs", title: "n", .counts(found.map(\.count))), .init("dropped", .counts(found.map(\.dropped))),
    ]
  }

  /// `, mean over completed runs where …; architectures where …`; empty without a filter.
  private func condition(_ benchmark: Benchmark, _ lookups: [(name: String, lookup: Lookup)]) throws -> String {
    guard let condition = filter.condition, let first = lookups.first else { return "" }
    let parts = try FilterParts(benchmark.filter(condition, for: first.lookup.setting))
    return (parts.runs.map { ", \(RunWords.mean(where: $0.canonicalText))" } ?? "")
      + (parts.architectures.map { "; architectures where \($0.canonicalText)" } ?? "")
  }

  /// One a setting that has the metric and the split.
  private func lookups(_ benchmark: Benchmark, _ split: Split) throws -> [(name: String, lookup: Lookup)] {
    let wanted = benchmark.atlas.settings.filter { found in
      (setting.space == nil || setting.space == found.space)
        && (setting.dataset == nil || setting.dataset == found.dataset)
        && (setting.trainingProtocol == nil || setting.trainingProtocol == benchmark.protocolName(found))
    }
    // Where the options name nothing that is there, the benchmark says what there is.
    if wanted.isEmpty { _ = try benchmark.setting(setting.question) }
    let hasOneSpace = Set(wanted.map(\.space)).count == 1
    // Lines show only what differs between them.
    let hasOneProtocol =
      Set(wanted.map(\.protocolDigest)).count == 1 && Set(wanted.map(\.dataset)).count == wanted.count
    var failures: [String] = []
    var firstFailure: (any Error)?
    var lookups: [(name: String, lookup: Lookup)] = []
    for found in wanted {
      let name = (hasOneSpace ? "" : "\(found.space): ") + (hasOneProtocol ? found.dataset : benchmark.name(found))
      do {
        var question = Question().about(metric, split: split)
        question.epoch = epoch
        let lookup = try benchmark.lookup(question, in: found)
        try lookup.requireAnswers(where: filter.condition)
        lookups.append((name, lookup))
      } catch let error as BenchmarkError {
        firstFailure = firstFailure ?? error
        failures.append("\(name): \(error.message)")
      }
    }
    if lookups.isEmpty, let firstFailure { throw firstFailure }
    for failure in failures { Output.note("left out: \(failure)") }
    return lookups
  }

  private static func table(_ rows: [CorrelationRow], isPaired: Bool) -> [String] {
    func number(_ value: Double?) -> String { value.map(NumberText.value) ?? "-" }
    var table = TextTable([
      (isPaired ? "settings" : "epoch", .left), ("tau-b", .right), ("Spearman", .right), ("Pearson", .right),
      ("n", .right), ("dropped", .right),
    ])
    for row in rows {
      let name = isPaired ? row.first : row.first.replacing("epoch ", with: "")
      table.add(
        [
          name, number(row.kendallTauB), number(row.spearman), number(row.pearson), NumberText.count(row.count),
          NumberText.count(row.dropped),
        ])
      if isPaired { table.add(["  " + row.second, "", "", "", "", ""]) }
    }
    return table.lines
  }
}
