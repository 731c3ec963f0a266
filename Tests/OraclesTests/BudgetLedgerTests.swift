import Oracles
import Foundation
import Records
import Testing

@Suite struct BudgetLedgerTests {
  private typealias Ledger = BudgetLedger<RunNumber>
  private let first = RunNumber(high: 0, low: 1)
  private let second = RunNumber(high: 0, low: 2)

  private func spent(_ ledger: Ledger) -> [Double] {
    [Double(ledger.queries), Double(ledger.epochs), ledger.simulatedTrainingSeconds, Double(ledger.untimedQueries)]
  }

  @Test func spendingIsThatOfTheLedgerAndHasADifference() throws {
    var ledger = Ledger(seed: 1)
    try ledger.charge(run: first, epoch: 4, secondsUpToEpoch: 8)
    let before = ledger.spending
    #expect(before == BudgetSpending(queries: 1, epochs: 4, simulatedTrainingSeconds: 8))
    try ledger.charge(run: first, epoch: 6, secondsUpToEpoch: nil)
    #expect(ledger.spending - before == BudgetSpending(queries: 1, epochs: 2, untimedQueries: 1))
  }

  @Test func eachEpochOfARunCountsOnce() throws {
    var ledger = Ledger(seed: 1)
    try ledger.charge(run: first, epoch: 10, secondsUpToEpoch: 100)
    #expect(spent(ledger) == [1, 10, 100, 0])
    try ledger.charge(run: first, epoch: 20, secondsUpToEpoch: 200)
    #expect(spent(ledger) == [2, 20, 200, 0])
    try ledger.charge(run: first, epoch: 10, secondsUpToEpoch: 100)
    #expect(spent(ledger) == [3, 20, 200, 0])
    try ledger.charge(run: second, epoch: 5, secondsUpToEpoch: 7.5)
    #expect(spent(ledger) == [4, 25, 207.5, 0])
  }

  @Test func aQuestionMayLookAtSeveralRunsOrNone() throws {
    var ledger = Ledger(seed: 1)
    try ledger.charge([
      RunCharge(run: first, epoch: 3, secondsUpToEpoch: 3), RunCharge(run: second, epoch: 4, secondsUpToEpoch: 4),
      RunCharge(run: first, epoch: 5, secondsUpToEpoch: 5),
    ])
    #expect(spent(ledger) == [1, 9, 9, 0])
    try ledger.charge([])
    #expect(spent(ledger) == [2, 9, 9, 0])
  }

