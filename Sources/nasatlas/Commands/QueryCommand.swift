import ArgumentParser
import Datasets
import Records
import Store

/// `nasatlas query`: an answer from an atlas.
struct QueryCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask an atlas for a value, a curve or the best runs.",
    usage: """
      nasatlas query <atlas> --best <k> [--dataset <name>] [--metric <metric>]
      nasatlas query <atlas> --architecture <architecture> [<options>]
      """,
    discussion: """
      An architecture is named by its canonical text, its id of 32 hex digits, or its architecture vector of 117 or \
      122 digits 0 and 1. What is left open must be clear: with several data sets, protocols or seeds, one has to be \
      chosen. The best epoch is that of the best validation value of the metric that scores the run, whatever the \
      metric and the split of the question.

      Examples:
        nasatlas query my.atlas --best 5
        nasatlas query my.atlas -a stem:k5/time:on/encoder:gru/decoder:off/head:max
        nasatlas query my.atlas -a ID --metric loss --split test --epoch last
        nasatlas query my.atlas -a ID --split train --split validation --curve
        nasatlas query my.atlas -a ID --seed mean --json
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.short, .long], help: "Canonical text, id or architecture vector.")
  var architecture: String?

  @Option(help: .init("List the best K runs by validation score, 1 to 1000000.", valueName: "k"))
  var best: Int?

  @Option(help: "The data set, where the atlas has several.", completion: .list(DatasetRegistry.names))
  var dataset: String?

  @Option(name: .customLong("protocol"), help: "The protocol, by name or first 12 digits, where there are several.")
  var trainingProtocol: String?

  @Option(help: "The metric. (default: that of the data set)")
  var metric: String?

  @Option(help: "Train, validation or test; may be given more than once. (default: validation)")
  var split: [SplitChoice] = []

  @Option(help: "A number counted from 1, best or last.")
  var epoch: EpochChoice?

  @Option(help: "A seed, or mean for all completed ones.")
  var seed: SeedChoice?

  @Flag(help: "All epochs instead of one.")
  var curve = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let best {
      guard (1...1_000_000).contains(best) else {
        throw ValidationError("--best is \(best); allowed: 1 to 1000000")
      }
      guard architecture == nil, split.isEmpty, epoch == nil, seed == nil, !curve else {
        throw ValidationError("--best goes with --dataset, --protocol and --metric only: it ranks by validation score")
      }
    } else if architecture == nil {
      throw ValidationError("name an architecture with --architecture, or ask for the best runs with --best K")
    }
    if curve, epoch != nil { throw ValidationError("--curve tells all epochs; leave --epoch out") }
  }

  func run() throws {
    let opened = try Atlas(path: atlas)
    if let best {
      let ranking = try Ranking(
        opened, count: best, dataset: dataset, trainingProtocol: trainingProtocol, metric: metric)
      return try output.json ? Output.json(ranking) : Output.data(ranking.text)
    }
    var splits: [Split] = []
    for asked in split.isEmpty ? [.validation] : split.map(\.split) where !splits.contains(asked) {
      splits.append(asked)
    }
    let question = Question(
      architecture: architecture ?? "", dataset: dataset, trainingProtocol: trainingProtocol, metric: metric,
      splits: splits, epoch: epoch ?? .best, seed: seed, wantsCurve: curve)
    let answer = try question.answer(from: opened)
    try output.json ? Output.json(answer) : Output.data(answer.text)
  }
}
