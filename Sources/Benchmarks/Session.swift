import Records
public import Store

/// One client's questions about one lookup, charged to a budget.
///
/// Every run that an answer rests on is charged up to the epoch of the answer, each of its epochs once. A noisy session
/// answers with a random one of the recorded seeds, which follows from the ledger's seed and history alone.
public struct Session: Sendable {
  public let lookup: Lookup
  public let isNoisy: Bool
  public private(set) var ledger: BudgetLedger<RunNumber>

  /// `isNoisy` overrules the lookup's choice of seeds.
  public init(_ lookup: Lookup, ledger: BudgetLedger<RunNumber>, isNoisy: Bool = false) {
    self.lookup = lookup
    self.ledger = ledger
    self.isNoisy = isNoisy
  }

  /// The value of an architecture at `epoch`, or at that of the lookup.
  ///
  /// Throws `BudgetError`, and charges nothing, when the budget does not suffice; `BenchmarkError` when there is no such
  /// value, which charges nothing either.
  public mutating func ask(_ architecture: ArchitectureEntry, epoch: EpochChoice? = nil) throws -> Answer {
    var asked = lookup
    if let epoch { asked = Lookup(asked, epoch: epoch) }
    var draws = false
    if isNoisy {
      let runs = try Lookup(asked, seeds: .mean).chosenRuns(architecture)
      let place = ledger.nextNoisySeedIndex(
        architecture: architecture.id, context: UInt64(lookup.setting.id), count: runs.count)
      asked = Lookup(asked, seeds: .one(try lookup.setting.seed(ofRun: runs[place])))
      draws = true
    }
    let answer = try asked.answer(architecture)
    let runs = try asked.chosenRuns(architecture)
    try ledger.charge(
      zip(runs, answer.points).map { run, point in
        RunCharge(
          run: RunNumber(high: UInt64(lookup.setting.id), low: UInt64(run)), epoch: point.epoch,
          secondsUpToEpoch: point.trainSeconds?.seconds)
      })
    if draws {
      _ = ledger.noisySeedIndex(
        architecture: architecture.id, context: UInt64(lookup.setting.id),
        count: try Lookup(asked, seeds: .mean).chosenRuns(architecture).count)
    }
    return answer
  }
}

extension Lookup {
  /// The same lookup with another choice of epoch or of seeds.
  init(_ lookup: Lookup, epoch: EpochChoice? = nil, seeds: SeedChoice? = nil) {
    self.init(
      benchmark: lookup.benchmark, setting: lookup.setting, card: lookup.card, split: lookup.split,
      epoch: epoch ?? lookup.epoch, seeds: seeds ?? lookup.seeds, finals: lookup.finals)
  }
}
