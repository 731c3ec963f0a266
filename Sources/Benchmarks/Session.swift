public import Oracles
import Records
public import Store

/// One client's questions about one lookup, charged to a budget.
///
/// Every run that an answer rests on is charged up to the last epoch that had to be trained to know the answer, each of
/// its epochs once: a best epoch is known when all were trained. A noisy session answers with a random one of the
/// recorded seeds, which follows from the ledger's seed and history alone. A ledger knows runs by what they are, so it
/// also fits an atlas that is published anew.
public struct Session: Sendable {
  public let lookup: Lookup
  public let isNoisy: Bool
  public private(set) var ledger: BudgetLedger<RunNumber>
  /// What the last answer charged, for whoever keeps the history.
  package private(set) var lastCharges: [RunCharge<RunNumber>] = []
  /// Space, data set and protocol in 64 bits.
  private let context: UInt64

  /// `isNoisy` overrules the lookup's choice of seeds.
  public init(_ lookup: Lookup, ledger: BudgetLedger<RunNumber>, isNoisy: Bool = false) {
    self.lookup = lookup
    self.ledger = ledger
    self.isNoisy = isNoisy
    let setting = lookup.setting
    let names = [setting.space, setting.dataset, setting.datasetDigest?.hex ?? "", setting.protocolDigest.hex]
    context = Self.number(names.joined(separator: "\n"))
  }

  /// The value of an architecture at `epoch`, or at that of the lookup.
  ///
  /// Throws `BudgetError`, and charges nothing, when the budget does not suffice; `BenchmarkError` when there is no such
  /// value and ``DisclosureError`` for a withheld epoch, which charge nothing either.
  public mutating func ask(_ architecture: ArchitectureEntry, epoch: EpochChoice? = nil) throws -> Answer {
    if let epoch { try lookup.benchmark.check(epoch, of: lookup.metric, in: lookup.setting) }
    var asked = Lookup(lookup, epoch: epoch, seeds: isNoisy ? .mean : nil)
    var found = try asked.points(architecture)
    let count = found.told.count
    if isNoisy {
      let place = ledger.nextNoisySeedIndex(architecture: architecture.id, context: context, count: count)
      let drawn = found.told[place]
      asked = Lookup(asked, seeds: .one(drawn.what.seed))
      found = Lookup.Told(told: [drawn])
    }
    let charges = try found.told.map { run, point in
      try charge(run, point.seed, of: architecture, upTo: asked.trainedEpochs(run: run, answer: point.epoch))
    }
    try ledger.charge(charges)
    lastCharges = charges
    if isNoisy { _ = ledger.noisySeedIndex(architecture: architecture.id, context: context, count: count) }
    return asked.answer(architecture, found)
  }

  /// The runs that a question is about where none of them completed, the first only in a noisy session; nil otherwise.
  func incompleteRuns(of architecture: ArchitectureEntry) throws -> [Int]? {
    let setting = lookup.setting
    var runs = Array(try setting.runs(ofArchitecture: architecture.row))
    if case .one(let seed) = lookup.seeds, !isNoisy { runs = try runs.filter { try setting.seed(ofRun: $0) == seed } }
    guard let first = runs.first, try runs.allSatisfy({ try setting.status(ofRun: $0) != .completed }) else {
      return nil
    }
    return isNoisy ? [first] : runs
  }

  /// Charges the training of runs that did not complete, up to the end of each or to `limit`.
  mutating func chargeIncomplete(_ runs: [Int], of architecture: ArchitectureEntry, upTo limit: Int?) throws {
    let setting = lookup.setting
    let charges = try runs.map { run in
      let epoch = min(limit ?? .max, try setting.completedEpochs(ofRun: run))
      return try charge(run, setting.seed(ofRun: run), of: architecture, upTo: epoch)
    }
    try ledger.charge(charges)
    lastCharges = charges
  }

  private func charge(
    _ run: Int, _ seed: Seed, of architecture: ArchitectureEntry, upTo epoch: Int
  ) throws -> RunCharge<RunNumber> {
    let seconds = try lookup.benchmark.simulatedTrainingSeconds(run: run, in: lookup.setting, upTo: epoch)?.seconds
    let number = RunNumber(high: context, low: Self.number("\(architecture.id.hex)\n\(seed)"))
    return RunCharge(run: number, epoch: epoch, secondsUpToEpoch: seconds)
  }

  private static func number(_ text: String) -> UInt64 { Digest256(of: text).prefix.0 }
}

extension Lookup {
  /// How many epochs of a run had to be trained to know the value that is of epoch `answer`.
  func trainedEpochs(run: Int, answer epoch: Int) throws -> Int {
    switch self.epoch {
    case .last, .number: epoch
    case .best: max(epoch, try setting.completedEpochs(ofRun: run))
    case .bestSoFar(let limit): max(epoch, min(limit ?? .max, try setting.lastEpoch(ofRun: run, metric, split) ?? 0))
    }
  }

  /// The same lookup with another choice of epoch or of seeds.
  init(_ lookup: Lookup, epoch: EpochChoice? = nil, seeds: SeedChoice? = nil) {
    self.init(
      benchmark: lookup.benchmark, setting: lookup.setting, card: lookup.card, split: lookup.split,
      epoch: epoch ?? lookup.epoch, seeds: seeds ?? lookup.seeds, finals: lookup.finals)
  }
}
