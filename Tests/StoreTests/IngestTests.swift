import Foundation
import Records
import Store
import TestSupport
import Testing

@Suite struct IngestTests {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  func store(_ name: String = "w") throws -> WorkingStore { try WorkingStore(path: workshop.file(name)) }

  @Test func againIsDuplicates() throws {
    var maker = SyntheticRuns(seed: 1)
    let entries =
      try SyntheticRuns.cards() + maker.runs(40).map(JournalEntry.run)
      + maker.measurements(15).map(JournalEntry.measurement)
    let journal = try workshop.journal("j", entries)
    let store = try store()
    let first = try store.ingest(files: [journal], reading: PlainReading())
    #expect(first.recorded == 55 && first.duplicates == 0 && !first.hasConflicts)
    let again = try store.ingest(files: [journal, workshop.lines("l", entries)], reading: PlainReading())
    #expect(again.recorded == 0 && again.duplicates == 110 && !again.hasConflicts)
    #expect(try store.runCount() == 40 && store.measurementCount() == 15)
    #expect(again.files.map(\.runs) == [40, 40] && again.files.map(\.measurements) == [15, 15])
  }

  @Test func otherTimingsAreADuplicateAndOtherNumericsAConflict() throws {
    var maker = SyntheticRuns(seed: 2)
    let run = try maker.run(1)
    var slower = run
    slower.provenance?.startedAt = "2027-01-01T00:00:00Z"
    var other = slower
    other.curves[0].values[0] += 1
    let store = try store()
    let cards = try SyntheticRuns.cards()
    let report = try store.ingest(
      files: [workshop.journal("j", cards + [run, slower].map(JournalEntry.run))], reading: PlainReading())
    #expect(report.recorded == 1 && report.duplicates == 1)
    let error = try #require(throws: StoreError.self) {
      try store.ingest(files: [workshop.journal("k", [.run(other)])], reading: PlainReading())
    }
    guard case .conflicts(_, let refused) = error else {
      Issue.record("unexpected \(error)")
      return
    }
    let conflict = try #require(refused.conflicts.first)
    #expect(refused.conflictCount == 1 && conflict.kept == .undecided && error.exitStatus == .dataError)
    #expect(try conflict.first == run.numericsDigest() && conflict.second == other.numericsDigest())
    #expect(try error.message.contains(run.numericsDigest().hex) && error.message.contains(other.numericsDigest().hex))
    #expect(try store.conflicts().isEmpty, "nothing of it was written")
    try store.publish(to: workshop.file("a"))
    let atlas = try Atlas(path: workshop.file("a"))
    #expect(try atlas.record(ofRun: 0, in: atlas.settings[0]).recordDigest() == run.recordDigest())
  }

  /// Promise R5: order, repetition, overlap and the form of the file leave no trace.
  @Test func shardsInAnyOrderTwiceOverlappingGiveTheSameTables() throws {
    var maker = SyntheticRuns(seed: 3)
    var entries = try maker.runs(60).map(JournalEntry.run)
    // The same keys again, with other timings, and as runs that failed.
    for index in [3, 9, 21] {
      guard case .run(var run) = entries[index] else { continue }
      run.provenance?.startedAt = index == 9 ? "2020-01-01T00:00:00Z" : "2030-01-01T00:00:00Z"
      entries.append(.run(run))
      run.statusDetail = "timed elsewhere"
      entries.append(.run(run))
      run.status = .failed
      run.provenance = nil
      entries.append(.run(run))
      run.curves = []
      run.score = nil
      run.costs = nil
      run.status = .timedOut
      entries.append(.run(run))
    }
    // A key that nothing but failures have.
    guard case .run(var failure) = entries[12] else { return }
    failure.key.seed = 4_242
    failure.status = .failed
    for detail in ["one", "another"] {
      failure.statusDetail = detail
      failure.curves.removeLast()
      entries.append(.run(failure))
    }
    let measurements = try maker.measurements(40)
    entries += measurements.map(JournalEntry.measurement)
    // The same value at another cost.
    for (index, cost) in [(2, 9.0), (2, 0.5), (7, 1.0)] {
      var measurement = measurements[index]
      measurement.costSeconds = cost
      entries.append(.measurement(measurement))
    }
    entries += try SyntheticRuns.cards()
    var generator = SeededGenerator(seed: 5)
    var manifests: [AtlasManifest] = []
    for attempt in 0..<9 {
      let store = try WorkingStore(path: workshop.file("w\(attempt)"), runsPerPiece: attempt % 3 == 2 ? 7 : 1_000)
      if attempt > 0 { generator.shuffle(&entries) }
      let cut = generator.integer(below: entries.count)
      let overlap = max(0, cut - 7)
      let cards = try SyntheticRuns.cards()
      let parts = [Array(entries[..<cut]), Array(entries[overlap...])]
      // Journals, lines, and one of each; lines need the cards of what they name.
      let files = try parts.enumerated().map { index, part in
        attempt >= 3 && (attempt < 6 || index == 0)
          ? try workshop.lines("\(attempt)-\(index)", cards + part)
          : try workshop.journal("\(attempt)-\(index)", attempt.isMultiple(of: 2) ? cards + part : part + cards)
      }
      for file in attempt.isMultiple(of: 2) ? files : files.reversed() + files {
        try store.ingest(files: [file], reading: PlainReading())
      }
      #expect(try store.conflicts().isEmpty)
      manifests.append(try store.publish(to: workshop.file("a\(attempt)")))
    }
    for manifest in manifests {
      #expect(manifest.tables.filter { !manifests[0].tables.contains($0) }.map(\.name) == [], "other tables")
    }
    #expect(Set(manifests.map(\.digest)).count == 1, "the whole file is the same, byte for byte")
    Reliability.report("R5", "9 orders of \(entries.count) entries, repeated and overlapping: one file, byte for byte")
    let atlas = try Atlas(path: workshop.file("a0"))
    #expect(try atlas.find(measurements[2])?.cost == [measurements[2].costSeconds ?? 9, 0.5].min())
    for case .run(let run) in entries where run.status == .completed {
      let (setting, number) = try #require(try atlas.find(run.key))
      #expect(try setting.status(ofRun: number) == .completed, "a completed run wins over those that failed")
    }
  }

  @Test func conflictsOfMeasurementsAndCardsAreRefused() throws {
    var maker = SyntheticRuns(seed: 6)
    let measurement = try maker.measurements(1)[0]
    var smaller = measurement
    smaller.value -= 1
    var card = SyntheticRuns.publishedCard
    card.title = "Other images"
    let store = try store()
    let error = try #require(throws: StoreError.self) {
      try store.ingest(
        files: [
          workshop.lines(
            "l", SyntheticRuns.cards() + [.dataset(card), .measurement(measurement), .measurement(smaller)])
        ], reading: PlainReading())
    }
    guard case .conflicts(_, let report) = error else {
      Issue.record("unexpected \(error)")
      return
    }
    let conflict = try #require(report.measurementConflicts.first)
    #expect(conflict.first == measurement.value && conflict.second == smaller.value && conflict.place == 10)
    #expect(report.cardConflicts.map(\.name) == ["images"] && report.cardConflicts[0].place == 8)
    #expect(report.conflictCount == 2 && report.undecidedCount == 2 && report.files[0].conflicts == 1)
    #expect(try store.measurementCount() == 0, "not even its first measurement was written")
  }

  @Test func spellingsBecomeCanonical() throws {
    var maker = SyntheticRuns(seed: 7)
    let run = try maker.run(2)
    var alias = run
    alias.key.architecture = "alias of " + run.key.architecture
    let measurement = try maker.measurements(1)[0]
    var other = measurement
    other.architecture = "alias of " + measurement.architecture
    let store = try store()
    let entries: [JournalEntry] = [.run(run), .run(alias), .measurement(measurement), .measurement(other)]
    for file in [
      try workshop.journal("j", SyntheticRuns.cards() + entries),
      try workshop.lines("l", SyntheticRuns.cards() + entries),
    ] {
      try store.ingest(files: [file], reading: PlainReading())
    }
    #expect(try store.runCount() == 1 && store.measurementCount() == 1)
    let reading = PlainReading()
    try store.ingest(files: [], reading: reading)
    #expect(reading.defined == [SyntheticRuns.spaceCard].compactMap { $0 }, "rules of spaces are known the next time")
  }

  @Test func tornTailsAreReportedAndTheRestIsTaken() throws {
    var maker = SyntheticRuns(seed: 4)
    let journal = try workshop.journal("j", SyntheticRuns.cards() + maker.runs(3).map(JournalEntry.run))
    try workshop.write(workshop.bytes("j").dropLast(5), "j")
    let report = try store().ingest(files: [journal], reading: PlainReading())
    #expect(report.recorded == 2)
    #expect(report.tornFiles.map(\.path) == [journal])
  }

  @Test func whatTablesCannotHoldIsRefused() throws {
    var maker = SyntheticRuns(seed: 5)
    let run = try maker.run(1)
    func changed(_ change: (inout RunRecord) -> Void) -> RunRecord {
      var copy = run
      change(&copy)
      return copy
    }
    let bad = [
      changed { $0.score?.validation = .nan }, changed { $0.score?.epoch = -1 }, changed { $0.key.dataset = "" },
      changed { $0.key.dataset = "a\0b" }, changed { $0.source = "e\u{301}" },
      changed { $0.attributes["e\u{301}"] = .null }, changed { $0.counts = Counts(parameters: -1) },
      changed { $0.counts = Counts(parameters: 1 << 60) }, changed { $0.key.architecture = "unreadable" },
      changed { $0.curves = [Curve(metric: .loss, split: .test, values: [1], at: [1 << 40])] },
      changed { $0.counts = Counts(["parameters": -1]) }, changed { $0.counts = Counts(["": 1]) },
    ]
    let store = try store()
    for (index, record) in bad.enumerated() {
      let journal = try workshop.journal("j", [.run(record)])
      let error = #expect(throws: StoreError.self, "\(index)") {
        try store.ingest(files: [journal], reading: PlainReading())
      }
      #expect(error?.code == "store.invalid_record")
    }
    var measurement = try maker.measurements(1)[0]
    measurement.quantity.name = ""
    for entry in [
      .measurement(measurement),
      .metric(MetricCard(name: "", unit: "1", largerIsBetter: true, meaning: "none")),
    ] as [JournalEntry] {
      let error = try #require(throws: StoreError.self) {
        try store.ingest(files: [workshop.journal("j", [entry])], reading: PlainReading())
      }
      #expect(error.code == "store.invalid_record")
    }
    #expect(try store.runCount() == 0)
    #expect(throws: StoreError.nothingToPublish(path: workshop.file("w"))) {
      try store.publish(to: workshop.file("a"))
    }
  }

  @Test func otherFilesAreNotTakenForWorkingFiles() throws {
    var maker = SyntheticRuns(seed: 6)
    try workshop.atlas("a", maker.runs(3))
    let before = try workshop.bytes("a")
    #expect(throws: StoreError.self) { try WorkingStore(path: workshop.file("a")) }
    #expect(try workshop.bytes("a") == before)
    try workshop.write(Data(repeating: 7, count: 5_000), "noise")
    let error = #expect(throws: StoreError.self) { try WorkingStore(path: workshop.file("noise")) }
    #expect(error?.code == "store.foreign")
  }
}
