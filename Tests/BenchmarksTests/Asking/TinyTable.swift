import Benchmarks
import Records
import Store

/// A table with everything that makes questions hard: two data sets and, as earlier versions allowed, one without a card, three protocols, ragged,
/// unnamed and published-mean seeds, sparse curves, runs that diverged or failed, NaN, and every way to tell seconds.
enum TinyTable {
  /// Cells of NAS-Bench-201 by what is peculiar to them, as their number in the published order.
  enum Cell: Int, CaseIterable {
    /// Three seeds, with seconds by epoch, as a total, and not at all.
    case full = 6111
    /// Two seeds.
    case ragged = 9930
    /// One completed run, one that diverged, one that failed without a value.
    case troubled = 857
    /// Two seeds that the source does not name.
    case unnamed = 10_676
    /// One published mean of three.
    case mean = 11
    /// Nothing but a run that diverged.
    case diverged = 284
    /// Two runs and their published mean.
    case runsAndMean = 100
    /// Two completed runs, one of them with a NaN.
    case undefined = 200
    /// A latency and no run.
    case measuredOnly = 1

    var text: String { "nats:\(rawValue)" }
  }

  /// One atlas for all tests, which only ask.
  static func shared() throws -> PublishedAtlas { try made.get() }

  private static let made = Result { try PublishedAtlas(lines: lines, isChecked: false).withoutFiles() }

  static func entry(_ cell: Cell, _ benchmark: Benchmark) throws -> ArchitectureEntry {
    try benchmark.architecture(cell.text)
  }

  static var lines: [String] { (cards + runs + measurements).split(separator: "\n").map(String.init) }

  private static let cards = [
    CardLine.source("tiny"),
    CardLine.metric("accuracy_percent", unit: "percent", largerIsBetter: true),
    CardLine.metric("loss", unit: "nats", largerIsBetter: false),
    CardLine.dataset("cifar10"), CardLine.dataset("cifar100"),
    CardLine.trainingProtocol("short", epochs: 4), CardLine.trainingProtocol("long", epochs: 8),
    CardLine.trainingProtocol("scored", epochs: 3), "",
  ].joined(separator: "\n")

