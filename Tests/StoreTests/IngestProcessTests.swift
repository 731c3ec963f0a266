import Foundation
import Records
import Store
import Testing

/// Promises R2 and R6: sudden ends and competition of ingest processes.
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

  @Test func nothingCommittedIsLostInThirtyKills() throws {
    var maker = SyntheticRuns(seed: 7)
    let runs = try maker.runs(1_500)
    let journal = try workshop.journal("j", runs.map(JournalEntry.run))
    var generator = SeededGenerator(seed: 8)
    var acknowledged = 0
    for attempt in 0..<30 {
      let name = workshop.file("w\(attempt / 10)")
      if attempt.isMultiple(of: 10) { acknowledged = 0 }
      let (process, output, _) = try Self.probe([name, journal])
      var text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      // Every other kill falls behind the first commit, however slow the machine is.
      while attempt.isMultiple(of: 2), !text.contains("committed"), !text.contains("done") {
        text += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      }
      usleep(UInt32(generator.integer(below: 150_000)))
      kill(process.processIdentifier, SIGKILL)
      text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      for line in text.split(separator: "\n") where line.hasPrefix("committed ") {
        acknowledged = max(acknowledged, Int(line.dropFirst(10)) ?? 0)
      }
      #expect(try WorkingStore(path: name).runCount() >= acknowledged)
    }
    #expect(acknowledged > 0)
    let survivor = try WorkingStore(path: workshop.file("w2"))
    let report = try survivor.ingest(journals: [journal], vector: { _, text in Data(text.utf8.prefix(4)) })
    #expect(report.recorded + report.duplicates == runs.count)
    #expect(report.duplicates >= acknowledged)
    #expect(try survivor.runCount() == runs.count)
  }

  @Test func theSecondIngestNamesTheFirst() throws {
    let holder = try WorkingStore(path: workshop.file("w"))
    let (process, _, errors) = try Self.probe([workshop.file("w")])
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    #expect(text.contains("process \(getpid())"))
    #expect(try holder.runCount() == 0)
  }

  @Test func racesLeaveAWholeFile() throws {
    var maker = SyntheticRuns(seed: 9)
    let runs = try maker.runs(50)
    let journal = try workshop.journal("j", runs.map(JournalEntry.run))
    for race in 0..<25 {
      let name = workshop.file("w\(race % 5)")
      let pair = try (0..<2).map { _ in try Self.probe([name, journal]) }
      for (process, output, errors) in pair {
        _ = output.fileHandleForReading.readDataToEndOfFile()
        _ = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
      }
      let statuses = Set(pair.map(\.process.terminationStatus))
      #expect(statuses.contains(0) && statuses.isSubset(of: [0, 75]))
      #expect(try WorkingStore(path: name).runCount() == runs.count)
    }
  }
}
