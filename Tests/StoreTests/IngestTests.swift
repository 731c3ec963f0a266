import Foundation
import Records
import Store
import Testing

@Suite struct IngestTests {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  func store(_ name: String = "w") throws -> WorkingStore { try WorkingStore(path: workshop.file(name)) }

  @Test func againIsDuplicates() throws {
    var maker = SyntheticRuns(seed: 1)
    let runs = try maker.runs(40)
    let journal = try workshop.journal("j", runs.map(JournalEntry.run))
    let store = try store()
    let first = try store.ingest(journals: [journal], vector: SyntheticRuns.vector)
    #expect(first.recorded == 40 && first.duplicates == 0 && first.conflicts.isEmpty)
    let again = try store.ingest(journals: [journal], vector: SyntheticRuns.vector)
    #expect(again.recorded == 0 && again.duplicates == 40 && again.conflicts.isEmpty)
    #expect(try store.runCount() == 40)
    #expect(again.journals.first?.runs == 40)
  }

  @Test func otherTimingsAreADuplicateAndOtherNumericsAConflict() throws {
    var maker = SyntheticRuns(seed: 2)
    let run = try maker.run(1)
    var slower = run
    slower.provenance?.startedAt = "2027-01-01T00:00:00Z"
    var other = slower
    other.curves[0].values[0] += 1
    let store = try store()
    let report = try store.ingest(
      journals: [workshop.journal("j", [run, slower, other].map(JournalEntry.run))], vector: SyntheticRuns.vector)
    #expect(report.recorded == 1 && report.duplicates == 1)
    let conflict = try #require(report.conflicts.first)
    #expect(report.conflicts.count == 1)
    #expect(try conflict.kept == run.numericsDigest() && conflict.refused == other.numericsDigest())
    #expect(try store.conflicts() == [run.key.digest(): [run.numericsDigest(), other.numericsDigest()].sorted()])
    try store.publish(to: workshop.file("a"))
    #expect(try Atlas(path: workshop.file("a")).record(run: 1) == run)
  }

  /// Promise R5.
  @Test func orderRepetitionAndOverlapLeaveNoTrace() throws {
    var maker = SyntheticRuns(seed: 3)
    var entries = try maker.runs(60).map(JournalEntry.run)
    // The same keys again, with other timings and with other numerics.
    for index in [3, 9, 21] {
      guard case .run(var run) = entries[index] else { continue }
      run.provenance?.startedAt = index == 9 ? "2020-01-01T00:00:00Z" : "2030-01-01T00:00:00Z"
      entries.append(.run(run))
      run.statusDetail = "timed elsewhere"
      entries.append(.run(run))
      run.status = .failed
      entries.append(.run(run))
    }
    entries += [.dataset(SyntheticRuns.datasetCard()), .trainingProtocol(try SyntheticRuns.protocolCard())]
    var otherCard = SyntheticRuns.datasetCard()
    otherCard.title = "Another"
    entries.append(.dataset(otherCard))
    var generator = SeededGenerator(seed: 5)
    var manifests: [AtlasManifest] = []
    for attempt in 0..<6 {
      let store = try store("w\(attempt)")
      if attempt > 0 { generator.shuffle(&entries) }
      let cut = generator.integer(below: entries.count)
      let overlap = max(0, cut - 7)
      let journals = [
        try workshop.journal("\(attempt)a", Array(entries[..<cut])),
        try workshop.journal("\(attempt)b", Array(entries[overlap...])),
      ]
      for journal in attempt.isMultiple(of: 2) ? journals : journals.reversed() + journals {
        try store.ingest(journals: [journal], vector: SyntheticRuns.vector)
      }
      #expect(try store.conflicts().count == 3)
      manifests.append(try store.publish(to: workshop.file("a\(attempt)")))
    }
    #expect(Set(manifests.map(\.tables)).count == 1)
    #expect(Set(manifests.map(\.digest)).count == 1, "the whole file is the same, byte for byte")
  }

  @Test func tornTailsAreReportedAndTheRestIsTaken() throws {
    var maker = SyntheticRuns(seed: 4)
    let journal = try workshop.journal("j", maker.runs(3).map(JournalEntry.run))
    try workshop.write(workshop.bytes("j").dropLast(5), "j")
    let report = try store().ingest(journals: [journal], vector: SyntheticRuns.vector)
    #expect(report.recorded == 2)
    #expect(report.tornJournals.map(\.path) == [journal])
  }

  @Test func whatTablesCannotHoldIsRefused() throws {
    var maker = SyntheticRuns(seed: 5)
    let run = try maker.run(1)
    var twice = run
    twice.curves.append(twice.curves[0])
    var scored = run
    scored.score?.validation = .nan
    var nameless = run
    nameless.key.dataset = ""
    let store = try store()
    for bad in [twice, scored, nameless] {
      let journal = try workshop.journal("j", [.run(bad)])
      let error = #expect(throws: StoreError.self) {
        try store.ingest(journals: [journal], vector: SyntheticRuns.vector)
      }
      #expect(error?.code == "store.invalid_record")
    }
    struct Unreadable: Error {}
    let journal = try workshop.journal("j", [.run(run)])
    let error = #expect(throws: StoreError.self) {
      try store.ingest(journals: [journal], vector: { _, _ in throw Unreadable() })
    }
    #expect(error?.code == "store.invalid_record")
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
