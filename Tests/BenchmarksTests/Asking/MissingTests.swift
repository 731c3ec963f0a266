import Benchmarks
import Records
import Spaces
import Store
import Testing

/// What is not there is an error that lists what is.
@Suite struct MissingTests {
  let table: PublishedAtlas
  var benchmark: Benchmark { table.benchmark }
  private let open = Question(dataset: "cifar10", trainingProtocol: "short")

  init() throws { table = try TinyTable.shared() }

  private func lookup(_ change: (inout Question) -> Void) throws -> Lookup {
    var question = open
    change(&question)
    return try benchmark.lookup(question)
  }

  @Test func dataSetsAndProtocols() throws {
    #expect(
      try failure { try benchmark.lookup() }
        == .ambiguous(what: "data set", known: ["cifar10", "cifar100", "text"]))
    #expect(
      try failure { try lookup { $0.dataset = "cifar" } }
        == .unknown(what: "data set", found: "cifar", known: ["cifar10", "cifar100", "text"]))
    let names = Set(["short", "long", "scored"])
    guard case .ambiguous(what: "protocol", let known) = try failure({ try lookup { $0.trainingProtocol = nil } })
    else { throw NothingThrown() }
    #expect(Set(known) == names)
    guard
      case .unknown(what: "protocol", found: "shrot", let others) = try failure({
        try lookup { $0.trainingProtocol = "shrot" }
      })
    else { throw NothingThrown() }
    #expect(Set(others) == names)
    #expect(
      try failure { try lookup { $0.space = "spikenas" } }
        == .unknown(what: "space", found: "spikenas", known: ["nasbench201"]))
  }

  @Test func metricsAndSplits() throws {
    #expect(
      try failure { try lookup { $0.metric = .amex } }
        == .unknown(what: "metric", found: "amex", known: ["accuracy_percent", "loss"]))
    #expect(
      try failure { try lookup { $0.split = .valtest } }
        == .unknownSplit(
          split: "valtest", here: nil, metric: "accuracy_percent", dataset: "cifar10", known: ["validation", "test"],
          elsewhere: []))
    #expect(
      try failure {
        try lookup {
          $0.dataset = "cifar100"
          $0.split = .test
        }
      }
        == .unknownSplit(
          split: "test", here: nil, metric: "accuracy_percent", dataset: "cifar100", known: ["validation"],
          elsewhere: ["cifar10"]))
    #expect(
      try failure { try benchmark.lookup(Question(dataset: "text")) }
        == .noPrimaryMetric(dataset: "text", known: ["loss", "perplexity"]))
  }

  /// A card may name a primary metric that no run has.
  @Test func aPrimaryMetricWithoutAnyRun() throws {
    let table = try PublishedAtlas(lines: [
      CardLine.metric("mse", unit: "1", largerIsBetter: false), CardLine.dataset("d", primary: "accuracy"),
      CardLine.trainingProtocol("p", epochs: 1),
      #"{"run":{"key":{"space":"nasbench201","architecture":"nats:0","dataset":"d","protocol":"p","seed":1},"#
        + #""curves":[{"metric":"loss","split":"test","values":[1]},{"metric":"mse","split":"test","values":[1]}]}}"#,
    ])
    #expect(
      try failure { try table.benchmark.lookup(Question(split: .test)) }
        == .unknown(what: "metric", found: "accuracy", known: ["loss", "mse"]))
  }

  @Test func seeds() throws {
    #expect(
      try failure { try lookup { $0.seeds = .one(5) }.answer(TinyTable.entry(.ragged, benchmark)) }
        == .unknown(what: "seed", found: "5", known: ["777", "888"]))
    #expect(
      try failure { try lookup { $0.seeds = .one(1) }.answer(TinyTable.entry(.unnamed, benchmark)) }
        == .unknown(what: "seed", found: "1", known: ["unnamed-1", "unnamed-2"]))
    let text = try TinyTable.entry(.diverged, benchmark).canonicalText
    #expect(
      try failure { try lookup { _ in }.answer(TinyTable.entry(.diverged, benchmark)) }
        == .noCompletedRun(text: text, runs: ["seed 777 (diverged)"]))
  }

  @Test func epochs() throws {
    #expect(
      try failure {
        try lookup {
          $0.seeds = .one(888)
          $0.epoch = .number(4)
        }.answer(TinyTable.entry(.ragged, benchmark))
      } == .unknownEpoch(epoch: 4, run: "seed 888", known: [1, 2, 3]))
    #expect(
      try failure {
        try lookup {
          $0.split = .test
          $0.epoch = .number(3)
        }.answer(TinyTable.entry(.full, benchmark))
      } == .unknownEpoch(epoch: 3, run: "seed 777", known: [2, 4]))
    #expect(
      try failure {
        try lookup {
          $0.split = .test
          $0.epoch = .bestSoFar(1)
        }.answer(TinyTable.entry(.full, benchmark))
      } == .unknownEpoch(epoch: 1, run: "seed 777", known: [2, 4]))
    for epoch in [0, -1, Int.min, Int.max] {
      #expect(
        try failure {
          try lookup {
            $0.seeds = .one(777)
            $0.epoch = .number(epoch)
          }.answer(TinyTable.entry(.ragged, benchmark))
        } == .unknownEpoch(epoch: epoch, run: "seed 777", known: [1, 2, 3, 4]))
    }
  }

  /// The validation split has a best epoch that the test split was not measured at.
  @Test func theBestEpochMayBeOneThatAnotherSplitLacks() throws {
    #expect(
      try failure {
        try lookup {
          $0.split = .test
          $0.epoch = .best
          $0.seeds = .one(888)
        }.answer(TinyTable.entry(.full, benchmark))
      } == .unknownEpoch(epoch: 3, run: "seed 888", known: [2, 4]))
  }

  @Test func splitsAndMetricsOfOneRun() throws {
    #expect(
      try failure { try lookup { $0.split = .test }.answer(TinyTable.entry(.ragged, benchmark)) }
        == .unknown(what: "split", found: "test of accuracy_percent of seed 777", known: ["validation"]))
    #expect(
      try failure {
        try lookup {
          $0.metric = .loss
          $0.split = .train
        }.curves(TinyTable.entry(.ragged, benchmark))
      } == .unknown(what: "metric", found: "loss of seed 777", known: ["accuracy_percent"]))
  }

  @Test func architectures() throws {
    let text = try benchmark.spaces.space("nasbench201").canonicalText(of: "nats:2")
    guard
      case .architectureNotInAtlas(let found, let path, let count, let nearest) = try failure({
        try benchmark.architecture("nats:2")
      })
    else { throw NothingThrown() }
    #expect(found == text)
    #expect(path == table.path)
    #expect(count == TinyTable.Cell.allCases.count)
    #expect(nearest.count == 3)
    #expect(nearest == (try benchmark.nearest(to: text, space: "nasbench201", count: 3).map(\.canonicalText)))
    let id = ArchitectureID(space: "nasbench201", canonicalText: text)
    #expect(try failure { try benchmark.architecture(id.hex) } == .unknownID(id: id.hex, atlas: table.path))
    guard
      case .unreadableArchitecture("nothing", let reasons) = try failure({
        try benchmark.architecture("nothing")
      })
    else { throw NothingThrown() }
    #expect(reasons.count == 1 && reasons[0].hasPrefix("nasbench201: "))
    let measured = try TinyTable.entry(.measuredOnly, benchmark)
    #expect(
      try failure { try lookup { _ in }.answer(measured) }
        == .noRun(text: measured.canonicalText, setting: "cifar10 under short", others: []))
    let troubled = try TinyTable.entry(.troubled, benchmark)
    #expect(
      try failure { try lookup { $0.dataset = "cifar100" }.answer(troubled) }
        == .noRun(text: troubled.canonicalText, setting: "cifar100 under short", others: ["cifar10 under short"]))
  }

  @Test func anAtlasWithoutRuns() throws {
    let lines = TinyTable.lines.filter { !$0.hasPrefix(#"{"run""#) && !$0.contains("train_seconds") }
    let table = try PublishedAtlas(lines: lines)
    #expect(try failure { try table.benchmark.lookup() } == .noRuns(atlas: table.path))
    #expect(try table.benchmark.contains("nats:6111"))
    let entry = try table.benchmark.architecture("nats:6111")
    let quantity = try #require(table.benchmark.atlas.quantities.first { $0.quantity.device == "gpu" })
    #expect(try quantity.value(ofArchitecture: entry.row) == 0.5)
  }
}
