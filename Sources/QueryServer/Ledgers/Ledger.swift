import Benchmarks
import HTTPTypes
import Oracles
import Records
import Store

/// One client's budget over one question, open until the client closes it with the architecture it chose.
///
/// Every answer is charged once: the first time that an architecture is asked at an epoch it costs one query, the epochs
/// of its runs that were not charged yet, and the simulated seconds of those. The same architecture at the same epoch
/// again costs nothing, so a client that lost an answer may ask anew.
final class Ledger: Sendable {
  let terms: LedgerTerms

  private struct State {
    var journal: LedgerJournal
    var budget: BudgetLedger<RunNumber>
    var steps: [LedgerStep] = []
    var places: [Key: Int] = [:]
    var trace: [LedgerPoint] = []
    var report: LedgerReport?
  }

  private struct Key: Hashable {
    let architecture: ArchitectureID
    let epoch: String
  }

  private let state: Guarded<State>
  private let askLimit: Int

  init(_ terms: LedgerTerms, _ journal: LedgerJournal, askLimit: Int) {
    self.terms = terms
    self.askLimit = askLimit
    state = Guarded(State(journal: journal, budget: BudgetLedger(seed: 0, limits: terms.limits)))
  }

  /// Takes over what the journal tells. Throws `BudgetError` for a history that the limits do not allow.
  func replay(_ entries: some Sequence<LedgerEntry>) throws {
    try state.withLock { state in
      for entry in entries {
        switch entry {
        case .opened: continue
        case .asked(let step):
          try state.budget.charge(step.charges)
          Self.add(step, to: &state)
        case .closed(let report): state.report = report
        }
      }
    }
  }

  /// Answers and charges, in this order on the disk: what was answered was charged, whatever happens next.
  ///
  /// Throws `BudgetError` where the budget does not suffice, and a ``Problem`` where the ledger is closed.
  func ask(_ architecture: ArchitectureEntry, epoch: EpochChoice?, _ atlas: ServedAtlas) throws -> Answer {
    let lookup = try lookup(atlas)
    return try state.withLock { state in
      guard state.report == nil else { throw Problem.closedLedger }
      let key = Key(architecture: architecture.id, epoch: "\(epoch ?? lookup.epoch)")
      var free = Session(lookup, ledger: BudgetLedger(seed: 0))
      guard state.places[key] == nil else { return try free.ask(architecture, epoch: epoch) }
      guard state.steps.count < askLimit else {
        throw Problem(
          .conflict, "server.ledger_full", "a ledger holds at most \(askLimit) answers", hint: "open another ledger")
      }
      var session = Session(lookup, ledger: state.budget)
      let answer = try session.ask(architecture, epoch: epoch)
      let step = LedgerStep(
        architecture: architecture.id, canonicalText: architecture.canonicalText, epoch: key.epoch,
        value: answer.value, charges: session.lastCharges)
      state.journal = try state.journal.appending(.asked(step))
      state.budget = session.ledger
      Self.add(step, to: &state)
      return answer
    }
  }

  /// Ends the ledger with the architecture that its client chose, one that it asked. The same choice again gives the same
  /// report.
  func close(_ incumbent: ArchitectureEntry, _ atlas: ServedAtlas) throws -> LedgerReport {
    let lookup = try lookup(atlas)
    return try state.withLock { state in
      if let report = state.report {
        guard report.incumbent == incumbent.id else { throw Problem.closedLedger }
        return report
      }
      guard state.steps.contains(where: { $0.architecture == incumbent.id }) else {
        throw Problem(
          .conflict, "server.not_asked", "the ledger has no answer about \(incumbent.canonicalText)",
          hint: "choose an architecture that you queried in this ledger",
          allowed: state.steps.suffix(20).map(\.canonicalText))
      }
      let report = LedgerReport(
        incumbent: incumbent.id, canonicalText: incumbent.canonicalText, atlasDigest: atlas.digest,
        asked: try Self.outcome(incumbent, lookup), test: try? Self.outcome(incumbent, testLookup(atlas)))
      state.journal = try state.journal.appending(.closed(report))
      state.report = report
      return report
    }
  }

  /// What was spent and what is left.
  var summary: LedgerSummary {
    state.withLock { state in
      LedgerSummary(
        terms: terms, spent: state.budget.spending, remaining: state.budget.remaining, asks: state.steps.count,
        report: state.report)
    }
  }

  /// The answers in their order, with what was spent until then.
  var history: [LedgerPoint] { state.withLock { $0.trace } }

  // MARK: Questions

  /// Throws `DisclosureError` for a ledger whose answers the atlas now withholds: it was opened before the atlas was
  /// sealed.
  func check(_ shelf: AtlasShelf) throws {
    let asked = terms.question
    guard let atlas = try? shelf.atlas(terms.atlas).atlas,
      !atlas.disclosure.ofLedgers.shows(Metric(asked.metric), asked.split)
    else { return }
    throw DisclosureError.withheld(what: FilterField(path: [asked.metric, asked.split.rawValue]).text)
  }

  private func lookup(_ atlas: ServedAtlas) throws -> Lookup { try atlas.ledgerLookup(terms.lookupQuestion) }

  /// The one way past the seal: the test value of the incumbent, once nothing more can be asked.
  private func testLookup(_ atlas: ServedAtlas) throws -> Lookup {
    try atlas.revealed().lookup(terms.lookupQuestion(on: .test))
  }

  private static func outcome(
    _ incumbent: ArchitectureEntry, _ lookup: Lookup
  ) throws -> LedgerReport.Outcome {
    let benchmark = lookup.benchmark
    guard let value = try lookup.answer(incumbent).value,
      let best = try benchmark.top(1, lookup).places.first?.value
    else { throw BenchmarkError.noRuns(atlas: benchmark.atlas.path) }
    return LedgerReport.Outcome(
      value: value, best: best, regret: max(0, lookup.card.largerIsBetter ? best - value : value - best))
  }

  private static func add(_ step: LedgerStep, to state: inout State) {
    state.places[Key(architecture: step.architecture, epoch: step.epoch)] = state.steps.count
    state.steps.append(step)
    state.trace.append(
      LedgerPoint(
        architecture: step.canonicalText, epoch: step.epoch, value: step.value, spent: state.budget.spending))
  }
}

extension Problem {
  fileprivate static let closedLedger = Problem(
    .conflict, "server.ledger_closed", "the ledger is closed", hint: "open another ledger")
}
