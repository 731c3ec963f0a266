import Foundation
import Records
import Testing

/// Help texts as files: a change of the command line shows as a change of a snapshot.
///
/// `NASATLAS_SNAPSHOTS=write swift test ...` writes them anew.
@Suite struct HelpTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  private static let commands = [
    "info", "datasets", "sample", "train", "ingest", "publish", "verify", "query", "top", "pareto", "curve",
    "neighbors", "extract", "export", "cards", "stats", "fit", "evaluate", "evaluate predictors", "diff", "merge",
    "serve", "config", "config show", "doctor",
  ]

  @Test(arguments: commands)
  func helpIsTheSnapshot(command: String) throws {
    let run = try CommandRun(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(run.status == 0)
    let file = Self.folder.appendingPathComponent("\(command.replacing(" ", with: "-")).txt")
    if ProcessInfo.processInfo.environment["NASATLAS_SNAPSHOTS"] == "write" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(run.output.utf8).write(to: file)
    }
    #expect(try run.output == String(contentsOf: file, encoding: .utf8))
    #expect(run.output.contains("nasatlas \(command) "), "no example")
    #expect(run.lines.allSatisfy { $0.count <= 100 }, "an example or the usage is too long")
  }

  @Test func rootHelpNamesEveryCommandAndHidesTheWorker() throws {
    let run = try CommandRun("--help")
    #expect(run.status == 0)
    for command in Self.commands where !command.contains(" ") {
      #expect(run.output.contains("  \(command)"))
    }
    #expect(!run.output.contains("  worker"))
    for step in ["nasatlas fit first.atlas", "nasatlas evaluate predictors first.atlas"] {
      #expect(run.output.contains(step), "the first steps lack \(step)")
    }
    #expect(try CommandRun("--version").output == nasAtlasVersion + "\n")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionScriptsAreMade(shell: String) throws {
    let run = try CommandRun("--generate-completion-script", shell)
    #expect(run.status == 0 && run.output.contains("nasatlas") && run.output.contains("--best") || shell == "fish")
    #expect(run.output.contains("query"))
  }

  @Test func mistakesOnTheCommandLineAreUsageErrors() throws {
    for arguments in [["frobnicate"], ["query"], ["sample", "--count", "many"], ["info", "--nonsense"]] {
      let run = try CommandRun(arguments)
      #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty)
    }
  }
}
