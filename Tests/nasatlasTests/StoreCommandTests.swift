import Foundation
import Records
import TestSupport
import Testing

/// Journals to an atlas and what is told of it; damage and absence.
@Suite struct StoreCommandTests {
  let small: SmallAtlas

  init() throws { small = try SmallAtlas() }

  @Test func ingestCountsDuplicates() throws {
    struct Report: Decodable {
      let recorded: Int
      let duplicates: Int
      let runs: Int
    }
    let again = try CommandRun("ingest", small.journal, "--into", small.working, "--json").json(Report.self)
    #expect(again.recorded == 0 && again.duplicates == 8 && again.runs == 8)
    let text = try CommandRun("ingest", small.journal, "--into", small.path("fresh.sqlite"))
    #expect(
      text.lines == [
        "recorded    8 runs, 0 measurements", "duplicates  0", "conflicts   0", "in all      8 runs, 0 measurements",
        "",
      ] && text.status == 0)
  }

  @Test func aConflictIsToldWithBothDigests() throws {
    var entries = try small.study.entries()
    for (index, entry) in entries.enumerated() {
      if case .run(var record) = entry {
        record.curves[0].values[0] += 1
        entries[index] = .run(record)
        break
      }
    }
    let journal = small.path("other.journal")
    let writer = try JournalWriter(path: journal)
    for entry in entries { try writer.append(entry) }
    let run = try CommandRun("ingest", journal, "--into", small.working)
    #expect(run.status == 65)
    #expect(run.output.isEmpty && run.errors.contains("1 conflicting row or card; nothing was written"))
    let digests = run.errors.split(whereSeparator: { !$0.isHexDigit }).filter { $0.count == 64 }
    #expect(Set(digests).count == 2, "\(run.errors)")
    let decided = try CommandRun("ingest", journal, "--into", small.working, "--prefer", "SECOND")
    #expect(
      decided.status == 0 && decided.lines[1...2] == ["duplicates  7", "conflicts   1, decided by --prefer SECOND"])
    #expect(decided.output.contains(", kept"))
  }

  @Test func publishAndVerifyAgreeOnTheDigest() throws {
    struct Published: Decodable {
      let digest: String
      let runs: Int
    }
    struct Verified: Decodable {
      let digest: String
      let runs: Int
      let architectures: Int
    }
    let published = try CommandRun("publish", small.working, small.path("b.atlas"), "--json").json(Published.self)
    let verified = try CommandRun("verify", small.path("b.atlas"), "--json").json(Verified.self)
    #expect(published.digest == verified.digest && verified.runs == 8 && verified.architectures == 8)
    #expect(try CommandRun("publish", small.working, small.path("b.atlas")).output.contains(published.digest))
    let text = try CommandRun("verify", small.path("b.atlas"))
    #expect(text.status == 0 && text.output.contains("8 of 8 architectures"))
  }

  @Test func infoTellsWhatAnAtlasHolds() throws {
    let text = try CommandRun("info", small.atlas)
    for part in [
      "A small study", "synthetic-events", "CC0-1.0", "calm, busy", "120 train",
      "8 of seqnas under synthetic", "seqnas", "accuracy.validation", "1 for 8 architectures: 1",
    ] {
      #expect(text.output.contains(part), "\(part) is missing")
    }
    #expect(text.lines.allSatisfy { $0.count <= 80 })
    struct Report: Decodable {
      let runs: Int
      let title: String
      let measurements: Int
    }
    let report = try CommandRun("info", small.atlas, "--json").json(Report.self)
    #expect(report.runs == 8 && report.title == "A small study" && report.measurements == 0)
  }

  @Test(arguments: ["info", "verify", "query --best 3", "top", "cards", "stats"])
  func missingAndBrokenAtlases(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    func run(_ atlas: String) throws -> CommandRun {
      try CommandRun([words[0], atlas] + words.dropFirst() + ["--json"])
    }
    let missing = try run(small.path("none.atlas"))
    #expect(missing.status == 66)
    #expect(try FailureReport(missing).code == "store.not_found")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: small.atlas))
    let half = bytes.count / 2
    try bytes.prefix(half).write(to: URL(fileURLWithPath: small.atlas))
    #expect(try FailureReport(run(small.atlas)).code == "store.truncated")
    #expect(try run(small.atlas).status == 65)
    bytes[bytes.count - 1] ^= 1
    bytes[5_000] ^= 1
    try bytes.write(to: URL(fileURLWithPath: small.atlas))
    #expect(try CommandRun("verify", small.atlas).status == 65)
    #expect(try run(small.journal).status == 65)
  }

  @Test func missingInputsOfIngestAndPublish() throws {
    #expect(try CommandRun("ingest", small.path("no.journal"), "--into", small.working).status == 66)
    #expect(try CommandRun("publish", small.path("no.sqlite"), small.path("c.atlas")).status == 66)
    #expect(!FileManager.default.fileExists(atPath: small.path("no.sqlite")))
    #expect(try CommandRun("ingest", small.atlas, "--into", small.working).status == 65)
    #expect(try CommandRun("publish", small.atlas, small.path("c.atlas")).status == 65)
    #expect(try CommandRun("ingest", small.journal).status == 64)
  }
}
