import Foundation
import Records
import Store
import Testing

/// Promise R5: what contradicts is refused as a whole, or decided as the user says; failures give way to results.
@Suite struct ConflictTests {
  let workshop: Workshop
  let cards: [JournalEntry]
  let run: RunRecord
  let other: RunRecord
  let bystander: RunRecord
  let measurement: ArchitectureMeasurement

  init() throws {
    workshop = try Workshop()
    cards = try SyntheticRuns.cards()
    var maker = SyntheticRuns(seed: 11)
    // Number 3 is published and names its source.
    let runs = try maker.runs(5)
    run = runs[3]
    bystander = runs[1]
    measurement = try maker.measurements(1)[0]
    var other = runs[3]
    other.curves[0].values[0] += 1
    other.source = "second-table"
    self.other = other
  }

  func store(_ name: String = "w") throws -> WorkingStore { try WorkingStore(path: workshop.file(name)) }

  var secondSource: JournalEntry {
    .source(SourceCard(name: "second-table", title: "Another", origin: "made up", license: nil, citation: "none"))
  }

  /// Two files with one key, whose runs differ, and one run more in the second.
  func files() throws -> [String] {
    [
      try workshop.journal("z-first", cards + [.run(run)]),
      try workshop.journal("a-second", [secondSource] + cards + [.run(other), .run(bystander)]),
    ]
  }

  func kept(_ store: WorkingStore, _ name: String = "a") throws -> Double? {
    try store.publish(to: workshop.file(name))
    let atlas = try Atlas(path: workshop.file(name))
    guard let (setting, number) = try atlas.find(run.key) else { return nil }
    return try setting.curve(ofRun: number, run.curves[0].metric, run.curves[0].split)?.values[0]
  }

  @Test func nothingIsWrittenWithoutADecision() throws {
    let store = try store()
    let error = try #require(throws: StoreError.self) { try store.ingest(files: files(), reading: PlainReading()) }
    #expect(error.code == "store.conflicts" && error.exitStatus == .dataError)
    #expect(error.message.contains("second-table") && error.remedy?.contains("--prefer SOURCE") == true)
    #expect(try store.runCount() == 0, "the run that contradicts nothing was not written either")
  }

  @Test func firstAndSecondFollowTheOrderOfNaming() throws {
    let (one, two) = (run.curves[0].values[0], other.curves[0].values[0])
    for (index, (policy, isTurned, expected))
      in ([
        (.first, false, one), (.second, false, two), (.first, true, two), (.second, true, one),
      ] as [(ConflictPolicy, Bool, Double)]).enumerated()
    {
      let store = try store("w\(index)")
      let files = isTurned ? try files().reversed() : try files()
      let report = try store.ingest(
        files: files, reading: PlainReading(), options: IngestOptions(conflicts: policy))
      #expect(report.conflictCount == 1 && report.undecidedCount == 0)
      #expect(report.conflicts.map(\.kept) == [policy == .first ? .first : .second])
      #expect(try kept(store, "a\(index)") == expected && store.runCount() == 2)
      #expect(try store.conflicts().count == 1)
    }
  }