  @Test func unknownTimesAreCountedAndRefusedUnderALimitOfSeconds() throws {
    var ledger = Ledger(seed: 1)
    try ledger.charge(run: first, epoch: 10, secondsUpToEpoch: nil)
    try ledger.charge(run: first, epoch: 12, secondsUpToEpoch: 24)
    #expect(spent(ledger) == [2, 12, 24, 1])
    ledger.limits.simulatedTrainingSeconds = 100
    let before = ledger
    #expect(throws: BudgetError.timeUnknown(run: second.description, limit: 100)) {
      try ledger.charge(run: second, epoch: 1, secondsUpToEpoch: nil)
    }
    #expect(ledger == before)
  }

  @Test func aLimitRefusesAndChangesNothing() throws {
    var ledger = Ledger(seed: 1, limits: BudgetLimits(queries: 3, epochs: 30, simulatedTrainingSeconds: 300))
    try ledger.charge(run: first, epoch: 20, secondsUpToEpoch: 200)
    #expect(ledger.remaining == BudgetLimits(queries: 2, epochs: 10, simulatedTrainingSeconds: 100))
    let before = ledger
    #expect(throws: BudgetError.epochsExceeded(spent: 20, asked: 11, limit: 30)) {
      try ledger.charge(run: second, epoch: 11, secondsUpToEpoch: 1)
    }
    #expect(throws: BudgetError.simulatedTrainingSecondsExceeded(spent: 200, asked: 100.5, limit: 300)) {
      try ledger.charge([
        RunCharge(run: first, epoch: 21, secondsUpToEpoch: 210),
        RunCharge(run: second, epoch: 1, secondsUpToEpoch: 90.5),
      ])
    }
    #expect(ledger == before)
    try ledger.charge(run: second, epoch: 10, secondsUpToEpoch: 100)
    try ledger.charge(run: second, epoch: 10, secondsUpToEpoch: 100)
    #expect(ledger.remaining == BudgetLimits(queries: 0, epochs: 0, simulatedTrainingSeconds: 0))
    #expect(throws: BudgetError.queriesExceeded(spent: 3, asked: 1, limit: 3)) {
      try ledger.charge(run: first, epoch: 1, secondsUpToEpoch: 1)
    }
    ledger.limits = BudgetLimits(queries: 1, epochs: 1, simulatedTrainingSeconds: 1)
    #expect(ledger.remaining == BudgetLimits(queries: 0, epochs: 0, simulatedTrainingSeconds: 0))
    ledger.limits = .unlimited
    #expect(ledger.remaining == .unlimited)
    try ledger.charge(run: first, epoch: 1_000, secondsUpToEpoch: 1e6)
  }

  @Test(arguments: [(-1, 1.0), (1_000_000_001, 1), (1, -0.5), (1, .nan), (1, .infinity), (1, 1e300)])
  func absurdChargesAreRefused(epoch: Int, seconds: Double) {
    var ledger = Ledger(seed: 1)
    #expect {
      try ledger.charge(run: first, epoch: epoch, secondsUpToEpoch: seconds)
    } throws: { ($0 as? BudgetError)?.code == "oracles.budget_invalid_charge" }
    #expect(ledger == Ledger(seed: 1))
  }

  /// Against a set of (run, epoch) pairs; every epoch of run r takes r seconds.
  @Test func anyHistoryAgreesWithASetOfEpochs() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      var ledger = Ledger(seed: 1)
      var seen: Set<[Int]> = []
      for _ in 0..<60 {
        let run = 1 + generator.integer(below: 6)
        let epoch = generator.integer(below: 30)
        try ledger.charge(
          run: RunNumber(high: 0, low: UInt64(run)), epoch: epoch, secondsUpToEpoch: Double(run * epoch))
        for earlier in 0..<epoch { seen.insert([run, earlier]) }
      }
      #expect(spent(ledger) == [60, Double(seen.count), Double(seen.reduce(0) { $0 + $1[0] }), 0])
    }
  }

  @Test func resetKeepsSeedAndLimits() throws {
    let limits = BudgetLimits(queries: 5)
    var ledger = Ledger(seed: 9, limits: limits)
    try ledger.charge(run: first, epoch: 10, secondsUpToEpoch: 1)
    _ = ledger.noisySeedIndex(architecture: ArchitectureID(space: "s", canonicalText: "a"), context: 1, count: 3)
    ledger.reset()
    #expect(ledger == Ledger(seed: 9, limits: limits))
  }

  @Test func everyErrorSaysWhatToDo() {
    let errors: [BudgetError] = [
      .queriesExceeded(spent: 1, asked: 1, limit: 1), .epochsExceeded(spent: 1, asked: 2, limit: 2),
      .simulatedTrainingSecondsExceeded(spent: 1, asked: 0.5, limit: 1.25), .timeUnknown(run: "r", limit: 3),
      .invalidCharge(reason: "x"), .invalidSnapshot(reason: "x"),
    ]
    #expect(Set(errors.map(\.code)).count == errors.count)
    #expect(errors.allSatisfy { $0.remedy != nil && $0.code.hasPrefix("oracles.budget_") })
    #expect(errors[1].message == "the budget of 2 epochs is too small: 1 spent, 2 more requested")
    #expect(
      errors[2].message
        == "the budget of 1.25 simulated training seconds is too small: 1.0 spent, 0.5 more requested")
  }
}
