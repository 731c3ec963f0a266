import Foundation
import Records
import Store
import TestSupport
import Testing

/// Promises R2, R4 and R6: sudden ends and competition of processes.
@Suite(.serialized) struct IngestProcessTests {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  static func probe(_ arguments: [String]) throws -> (process: Process, output: Pipe, errors: Pipe) {
    let process = Process()
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    process.executableURL = folder.appendingPathComponent("IngestProbe")
    process.arguments = arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return (process, output, errors)
  }

  private func text(_ pipe: Pipe) -> String {
    String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test func killedIngestsLeaveAllOrNothing() throws {
    var maker = SyntheticRuns(seed: 7)
    let entries =
      try SyntheticRuns.cards() + maker.runs(1_200).map(JournalEntry.run)
      + maker.measurements(300).map(JournalEntry.measurement)
    let journal = try workshop.journal("j", entries)
    var generator = SeededGenerator(seed: 8)
    var isAcknowledged = false
    var killedWithin = 0
    let kills = Reliability.isLong ? 1_000 : 30
    for attempt in 0..<kills {
      let name = workshop.file("w\(attempt / 10)")
      if attempt.isMultiple(of: 10) { isAcknowledged = false }
      let (process, output, _) = try Self.probe(["ingest", name, "37", journal])
      var said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      // Every other kill falls behind the first piece, however slow the machine is.
      while attempt.isMultiple(of: 2), !said.contains("read"), !said.contains("done") {
        said += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      }
      usleep(UInt32(generator.integer(below: attempt % 10 == 9 ? 600_000 : 60_000)))
      kill(process.processIdentifier, SIGKILL)
      said += text(output)
      process.waitUntilExit()
      if said.contains("done") { isAcknowledged = true }
      if said.contains("read"), !said.contains("done") { killedWithin += 1 }
      let store = try WorkingStore(path: name)
      let (runs, measurements) = (try store.runCount(), try store.measurementCount())
      // All or nothing: a kill between the commit and the word "done" leaves all.
      #expect((runs, measurements) == (1_200, 300) || (runs, measurements) == (0, 0) && !isAcknowledged)
    }
    #expect(killedWithin > kills / 6)
    let whole = try WorkingStore(path: workshop.file("whole"))
    try whole.ingest(files: [journal], reading: PlainReading())
    let right = try whole.publish(to: workshop.file("whole.atlas")).tables
    for number in 0..<kills / 10 {
      let store = try WorkingStore(path: workshop.file("w\(number)"))
      try store.ingest(files: [journal], reading: PlainReading())
      #expect(try store.publish(to: workshop.file("a\(number)")).tables == right, "a restart continues")
    }
    Reliability.report(
      "R2", "\(kills) kills of an ingest, \(killedWithin) within it: all rows or none, 0 acknowledged rows lost")
  }

  /// Promise R4: whenever a publication is killed, readers see the old atlas or the new one, whole.
  @Test func killedPublicationsLeaveTheOldOrTheNew() throws {
    var maker = SyntheticRuns(seed: 10)
    let runs = try maker.runs(600)
    var digests: [Digest256] = []
    for (name, count) in [("w0", 300), ("w1", 600)] {
      let store = try WorkingStore(path: workshop.file(name))
      try store.ingest(
        files: [workshop.journal("j", SyntheticRuns.cards() + runs.prefix(count).map(JournalEntry.run))],
        reading: PlainReading())
      digests.append(try store.publish(to: workshop.file("a"), force: true).digest)
    }
    let clock = ContinuousClock()
    let usual = try clock.measure {
      let (process, output, _) = try Self.probe(["publish", workshop.file("w1"), workshop.file("a")])
      _ = text(output)
      process.waitUntilExit()
    }
    let microseconds = max(1_000, Int(usual / .microseconds(1)))
    var generator = SeededGenerator(seed: 11)
    var interrupted = 0
    var current = digests[1]
    // On a busy machine a kill may come too late more often; some must be in time.
    let kills = Reliability.isLong ? 300 : 30
    for attempt in 0..<3 * kills where attempt < kills || interrupted <= 3 {
      let next = current == digests[0] ? 1 : 0
      let (process, output, _) = try Self.probe(["publish", workshop.file("w\(next)"), workshop.file("a")])
      // Most of the time goes by before the last steps, where it matters.
      let least = attempt.isMultiple(of: 3) ? 0 : microseconds / 2
      usleep(UInt32(least + generator.integer(below: microseconds * 11 / 10 - least)))
      kill(process.processIdentifier, SIGKILL)
      let done = text(output).contains("done")
      process.waitUntilExit()
      if !done { interrupted += 1 }
      let found = try Atlas.verify(path: workshop.file("a")).digest
      #expect(done ? found == digests[next] : digests.contains(found))
      current = found
    }
    #expect(interrupted > 3)
    Reliability.report(
      "R4", "\(kills) kills of a publication, \(interrupted) before its end: always the old or the new atlas")
    try WorkingStore(path: workshop.file("w0")).publish(to: workshop.file("a"), force: true)
    #expect(try Atlas.verify(path: workshop.file("a")).digest == digests[0])
    let left = try FileManager.default.contentsOfDirectory(atPath: workshop.path)
    #expect(!left.contains { $0.hasSuffix(".next") || $0.contains(".partial") })
  }

  @Test func theSecondIngestNamesTheFirst() throws {
    let holder = try WorkingStore(path: workshop.file("w"))
    for arguments in [["ingest", workshop.file("w"), "9"], ["publish", workshop.file("w"), workshop.file("a")]] {
      let (process, _, errors) = try Self.probe(arguments)
      let said = text(errors)
      process.waitUntilExit()
      #expect(process.terminationStatus == 75)
      #expect(said.contains("process \(getpid())"))
    }
    #expect(try holder.runCount() == 0)
  }

  @Test func aHundredRacesLeaveAWholeFile() throws {
    var maker = SyntheticRuns(seed: 9)
    let runs = try maker.runs(30)
    let journal = try workshop.journal("j", SyntheticRuns.cards() + runs.map(JournalEntry.run))
    var refused = 0
    for race in 0..<100 {
      let name = workshop.file("w\(race % 50)")
      let pair = try (0..<2).map { _ in try Self.probe(["ingest", name, "7", journal]) }
      let statuses = pair.map { process, output, errors in
        _ = text(output)
        let said = text(errors)
        process.waitUntilExit()
        if process.terminationStatus == 75 { #expect(said.contains("is in use by")) }
        return process.terminationStatus
      }
      #expect(statuses.contains(0) && Set(statuses).isSubset(of: [0, 75]))
      refused += statuses.count { $0 == 75 }
      #expect(try WorkingStore(path: name).runCount() == runs.count)
    }
    #expect(refused > 0)
    Reliability.report("R6", "100 races of two ingests, \(refused) refused with 75, 0 damaged files")
  }
}
