import ArgumentParser
import Benchmarks
import Records

/// Which runs a command is about. What is left open must be clear from the atlas.
struct SettingOptions: ParsableArguments {
  @Option(help: "The space; required if the atlas has several.", completion: Completions.spaces)
  var space: String?

  @Option(help: "The data set; required if the atlas has several.", completion: Completions.datasets)
  var dataset: String?

  @Option(
    name: .customLong("protocol"), help: "The protocol, by name or first 12 digits; required if there are several.",
    completion: Completions.protocols)
  var trainingProtocol: String?

  /// The question that these options begin.
  var question: Question { Question(space: space, dataset: dataset, trainingProtocol: trainingProtocol) }
}

/// Which runs a part of an atlas has. What is left open takes all.
struct PartOptions: ParsableArguments {
  @Option(help: "Only this space.", completion: Completions.spaces)
  var space: String?

  @Option(help: "Only this data set.", completion: Completions.datasets)
  var dataset: String?

  @Option(
    name: .customLong("protocol"), help: "Only this protocol, by name or first 12 digits.",
    completion: Completions.protocols)
  var trainingProtocol: String?

  /// The question that these options begin.
  var question: Question { Question(space: space, dataset: dataset, trainingProtocol: trainingProtocol) }
}

/// Metric and split.
struct MetricOptions: ParsableArguments {
  @Option(help: "The metric. (default: the metric of the data set)", completion: Completions.metrics)
  var metric: String?

  @Option(
    help: "train, validation, test or valtest. (default: validation)",
    completion: .list(Split.allCases.map(\.rawValue)), transform: Spelling.split)
  var split: [AskedSplit] = []

  /// A split, and the name of another tool that it was asked by: the atlas decides what the error names.
  struct AskedSplit: Hashable {
    let split: Split
    let publishedName: String?
  }

  /// The splits asked for, each once.
  var splits: [Split] {
    var found: [Split] = []
    for asked in split.isEmpty ? [.validation] : split.map(\.split) where !found.contains(asked) {
      found.append(asked)
    }
    return found
  }

  /// The only split. Throws for several.
  func onlySplit() throws -> Split {
    guard splits.count == 1 else {
      throw ValidationError("--split is given \(splits.count) times; this command takes one split")
    }
    return splits[0]
  }
}

/// Epoch and seeds.
struct RunOptions: ParsableArguments {
  @Option(
    help: """
      best, last, a number from 1, best-so-far or best-so-far:NUMBER. (default: best if runs have a recorded best \
      epoch, else last)
      """, transform: Spelling.epoch)
  var epoch: EpochChoice?

  @Option(
    help: "mean of all completed runs, all, or a seed such as 777, unnamed-1 or mean-of-3. (default: mean)",
    transform: Spelling.seeds)
  var seed: SeedChoice?
}

/// A condition on runs and architectures.
struct FilterOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: .init(
      "Condition on architectures, such as 'parameters < 1e6', or on runs, such as 'seed = 777'; see "
        + "docs/filters.md.", valueName: "filter"))
  var condition: String?
}

extension Question {
  /// This question with its metric, split, epoch and seeds.
  func about(_ metric: MetricOptions, split: Split, _ runs: RunOptions? = nil) -> Question {
    var question = self
    question.metric = metric.metric.map { Metric($0) }
    question.split = split
    question.publishedSplit = metric.split.first { $0.split == split }?.publishedName
    question.epoch = runs?.epoch
    question.seeds = runs?.seed ?? .mean
    return question
  }
}

/// Reads the values of options; the errors list what is allowed.
enum Spelling {
  @Sendable static func split(_ text: String) throws -> MetricOptions.AskedSplit {
    if let split = Split(rawValue: text) { return .init(split: split, publishedName: nil) }
    if let split = PublishedSplit.split(called: text) { return .init(split: split, publishedName: text) }
    let allowed = Split.allCases.map(\.rawValue)
    let suggestion = NearestName.of(text, among: allowed).map { " (did you mean \($0)?)" } ?? ""
    throw ValidationError("unknown split \(text)\(suggestion); allowed: " + allowed.joined(separator: ", "))
  }

  @Sendable static func epoch(_ text: String) throws -> EpochChoice {
    guard let epoch = EpochChoice(text) else {
      throw ValidationError("--epoch is \(text); allowed: best, last, a number from 1, best-so-far, best-so-far:NUMBER")
    }
    return epoch
  }

  @Sendable static func seeds(_ text: String) throws -> SeedChoice {
    guard let seeds = SeedChoice(text) else {
      throw ValidationError("--seed is \(text); allowed: mean, all, or a seed such as 777, unnamed-1 or mean-of-3")
    }
    return seeds
  }

  /// A number of places, 1 to 1,000,000.
  static func checkCount(_ count: Int, option: String) throws {
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("\(option) is \(count); allowed: 1 to 1000000")
    }
  }
}
