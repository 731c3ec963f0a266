import Benchmarks
import Oracles
import Records
import Store
import Testing

/// Empty is not an answer: what exists nowhere is refused with what exists, and what is left out is counted.
@Suite struct EmptyTests {
  let table: PublishedAtlas
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try TinyTable.shared() }

  private func lookup(
    _ dataset: String = "cifar10", split: Split = .validation, epoch: EpochChoice? = nil, seeds: SeedChoice = .mean
  ) throws -> Lookup {
    try benchmark.lookup(
      Question(dataset: dataset, trainingProtocol: "short", split: split, epoch: epoch, seeds: seeds))
  }

  /// Everything that looks at many architectures.
  private func questions(_ lookup: Lookup) -> [(name: String, ask: () throws -> Void)] {
    [
      ("top", { _ = try benchmark.top(5, lookup) }),
      (
        "neighbors",
        {
          _ = try benchmark.neighbors(ofText: TinyTable.entry(.full, benchmark).canonicalText, lookup)
        }
      ),
      (
        "correlations",
        { _ = try benchmark.correlations(between: [("a", lookup), ("b", lookup)]) }
      ),
      ("surrogate data", { _ = try lookup.surrogateData() }),
      ("existence", { try lookup.requireAnswers() }),
    ]
  }

  @Test func anEpochThatExistsNowhere() throws {
    for (epoch, number) in [(EpochChoice.number(12), 12), (.number(5), 5), (.number(0), 0)] {
      for (name, ask) in questions(try lookup(epoch: epoch)) {
        #expect(
          try failure(ask) == .unknownEpoch(epoch: number, run: "cifar10 under short", known: [1, 2, 3, 4]), "\(name)")
      }
    }
    for epoch in [EpochChoice.number(3), .bestSoFar(1)] {
      for (name, ask) in questions(try lookup(split: .test, epoch: epoch)) {
        guard case .unknownEpoch(_, "cifar10 under short", [2, 4]) = try failure(ask) else {
          Issue.record("\(name) at \(epoch)")
          continue
        }
      }
    }
  }

  @Test func aSeedThatExistsNowhere() throws {
    for (name, ask) in questions(try lookup("cifar100", seeds: .one(5))) {
      #expect(try failure(ask) == .unknown(what: "seed", found: "5", known: ["777"]), "\(name)")
    }
    // The seed exists, and none of its runs has the epoch.
    let late = try lookup(epoch: .number(4), seeds: .one(.mean(of: 2)))
    #expect(try benchmark.top(5, late).places.map(\.value) == [60])
    #expect(
      try failure { try benchmark.top(5, lookup(epoch: .number(2), seeds: .one(.mean(of: 2)))) }
        == .unknownEpoch(epoch: 2, run: "seed mean-of-2 of cifar10 under short", known: [4]))
  }

  @Test func aFilterThatNoRunPasses() throws {
    let lookup = try lookup("cifar100")
    let text = "seed = 12 and source = 'tiny'"
    let filter = try benchmark.filter(text, for: lookup.setting)
    let expected = BenchmarkError.noRunPasses(
      condition: "seed = 12 AND source = 'tiny'", setting: "cifar100 under short",
      known: ["seed 777", "source 'tiny'"])
    #expect(try failure { try benchmark.top(3, lookup, where: filter) } == expected)
    #expect(try failure { try lookup.surrogateData(where: filter) } == expected)
    #expect(try failure { try benchmark.correlationsWithFinal(lookup, where: text) } == expected)
    #expect(
      try failure { try benchmark.correlations(between: [("a", lookup), ("b", lookup)], where: text) } == expected)
    let accuracy = FilterField(path: ["accuracy_percent", "validation"])
    #expect(try failure { try benchmark.top(3, by: accuracy, in: lookup.setting, where: filter) } == expected)
    #expect(
      try failure { try benchmark.paretoFront([Objective(accuracy, .maximise)], in: lookup.setting, where: filter) }
        == expected)
    // Seeds of a setting may be numbers and names.
    let mixed = try self.lookup()
    let one = try benchmark.top(9, mixed, where: benchmark.filter("seed = 888", for: mixed.setting))
    #expect(one.candidates == 4 && one.places.allSatisfy { $0.runs == 1 })
    // What no architecture passes is an answer.
    let none = try benchmark.top(
      3, lookup, where: benchmark.filter("accuracy_percent.validation > 1000", for: lookup.setting))
    #expect(none.candidates == 0 && none.places.isEmpty)
  }

  @Test func whatIsLeftOutIsCounted() throws {
    let found = try benchmark.top(100, lookup(epoch: .last))
    func count(_ ranking: Ranking) -> [Omission.Reason: Int] {
      Dictionary(uniqueKeysWithValues: ranking.omitted.map { ($0.reason, $0.architectures) })
    }
    #expect(count(found) == [.noRun: 1, .notCompleted: 1, .notFinite: 1])
    #expect(found.candidates + found.omitted.reduce(0) { $0 + $1.architectures } == TinyTable.Cell.allCases.count)
    let early = try benchmark.top(100, lookup(epoch: .number(2)))
    #expect(count(early) == [.noRun: 1, .notCompleted: 1, .noEpoch: 2])
    let seed = try benchmark.top(100, lookup(epoch: .last, seeds: .one(888)))
    #expect(count(seed)[.noSeed] == 3 && count(seed)[.notCompleted] == 1)
    let test = try benchmark.top(100, lookup(split: .test, epoch: .last))
    #expect(count(test)[.noValue] == TinyTable.Cell.allCases.count - 2 - test.candidates)
    let latency = try benchmark.top(
      100, by: FilterField(parsing: "latency[gpu]"), in: lookup().setting)
    #expect(latency.candidates == 1 && latency.omitted.contains { $0.reason == .noValue })
    let front = try benchmark.paretoFront(
      [Objective(FilterField(path: ["accuracy_percent", "test"]), .maximise)], in: lookup().setting)
    #expect(front.candidates + front.omitted.reduce(0) { $0 + $1.architectures } == TinyTable.Cell.allCases.count)
  }

  /// Infinite means rank nowhere, and where nothing else is left that is an error.
  @Test func whatIsNotFiniteIsLeftOut() throws {
    let run = { (cell: Int, value: String) in
      #"{"run":{"key":{"space":"nasbench201","architecture":"nats:\#(cell)","dataset":"d","protocol":"p","seed":1},"#
        + #""curves":[{"metric":"accuracy_percent","split":"validation","values":[\#(value)]}]}}"#
    }
    let cards = [
      CardLine.dataset("d"), CardLine.trainingProtocol("p", epochs: 1),
      CardLine.metric("accuracy_percent", unit: "percent", largerIsBetter: true),
    ]
    let some = try PublishedAtlas(lines: cards + [run(0, #""inf""#), run(1, "50"), run(2, #""nan""#)])
    let found = try some.benchmark.top(5, some.benchmark.lookup())
    #expect(found.places.map(\.value) == [50] && found.omitted == [Omission(reason: .notFinite, architectures: 2)])
    let none = try PublishedAtlas(lines: cards + [run(0, #""inf""#), run(2, #""nan""#)])
    #expect(
      try failure { try none.benchmark.top(5, none.benchmark.lookup()) }
        == .noValues(
          of: "accuracy_percent on validation", setting: "d under p", omitted: ["2 without a finite value"]))
  }

  @Test func aDataSetThatNothingWasMeasuredOn() throws {
    let lines = TinyTable.lines.filter { !$0.hasPrefix(#"{"run""#) }
    let table = try PublishedAtlas(lines: lines)
    let latency = try FilterField(parsing: "latency[gpu]")
    #expect(
      try failure { try table.benchmark.top(3, by: latency, dataset: "cifar") }
        == .unknown(what: "data set", found: "cifar", known: ["cifar10", "cifar100"]))
    #expect(
      try failure { try table.benchmark.table(of: [latency], rows: [1], dataset: "cifar") }.code
        == "benchmarks.unknown_dataset")
  }

  // MARK: Names

  @Test func namesThatAreNear() throws {
    #expect(
      try failure { try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "short", metric: .accuracy)) }
        .message.contains("(did you mean accuracy_percent?)"))
    #expect(
      try failure { try benchmark.lookup(Question(dataset: "CIFAR10")) }.message.contains("(did you mean cifar10?)"))
    #expect(
      try failure { try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "shrot")) }
        .message.contains("(did you mean short?)"))
    let seed = try failure { try benchmark.top(1, lookup("cifar100", seeds: .one(778))) }
    #expect(seed.message == "unknown seed 778; known: 777")
    let setting = try lookup().setting
    let unread = "accuracy.validation > 3"
    let filter = try #require(throws: FilterError.self) { try benchmark.filter(unread, for: setting) }
    #expect(filter.message.contains("did you mean accuracy_percent.validation?"))
  }

  /// `x-valid` of NAS-Bench-201 is the validation split of `cifar10-valid`.
  @Test func aSplitOfAPublishedTable() throws {
    let run = { (dataset: String, split: String) in
      #"{"run":{"key":{"space":"nasbench201","architecture":"nats:0","dataset":"\#(dataset)","protocol":"p","seed":1},"#
        + #""curves":[{"metric":"accuracy_percent","split":"\#(split)","values":[50]}]}}"#
    }
    let table = try PublishedAtlas(lines: [
      CardLine.dataset("cifar10"), CardLine.dataset("cifar10-valid"), CardLine.dataset("cifar100"),
      CardLine.trainingProtocol("p", epochs: 1),
      CardLine.metric("accuracy_percent", unit: "percent", largerIsBetter: true), run("cifar10", "test"),
      run("cifar10-valid", "validation"), run("cifar100", "validation"),
    ])
    var question = Question(dataset: "cifar10")
    question.publishedSplit = "x-valid"
    let error = try failure { try table.benchmark.lookup(question) }
    #expect(
      error
        == .unknownSplit(
          split: "x-valid", here: "validation", metric: "accuracy_percent", dataset: "cifar10", known: ["test"],
          elsewhere: ["cifar10-valid"]))
    #expect(error.message.contains("called validation here") && error.message.contains("cifar10-valid"))
    question.dataset = "cifar10-valid"
    #expect(
      try failure { try table.benchmark.lookup(question) }
        == .unknownSplit(
          split: "x-valid", here: "validation", metric: "accuracy_percent", dataset: "cifar10-valid",
          known: ["validation"], elsewhere: []))
  }
}
