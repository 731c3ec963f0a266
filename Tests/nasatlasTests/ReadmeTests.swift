import Foundation
import Records
import TestSupport
import Testing

/// Every example of README.md and of docs/quick-start.md that needs no training is run as it stands, on a small atlas.
@Suite struct ReadmeTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Indented lines that call `nasatlas`.
  private static func examples(_ file: String) throws -> [String] {
    try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix("    nasatlas ") }.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test(arguments: ["README.md", "docs/quick-start.md"])
  func askingWorksAsWritten(file: String) throws {
    let small = try SmallAtlas()
    let records = try small.study.entries().compactMap { if case .run(let record) = $0 { record } else { nil } }
    let id = try #require(records.first).key.architectureID.hex
    let commands = [
      "query", "info", "verify", "top", "curve", "pareto", "cards", "neighbors", "stats", "extract", "export",
    ]
    let asking = try Self.examples(file).filter { line in commands.contains { line.hasPrefix("nasatlas \($0) ") } }
    #expect(asking.count >= 6)
    // A folder as the page has it: the shipped atlas in `data`, one's own beside it.
    try FileManager.default.createSymbolicLink(
      atPath: small.path("data"), withDestinationPath: Self.root.appendingPathComponent("data").path)
    try FileManager.default.createSymbolicLink(atPath: small.path("first.atlas"), withDestinationPath: small.atlas)
    for line in asking {
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.currentDirectoryURL = small.folder
      shell.arguments = [
        "-c",
        line.replacing("nasatlas ", with: "'\(CommandRun.executable.path)' ", maxReplacements: 1).replacing(
          " ID", with: " \(id)"),
      ]
      shell.standardOutput = FileHandle.nullDevice
      shell.standardError = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0, "\(line)")
    }
  }

  @Test func storingWorksAsWritten() throws {
    let small = try SmallAtlas()
    let storing = try Self.examples("docs/quick-start.md").filter {
      $0.hasPrefix("nasatlas ingest") || $0.hasPrefix("nasatlas publish")
    }
    #expect(storing.count == 2)
    for line in storing {
      let line = line.replacingOccurrences(of: "first/journals/*.journal", with: small.journal)
        .replacingOccurrences(of: "\"My first atlas\"", with: "first")
        .replacingOccurrences(of: " first/working.sqlite", with: " " + small.path("again.sqlite"))
        .replacingOccurrences(of: " first.atlas", with: " " + small.path("first.atlas"))
      let run = try CommandRun(line.split(separator: " ").dropFirst().map(String.init))
      #expect(run.status == 0, "\(line)\n\(run.errors)")
    }
  }

  @Test func linksOfTheReadmeLeadSomewhere() throws {
    let text = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    for part in text.components(separatedBy: "](").dropFirst() {
      let link = String(part.prefix { $0 != ")" })
      #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(link).path), "\(link) is missing")
    }
  }

  @Test func theLongTextReadsAsAnArchitecture() throws {
    let text = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    let spelled = try #require(text.split(separator: "\n").first { $0.hasPrefix("    stem:") })
    let small = try SmallAtlas()
    let run = try CommandRun("query", small.atlas, "-a", String(spelled))
    #expect(run.status == 65 && run.errors.contains("benchmarks.unknown_architecture"))
  }
}
