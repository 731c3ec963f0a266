import Benchmarks
import Oracles
import Records
import Store
import TestSupport
import Testing

@Suite struct TableOracleTests {
  let table: PublishedAtlas
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try TinyTable.shared() }

  private func oracle(
    _ epoch: EpochChoice = .last, split: Split = .validation, seeds: SeedChoice = .mean, metrics: [Metric] = [],
    limits: BudgetLimits = .unlimited, isNoisy: Bool = false
  ) throws -> TableOracle {
    let question = Question(
      dataset: "cifar10", trainingProtocol: "short", metric: .accuracyPercent, split: split, epoch: epoch, seeds: seeds)
    return try TableOracle(
      Session(benchmark.lookup(question), ledger: BudgetLedger(seed: 1, limits: limits), isNoisy: isNoisy),
      metrics: metrics)
  }

  private func candidate(_ cell: TinyTable.Cell) throws -> Candidate {
    let entry = try TinyTable.entry(cell, benchmark)
    return Candidate(space: entry.space, canonicalText: entry.canonicalText)
  }

  private func candidates(_ cells: [TinyTable.Cell]) throws -> [Candidate] { try cells.map(candidate) }

  @Test(arguments: [EpochChoice.last, .best, .bestSoFar(nil)])
  func itKeepsThePromisesOfAnOracle(epoch: EpochChoice) async throws {
    let violations = await checkOracle(
      candidates: try candidates([.full, .ragged, .troubled, .diverged, .runsAndMean, .undefined]),
      fidelities: [.position(1), .position(3), .full], unknown: try candidate(.measuredOnly)
    ) { try self.oracle(epoch, limits: $0) }
    #expect(violations == [])
    let strange = Candidate(space: "nasbench201", canonicalText: "|strange|")
    var oracle = try self.oracle()
    #expect(throws: OracleError.unknownCandidate("|strange|", space: "nasbench201")) {
      try oracle.observe([OracleRequest(strange)])
    }
  }

  /// One metric is what the session answers and charges.
  @Test func oneMetricIsThatOfItsSession() async throws {
    var oracle = try self.oracle()
    var session = oracle.session
    for cell in [TinyTable.Cell.full, .ragged, .unnamed, .mean] {
      let entry = try TinyTable.entry(cell, benchmark)
      for position in [4, nil] {
        let observation = try await oracle.observe(
          candidate(cell), at: position.map { Fidelity.position($0) } ?? .full)
        let answer = try session.ask(entry, epoch: position.map { .number($0) })
        #expect(observation.values.map(\.value) == [answer.value])
        #expect(observation.kind == .measured && observation.status == .completed && observation.position == 4)
        #expect(oracle.session.ledger == session.ledger)
      }
    }
  }

  @Test func secondsAreThoseOfTheRunsAsked() async throws {
    var oracle = try oracle(seeds: .one(777))
    let full = try candidate(.full)
    #expect(try await oracle.observe(full, at: .position(2)).trainSeconds == 5.75)
    let last = try await oracle.observe(full)
    #expect(last.trainSeconds == 10.25)
    #expect(last.cost == BudgetSpending(queries: 1, epochs: 2, simulatedTrainingSeconds: 4.5))
    // One of the three runs has no times.
    var mean = try self.oracle()
    #expect(try await mean.observe(full).trainSeconds == nil)
  }

  @Test func runsThatDoNotCompleteAreObservedAndCharged() async throws {
    var oracle = try self.oracle()
    let diverged = try await oracle.observe(try candidate(.diverged))
    #expect(diverged.status == .diverged && diverged.values.isEmpty && diverged.position == 1)
    #expect(diverged.cost.epochs == 1)
    // It had a value before.
    let before = try await oracle.observe(try candidate(.diverged), at: .position(1))
    #expect(before.status == .completed && before.values.map(\.value) == [99] && before.position == 1)
    #expect(try await oracle.observe(try candidate(.diverged), at: .position(2)).status == .diverged)
    // A mean over a NaN.
    let undefined = try await oracle.observe(try candidate(.undefined))
    #expect(undefined.status == .diverged && undefined.values.isEmpty)
    #expect(try await oracle.observe(try candidate(.undefined), at: .position(3)).values.map(\.value) == [52])
    // One seed: its values count up to where it ended.
    var one = try self.oracle(seeds: .one(888))
    #expect(try await one.observe(try candidate(.troubled), at: .position(1)).values.map(\.value) == [30])
    #expect(try await one.observe(try candidate(.troubled)).status == .diverged)
    // Where it ended before, the end is observed.
    let late = try await one.observe(try candidate(.troubled), at: .position(3))
    #expect(late.status == .diverged && late.values.isEmpty && late.position == 2 && late.cost.epochs == 0)
    var failed = try self.oracle(seeds: .one(999))
    for fidelity in [Fidelity.position(1), .full] {
      let nothing = try await failed.observe(try candidate(.troubled), at: fidelity)
      #expect(nothing.status == .failed && nothing.values.isEmpty && nothing.position == 0)
    }
    #expect(failed.spending == BudgetSpending(queries: 2, untimedQueries: 2))
    await #expect(throws: BenchmarkError.self) { try await failed.observe(try candidate(.full), at: .position(9)) }
    for position in [0, -1] {
      await #expect(throws: BenchmarkError.self) {
        try await failed.observe(try candidate(.diverged), at: .position(position))
      }
    }
  }

  @Test(arguments: [777, 888, 999])
  func aSeedKeepsThePromisesOfAnOracle(seed: UInt64) async throws {
    let violations = await checkOracle(
      candidates: try candidates([.full, .troubled]), fidelities: [.position(1), .position(2), .position(3), .full],
      unknown: try candidate(.measuredOnly)
    ) { try self.oracle(seeds: .one(.recorded(seed)), limits: $0) }
    #expect(violations == [])
  }

  /// Further metrics are read where the first one was, at no further cost.
  @Test func severalMetricsOfTheSameRuns() async throws {
    let question = Question(
      dataset: "text", metric: Metric("perplexity"), split: .validation, epoch: .last)
    #expect(throws: (any Error).self) {
      try TableOracle(Session(benchmark.lookup(question), ledger: BudgetLedger(seed: 1)), metrics: [.loss])
    }
    let several = try PublishedAtlas(
      lines: [
        CardLine.metric("loss", unit: "nats", largerIsBetter: false), CardLine.dataset("cifar10"),
        CardLine.metric("accuracy_percent", unit: "percent", largerIsBetter: true),
        CardLine.trainingProtocol("short", epochs: 2),
      ]
        + [("1", "50,60", "2,1.5"), ("2", "52,61", "3,2.5")].map { seed, accuracy, loss in
          #"{"run":{"key":{"space":"nasbench201","architecture":"nats:3","dataset":"cifar10","protocol":"short","#
            + #""seed":\#(seed)},"curves":[{"metric":"accuracy_percent","split":"validation","values":[\#(accuracy)]},"#
            + #"{"metric":"loss","split":"validation","values":[\#(loss)]}]}}"#
        }, isChecked: false)
    let lookup = try several.benchmark.lookup(Question(metric: .accuracyPercent, split: .validation, epoch: .last))
    let entry = try several.benchmark.architecture("nats:3")
    let candidate = Candidate(space: entry.space, canonicalText: entry.canonicalText)
    func make(_ limits: BudgetLimits = .unlimited) throws -> TableOracle {
      try TableOracle(Session(lookup, ledger: BudgetLedger(seed: 1, limits: limits)), metrics: [.loss])
    }
    var oracle = try make()
    #expect(oracle.subject.goals == [.init(.accuracyPercent, .maximise), .init(.loss, .minimise)])
    #expect(try await oracle.observe(candidate).values.map(\.value) == [60.5, 2])
    #expect(try await oracle.observe(candidate, at: .position(1)).values.map(\.value) == [51, 2.5])
    #expect(oracle.spending == BudgetSpending(queries: 2, epochs: 4, untimedQueries: 2))
    let violations = await checkOracle(
      candidates: [candidate], fidelities: [.position(1), .full],
      unknown: Candidate(space: "nasbench201", canonicalText: "none"), make: make)
    #expect(violations == [])
  }
}