  private static let runs = [
    // The values of one run are neither sorted nor round, and no epoch is best on both splits.
    run(
      .full, 777,
      curve("accuracy_percent", "validation", "10.5,61.25,60.125,59.7")
        + "," + curve("accuracy_percent", "test", "57.3,58.9", epochs: "2,4") + ","
        + curve("loss", "train", "2.3,1.1,0.9,0.7"),
      extra: #""costs":{"perEpoch":{"train_seconds":[3.5,2.25,2.5,2.0]}},"origin":{"kind":"random"}"#
        + #","attributes":{"density":0.5,"note":"a text"},"counts":{"parameters":1000}"#),
    run(
      .full, 888,
      curve("accuracy_percent", "validation", "11.5,40.25,62.5,60.1")
        + "," + curve("accuracy_percent", "test", "56.1,59.3", epochs: "2,4"),
      extra: #""costs":{"total":{"train_seconds":40.0}},"origin":{"kind":"random"},"attributes":{"density":0.25}"#),
    run(
      .full, 999,
      curve("accuracy_percent", "validation", "9.5,41.5,60.3,60.9")
        + "," + curve("accuracy_percent", "test", "55.0,59.0", epochs: "2,4"), extra: #""origin":{"kind":"search"}"#),
    run(.ragged, 777, curve("accuracy_percent", "validation", "10,20,30,40"), extra: #""origin":{"kind":"search"}"#),
    run(.ragged, 888, curve("accuracy_percent", "validation", "10,20,30"), extra: #""origin":{"kind":"search"}"#),
    run(.troubled, 777, curve("accuracy_percent", "validation", "30,50,70,72.5")),
    run(.troubled, 888, curve("accuracy_percent", "validation", #"30,"nan""#), status: "diverged"),
    run(.troubled, 999, "", status: "failed"),
    run(.unnamed, #"{"unnamed":1}"#, curve("accuracy_percent", "validation", "33.3", epochs: "4")),
    run(.unnamed, #"{"unnamed":2}"#, curve("accuracy_percent", "validation", "34.4", epochs: "4")),
    run(.mean, #"{"meanOf":3}"#, curve("accuracy_percent", "validation", "44.123456789", epochs: "4")),
    run(.diverged, 777, curve("accuracy_percent", "validation", "99"), status: "diverged"),
    run(.runsAndMean, 777, curve("accuracy_percent", "validation", "50,51,52,53")),
    run(.runsAndMean, 888, curve("accuracy_percent", "validation", "50,51,52,55")),
    run(
      .runsAndMean, #"{"meanOf":2}"#,
      curve("accuracy_percent", "validation", "60", epochs: "4") + ","
        + curve("accuracy_percent", "test", "61", epochs: "4")),
    run(.undefined, 777, curve("accuracy_percent", "validation", #"50,51,52,"nan""#)),
    run(.undefined, 888, curve("accuracy_percent", "validation", "50,51,52,55")),
    run(.full, 777, curve("accuracy_percent", "validation", "1,2,3,4"), dataset: "cifar100"),
    run(.ragged, 777, curve("accuracy_percent", "validation", "5,6,7,8"), dataset: "cifar100"),
    run(
      .full, 1, curve("accuracy_percent", "validation", "1,2,3,4,5,6,7,8"), protocol: "long",
      extra: #""costs":{"total":{"train_seconds":16.0}}"#),
    run(.full, 1, curve("perplexity", "validation", "80,70") + "," + curve("loss", "test", "3,2"), dataset: "text"),
    run(
      .full, 5, curve("accuracy_percent", "validation", "1,9,3") + "," + curve("accuracy_percent", "test", "7,5,6"),
      protocol: "scored", extra: #""score":{"metric":"accuracy_percent","epoch":2,"validation":9,"test":5}"#),
  ].joined()

  private static let measurements = [
    measurement(.full, "train_seconds_per_epoch", "second", 2.5, #","dataset":"cifar100","protocol":"short""#),
    measurement(.ragged, "train_seconds", "second", 30, #","dataset":"cifar100","protocol":"short""#),
    measurement(.ragged, "train_seconds", "second", 20, #","dataset":"cifar10","protocol":"short""#),
    measurement(.full, "latency", "millisecond", 6.5, #","device":"raspi4","conditions":{"batch":"1"}"#),
    measurement(.ragged, "latency", "millisecond", 3.25, #","device":"raspi4","conditions":{"batch":"1"}"#),
    measurement(.full, "latency", "millisecond", 40.5, #","device":"raspi4","conditions":{"batch":"8"}"#),
    measurement(.full, "latency", "millisecond", 0.5, #","device":"gpu","conditions":{"batch":"1"}"#),
    measurement(.measuredOnly, "latency", "millisecond", 1, #","device":"gpu","conditions":{"batch":"1"}"#),
  ].joined()

  private static func curve(_ metric: String, _ split: String, _ values: String, epochs: String? = nil) -> String {
    #"{"metric":"\#(metric)","split":"\#(split)","values":[\#(values)]"#
      + (epochs.map { #","at":[\#($0)]"# } ?? "") + "}"
  }

  private static func run(
    _ cell: Cell, _ seed: some CustomStringConvertible, _ curves: String, dataset: String = "cifar10",
    protocol trainingProtocol: String = "short", status: String = "completed", extra: String = ""
  ) -> String {
    #"{"run":{"key":{"space":"nasbench201","architecture":"\#(cell.text)","dataset":"\#(dataset)","#
      + #""protocol":"\#(trainingProtocol)","seed":\#(seed)},"source":"tiny","status":"\#(status)","#
      + #""curves":[\#(curves)]\#(extra.isEmpty ? "" : "," + extra)}}"# + "\n"
  }

  private static func measurement(
    _ cell: Cell, _ quantity: String, _ unit: String, _ value: Double, _ more: String
  ) -> String {
    #"{"measurement":{"space":"nasbench201","architecture":"\#(cell.text)","source":"tiny","#
      + #""quantity":"\#(quantity)","unit":"\#(unit)","value":\#(value)\#(more)}}"# + "\n"
  }
}
