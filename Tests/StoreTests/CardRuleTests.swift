import Foundation
import Records
import Store
import Testing

/// No guess: what runs and measurements name has a card at the end of an ingest. Cards can be corrected.
@Suite struct CardRuleTests {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  func store(_ name: String = "w") throws -> WorkingStore { try WorkingStore(path: workshop.file(name)) }

  static func metric(_ name: String, larger: Bool, range: ValueRange? = nil) -> JournalEntry {
    .metric(MetricCard(name: name, unit: "1", largerIsBetter: larger, meaning: "made up", range: range))
  }

  static func run(_ metric: String, _ values: [Double], source: String? = nil, best epoch: Int? = nil) throws
    -> RunRecord
  {
    RunRecord(
      key: RunKey(
        space: "seqnas", architecture: "a", dataset: "events", datasetDigest: SyntheticRuns.datasetDigest,
        protocolDigest: try SyntheticRuns.protocolCard().digest, seed: 1),
      curves: [Curve(metric: Metric(metric), split: .validation, values: values)],
      score: epoch.map { Score(metric: Metric(metric), epoch: $0, validation: values[$0 - 1], test: nil) },
      source: source)
  }

  func missing(_ entries: [JournalEntry], isJournal: Bool = true) throws -> [StoreError.MissingCard] {
    let store = try store()
    let file = try isJournal ? workshop.journal("j", entries) : workshop.lines("j", entries)
    let error = try #require(throws: StoreError.self) { try store.ingest(files: [file], reading: PlainReading()) }
    #expect(error.exitStatus == .dataError)
    #expect(try store.runCount() + store.measurementCount() == 0, "nothing was written")
    guard case .missingCards(_, let missing) = error else {
      Issue.record("unexpected \(error)")
      return []
    }
    for name in missing { #expect(error.message.contains(name.name)) }
    return missing
  }

  @Test(arguments: ["nll", "ppl", "err", "wer", "regret", "latency_ms"]) func aMetricNeedsACard(name: String) throws {
    let run = try Self.run(name, [3, 2, 1])
    for isJournal in [true, false] {
      let found = try missing(SyntheticRuns.cards() + [.run(run)], isJournal: isJournal)
      #expect(found.map(\.name) == [name] && found.map(\.kind) == [.metric])
    }
    // The card may follow the runs, in another file too.
    let journal = try workshop.journal("a", SyntheticRuns.cards() + [.run(run)])
    let card = try workshop.journal("b", [Self.metric(name, larger: false)])
    let store = try store()
    try store.ingest(files: [journal, card], reading: PlainReading())
    try store.publish(to: workshop.file("atlas"))
    let atlas = try Atlas(path: workshop.file("atlas"))
    #expect(!atlas.card(of: Metric(name)).largerIsBetter)
    // A card of an earlier ingest counts.
    #expect(try store.ingest(files: [journal], reading: PlainReading()).duplicates == 1)
  }

  @Test func aMetricOfAScoreAloneNeedsACard() throws {
    var run = try Self.run("loss", [1])
    run.score = Score(metric: Metric("nll"), epoch: 1, validation: 1, test: nil)
    #expect(try missing(SyntheticRuns.cards() + [.run(run)]).map(\.name) == ["nll"])
  }

  @Test(arguments: MetricCard.known.map(\.name)) func knownMetricsNeedNone(name: String) throws {
    let file = try workshop.journal("j", SyntheticRuns.cards() + [.run(Self.run(name, [1, 0.5]))])
    #expect(try store().ingest(files: [file], reading: PlainReading()).recorded == 1)
  }

  @Test func datasetsAndSourcesNeedCardsAndTheNearestNameIsTold() throws {
    var typo = try Self.run("loss", [1])
    typo.key.dataset = "evnets"
    #expect(try missing(SyntheticRuns.cards() + [.run(typo)]).map(\.nearest) == ["events"])
    var other = try Self.run("loss", [1])
    other.key.datasetDigest = Digest256(of: "other data")
    let found = try missing(SyntheticRuns.cards() + [.run(other)])
    #expect(found.map(\.name) == ["events"] && found.map(\.digest) == [Digest256(of: "other data").hex])
    let run = try Self.run("loss", [1], source: "published-tabel")
    #expect(try missing(SyntheticRuns.cards() + [.run(run)]).map(\.nearest) == ["published-table"])
    let measurement = ArchitectureMeasurement(
      space: "seqnas", architecture: "a",
      quantity: Quantity(name: "synflow", unit: "1", dataset: "imagse", source: "nobody"), value: 1)
    let both = try missing(SyntheticRuns.cards() + [.measurement(measurement)])
    #expect(both.map(\.kind) == [.dataset, .source] && both.map(\.nearest) == ["images", nil])
  }

  /// An atlas of an earlier version may lack cards: it opens, and merging it is an ingest.
  @Test func openingAnAtlasNeverChecks() throws {
    let store = try store()
    var unchecked = IngestOptions()
    unchecked.isChecked = false
    let file = try workshop.journal("j", [.run(Self.run("nll", [2, 1]))])
    try store.ingest(files: [file], reading: PlainReading(), options: unchecked)
    let error = try #require(throws: StoreError.self) { try store.publish(to: workshop.file("a")) }
    #expect(error.code == "store.missing_cards")
    try store.publish(to: workshop.file("a"), title: nil, isChecked: false)
    let atlas = try Atlas(path: workshop.file("a"))
    #expect(atlas.runCount == 1)
    _ = try Atlas.verify(path: workshop.file("a"))
    #expect(throws: StoreError.self) {
      try self.store("m").ingest(atlases: [workshop.file("a")], reading: PlainReading())
    }
  }