  @Test func aSourceWinsInAnyOrder() throws {
    for (index, files) in [try files(), try files().reversed()].enumerated() {
      let store = try store("w\(index)")
      let options = IngestOptions(conflicts: .source("second-table"))
      try store.ingest(files: [files[0]], reading: PlainReading())
      if index == 0 {
        try store.ingest(files: [files[1]], reading: PlainReading(), options: options)
      } else {
        // The first file does not have the card of the source, and an unknown source is refused.
        try store.ingest(files: [files[1]], reading: PlainReading(), options: options)
      }
      #expect(try kept(store, "a\(index)") == other.curves[0].values[0])
    }
    let error = try #require(throws: StoreError.self) {
      try store("x").ingest(
        files: files(), reading: PlainReading(), options: IngestOptions(conflicts: .source("second-tabel")))
    }
    // A conflict that the unknown name does not decide is reported first.
    #expect(error.code == "store.conflicts")
    let typo = try #require(throws: StoreError.self) {
      try store("x").ingest(
        files: [files()[1]], reading: PlainReading(), options: IngestOptions(conflicts: .source("second-tabel")))
    }
    #expect(typo.code == "store.unknown_preference" && typo.message.contains("\"second-table\""))
  }

  @Test func skippedConflictsLeaveOutBothNewRows() throws {
    let skip = IngestOptions(conflicts: .skip)
    var third = run
    third.curves[0].values[0] += 5
    let fresh = try store("w0")
    let extra = try workshop.journal("extra", cards + [.run(third), .run(run)])
    let report = try fresh.ingest(files: files() + [extra], reading: PlainReading(), options: skip)
    #expect(try fresh.runCount() == 1 && report.recorded == 1, "only the bystander")
    #expect(report.conflicts.map(\.kept) == [.neither])
    let store = try store("w1")
    try store.ingest(files: [files()[0]], reading: PlainReading())
    try store.ingest(files: [files()[1]], reading: PlainReading(), options: skip)
    #expect(try kept(store) == run.curves[0].values[0] && store.runCount() == 2, "what was there before stays")
  }

  @Test func measurementsAreDecidedToo() throws {
    var changed = measurement
    changed.value += 1
    let one = try workshop.journal("1", cards + [.measurement(measurement)])
    let two = try workshop.journal("2", cards + [.measurement(changed)])
    for (index, (policy, expected))
      in ([
        (.first, measurement.value), (.second, changed.value), (.skip, nil), (.source("published-table"), nil),
      ] as [(ConflictPolicy, Double?)]).enumerated()
    {
      let store = try store("w\(index)")
      try store.ingest(files: [workshop.journal("b", cards + [.run(bystander)])], reading: PlainReading())
      let ingest = {
        try store.ingest(files: [one, two], reading: PlainReading(), options: IngestOptions(conflicts: policy))
      }
      if case .source = policy {
        // Both are of this source.
        #expect(throws: StoreError.self) { try ingest() }
        continue
      }
      #expect(try ingest().measurementConflicts.count == 1)
      try store.publish(to: workshop.file("a\(index)"))
      #expect(try Atlas(path: workshop.file("a\(index)")).find(measurement)?.value == expected)
    }
  }

  @Test func mergedAtlasesAreDecidedInTheSameWay() throws {
    for (index, file) in try files().enumerated() {
      let store = try store("w\(index)")
      try store.ingest(files: [file], reading: PlainReading())
      try store.publish(to: workshop.file("m\(index)"))
    }
    let atlases = [workshop.file("m1"), workshop.file("m0")]
    let error = try #require(throws: StoreError.self) {
      try store("m").ingest(atlases: atlases, reading: PlainReading())
    }
    #expect(try error.code == "store.conflicts" && store("m").runCount() == 0)
    for (index, (policy, expected))
      in ([
        (.first, other), (.second, run), (.source("published-table"), run), (.source("second-table"), other),
      ] as [(ConflictPolicy, RunRecord)]).enumerated()
    {
      let store = try store("m\(index)w")
      try store.ingest(atlases: atlases, reading: PlainReading(), options: IngestOptions(conflicts: policy))
      #expect(try kept(store, "d\(index)") == expected.curves[0].values[0])
    }
  }

  @Test func cardsOfASourceWinWithIt() throws {
    var card = SyntheticRuns.publishedCard
    card.title = "Images as the second table has them"
    let one = try workshop.journal("1", cards + [.run(run)])
    let two = try workshop.journal("2", [secondSource, .dataset(card)])
    for (index, policy) in [ConflictPolicy.source("second-table"), .first, .second, .skip].enumerated() {
      let store = try store("w\(index)")
      let report = try store.ingest(
        files: [one, two], reading: PlainReading(), options: IngestOptions(conflicts: policy))
      #expect(report.cardConflicts.map(\.name) == ["images"])
      try store.publish(to: workshop.file("a\(index)"))
      let title = try Atlas(path: workshop.file("a\(index)")).datasetCards.first { $0.name == "images" }?.title
      #expect(title == (index.isMultiple(of: 2) ? card.title : "Images"))
    }
  }

  /// A failure says something of a machine; it has no start time, so that by time alone it would win.
  @Test(arguments: [RunStatus.failed, .timedOut]) func aCompletedRunWinsOverAFailure(status: RunStatus) throws {
    let failure = RunRecord(key: bystander.key, status: status, statusDetail: "killed", curves: [])
    var later = failure
    later.statusDetail = "killed again"
    let good = try workshop.journal("good", cards + [.run(bystander)])
    let bad = try workshop.journal("bad", cards + [.run(failure), .run(later)])
    for (index, files) in [[good, bad], [bad, good]].enumerated() {
      let store = try store("w\(index)")
      var superseded = 0
      for file in files { superseded += try store.ingest(files: [file], reading: PlainReading()).superseded }
      #expect(superseded >= 1)
      try store.publish(to: workshop.file("a\(index)"))
      let atlas = try Atlas(path: workshop.file("a\(index)"))
      let (setting, number) = try #require(try atlas.find(bystander.key))
      #expect(try setting.status(ofRun: number) == bystander.status && atlas.runCount == 1)
    }
    #expect(try workshop.bytes("a0") == workshop.bytes("a1"), "the order of files leaves no trace")
    let failed = try store("f")
    try failed.ingest(files: [bad], reading: PlainReading())
    try failed.publish(to: workshop.file("failed"))
    let merged = try store("m")
    let report = try merged.ingest(atlases: [workshop.file("failed"), workshop.file("a0")], reading: PlainReading())
    #expect(report.superseded == 1 && !report.hasConflicts)
    try merged.publish(to: workshop.file("am"))
    #expect(try workshop.bytes("am") == workshop.bytes("a0"))
  }
}
