import Benchmarks
import Oracles
import Records
import Store
import Testing

@Suite struct SessionTests {
  let table: PublishedAtlas
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try TinyTable.shared() }

  private func session(
    _ epoch: EpochChoice = .last, seeds: SeedChoice = .mean, limits: BudgetLimits = .unlimited, isNoisy: Bool = false,
    seed: UInt64 = 1
  ) throws -> Session {
    Session(
      try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "short", epoch: epoch, seeds: seeds)),
      ledger: BudgetLedger(seed: seed, limits: limits), isNoisy: isNoisy)
  }

  @Test func epochsAreCountedOnce() throws {
    let full = try TinyTable.entry(.full, benchmark)
    var session = try session(seeds: .one(777))
    #expect(try session.ask(full, epoch: .number(2)).value == 61.25)
    #expect(session.ledger.epochs == 2)
    #expect(session.ledger.simulatedTrainingSeconds == 5.75)
    #expect(try session.ask(full, epoch: .number(4)).value == 59.7)
    #expect(session.ledger.epochs == 4)
    #expect(session.ledger.simulatedTrainingSeconds == 10.25)
    _ = try session.ask(full, epoch: .number(1))
    #expect(session.ledger.epochs == 4)
    #expect(session.ledger.simulatedTrainingSeconds == 10.25)
    #expect(session.ledger.queries == 3)
    #expect(session.ledger.untimedQueries == 0)
  }

  @Test func aMeanTrainsEverySeed() throws {
    let full = try TinyTable.entry(.full, benchmark)
    var session = try session()
    let answer = try session.ask(full)
    #expect(answer == (try session.lookup.answer(full)))
    #expect(session.ledger.epochs == 12)
    #expect(session.ledger.simulatedTrainingSeconds == 50.25)
    #expect(session.ledger.untimedQueries == 1)
    #expect(session.ledger.queries == 1)
  }

  /// Which epoch is best is known when all were trained.
  @Test func theBestEpochCostsAllOfThem() throws {
    let full = try TinyTable.entry(.full, benchmark)
    for (epoch, epochs, seconds) in [
      (EpochChoice.best, 4, 10.25), (.bestSoFar(nil), 4, 10.25), (.bestSoFar(3), 3, 8.25), (.bestSoFar(1), 1, 3.5),
    ] {
      var session = try session(epoch, seeds: .one(777))
      _ = try session.ask(full)
      #expect(session.ledger.epochs == epochs, "\(epoch)")
      #expect(session.ledger.simulatedTrainingSeconds == seconds, "\(epoch)")
    }
  }

  @Test func aBudgetThatDoesNotSufficeChangesNothing() throws {
    let full = try TinyTable.entry(.full, benchmark)
    for limits in [
      BudgetLimits(epochs: 11), BudgetLimits(queries: 0), BudgetLimits(simulatedTrainingSeconds: 10),
    ] {
      for isNoisy in [false, true] {
        // The seed without seconds cannot be charged to a limit of seconds.
        var session = try session(limits: limits, isNoisy: isNoisy)
        let before = session.ledger
        if isNoisy, limits.epochs == 11 { continue }
        #expect(throws: BudgetError.self) { try session.ask(full) }
        #expect(session.ledger == before)
      }
    }
    var session = try session(seeds: .one(777), limits: BudgetLimits(epochs: 3))
    _ = try session.ask(full, epoch: .number(3))
    let spent = session.ledger
    #expect(throws: BudgetError.epochsExceeded(spent: 3, asked: 1, limit: 3)) { try session.ask(full) }
    #expect(session.ledger == spent)
    #expect(try session.ask(full, epoch: .number(1)).value == 10.5)
  }

  @Test func whatIsNotThereCostsNothing() throws {
    var session = try session()
    let before = session.ledger
    for (cell, epoch) in [(TinyTable.Cell.measuredOnly, EpochChoice.last), (.diverged, .last), (.full, .number(9))] {
      let entry = try TinyTable.entry(cell, benchmark)
      #expect(throws: BenchmarkError.self) { try session.ask(entry, epoch: epoch) }
      #expect(session.ledger == before)
    }
  }

  @Test func noiseFollowsFromTheLedger() throws {
    let full = try TinyTable.entry(.full, benchmark)
    func draw(_ seed: UInt64) throws -> [Double] {
      var session = try session(isNoisy: true, seed: seed)
      return try (0..<40).map { _ in
        let answer = try session.ask(full)
        #expect(answer.points.count == 1 && answer.context.seeds == "\(answer.points[0].seed)")
        return try #require(answer.value)
      }
    }
    let drawn = try draw(1)
    #expect(drawn == (try draw(1)))
    #expect(drawn != (try draw(2)))
    #expect(Set(drawn) == [59.7, 60.1, 60.9])
  }

  /// A stored ledger goes on where it was.
  @Test func aLedgerGoesOn() throws {
    let full = try TinyTable.entry(.full, benchmark)
    var whole = try session(isNoisy: true)
    let expected = try (0..<10).map { _ in try whole.ask(full).value }
    var first = try session(isNoisy: true)
    var found = try (0..<4).map { _ in try first.ask(full).value }
    let stored = try CanonicalJSON.decode(
      BudgetLedger<RunNumber>.self, from: CanonicalJSON.encode(first.ledger))
    var second = Session(first.lookup, ledger: stored, isNoisy: true)
    found += try (0..<6).map { _ in try second.ask(full).value }
    #expect(found == expected)
    #expect(second.ledger == whole.ledger)
  }

  /// Other runs move the rows of an atlas that is published anew; what was paid for stays paid.
  @Test func aLedgerFitsTheAtlasThatIsPublishedNext() throws {
    let full = try TinyTable.entry(.full, benchmark)
    var before = try session(isNoisy: true)
    _ = try before.ask(full, epoch: .number(2))
    let more = try PublishedAtlas(
      lines: TinyTable.lines + [
        CardLine.dataset("aaa"),
        #"{"run":{"key":{"space":"nasbench201","architecture":"nats:3","dataset":"aaa","protocol":"short","seed":1},"#
          + #""curves":[{"metric":"accuracy_percent","split":"validation","values":[1]}]}}"#,
        #"{"run":{"key":{"space":"nasbench201","architecture":"nats:4","dataset":"cifar10","protocol":"short","#
          + #""seed":1},"curves":[{"metric":"accuracy_percent","split":"validation","values":[1]}]}}"#,
      ], isChecked: false)
    let question = Question(dataset: "cifar10", trainingProtocol: "short")
    let entry = try more.benchmark.architecture(full.id.hex)
    #expect(try more.benchmark.setting(question).id != before.lookup.setting.id)
    var after = Session(try more.benchmark.lookup(question), ledger: before.ledger, isNoisy: true)
    var same = before
    for _ in 0..<8 {
      #expect(try after.ask(entry, epoch: .number(2)).value == same.ask(full, epoch: .number(2)).value)
    }
    #expect(after.ledger == same.ledger)
  }

  /// A noisy session draws among the seeds that have the value.
  @Test func noiseSkipsSeedsWithoutTheEpoch() throws {
    let ragged = try TinyTable.entry(.ragged, benchmark)
    var session = try session(isNoisy: true)
    for _ in 0..<10 { #expect(try session.ask(ragged, epoch: .number(4)).value == 40) }
    #expect(session.ledger.queries == 10 && session.ledger.epochs == 4)
  }
}