  // MARK: Ranges

  @Test func aRangeTravelsWithItsCard() throws {
    let range = ValueRange(minimum: 0, maximum: 1)
    let file = try workshop.journal(
      "j", SyntheticRuns.cards() + [Self.metric("m", larger: true, range: range), .run(Self.run("m", [0, 1]))])
    let store = try store()
    try store.ingest(files: [file], reading: PlainReading())
    try store.publish(to: workshop.file("a"))
    #expect(try Atlas(path: workshop.file("a")).card(of: Metric("m")).range == range)
    let merged = try self.store("m")
    try merged.ingest(atlases: [workshop.file("a")], reading: PlainReading())
    try merged.publish(to: workshop.file("b"))
    #expect(try workshop.bytes("a") == workshop.bytes("b"))
  }

  @Test func valuesOutsideARangeAreRefusedWheneverTheCardComes() throws {
    let card = Self.metric("m", larger: true, range: ValueRange(minimum: 0, maximum: 1))
    let run = JournalEntry.run(try Self.run("m", [0.5, 1.5]))
    let cards = try SyntheticRuns.cards()
    let store = try store()
    for (index, entries) in [cards + [card, run], cards + [run, card]].enumerated() {
      for file in [try workshop.journal("j\(index)", entries), try workshop.lines("l\(index)", entries)] {
        let error = try #require(throws: StoreError.self) { try store.ingest(files: [file], reading: PlainReading()) }
        #expect(error.message.contains("1.5") && error.message.contains("0.0 to 1.0"), "\(error.message)")
      }
    }
    // A range that comes with a card that replaces another one.
    let plain = try workshop.journal("p", cards + [Self.metric("m", larger: true), run])
    try store.ingest(files: [plain], reading: PlainReading())
    let error = try #require(throws: StoreError.self) {
      try store.ingest(
        files: [workshop.journal("c", [card])], reading: PlainReading(), options: IngestOptions(replacesCards: true))
    }
    #expect(error.code == "store.contradictions")
  }

  // MARK: Replacing

  @Test func aReplacedCardIsKeptInTheManifest() throws {
    let store = try store()
    let first = try workshop.journal("1", SyntheticRuns.cards() + [.run(Self.run("loss", [2, 1]))])
    try store.ingest(files: [first], reading: PlainReading())
    #expect(try store.publish(to: workshop.file("a")).cardHistory == nil)
    var card = SyntheticRuns.datasetCard()
    card.title = "Events, corrected"
    let second = try workshop.journal("2", [.dataset(card)])
    let error = try #require(throws: StoreError.self) { try store.ingest(files: [second], reading: PlainReading()) }
    #expect(error.code == "store.conflicts" && error.remedy?.contains("--replace-cards") == true)
    let replacing = IngestOptions(replacesCards: true)
    let report = try store.ingest(files: [second], reading: PlainReading(), options: replacing)
    #expect(report.replacedCards.map(\.name) == ["events"] && !report.hasConflicts)
    #expect(try store.ingest(files: [second], reading: PlainReading(), options: replacing).replacedCards.isEmpty)
    try store.publish(to: workshop.file("a"))
    let atlas = try Atlas(path: workshop.file("a"))
    #expect(atlas.datasetCards.first { $0.name == "events" } == card)
    let history = try #require(atlas.manifest.cardHistory)
    #expect(history.map(\.kind) == ["dataset"] && history[0].digest == SyntheticRuns.datasetDigest)
    let old = try CanonicalJSON.text(SyntheticRuns.datasetCard())
    #expect(try CanonicalJSON.text(history[0].card) == old && history[0].cardDigest == Digest256(of: old))
    _ = try Atlas.verify(path: workshop.file("a"))
    let merged = try self.store("m")
    try merged.ingest(atlases: [workshop.file("a")], reading: PlainReading())
    #expect(try merged.publish(to: workshop.file("b")).cardHistory == history, "a merge keeps the history")
  }

  @Test func twoNewCardsOfOneThingAreAConflictEvenWhenCardsAreReplaced() throws {
    let store = try store()
    let first = try workshop.journal("1", SyntheticRuns.cards() + [.run(Self.run("loss", [2, 1]))])
    try store.ingest(files: [first], reading: PlainReading())
    var card = SyntheticRuns.datasetCard()
    card.title = "One"
    var other = card
    other.title = "Another"
    let second = try workshop.journal("2", [.dataset(card), .dataset(other)])
    let error = try #require(throws: StoreError.self) {
      try store.ingest(files: [second], reading: PlainReading(), options: IngestOptions(replacesCards: true))
    }
    #expect(error.code == "store.conflicts")
  }
}
