import Foundation
import Testing

/// What a user who mistypes something reads.
@Suite struct MistakeTests {
  let tiny: TinyAtlas
  let atlas: String

  init() throws {
    tiny = try TinyAtlas()
    atlas = try tiny.atlas(TinyTables.first(), as: "first")
  }

  @Test(
    arguments: [
      ("tpo", "did you mean top?"), ("querry", "did you mean query?"), ("Ingest", "did you mean ingest?"),
      ("frobnicate", "The commands are info, "),
    ])
  func aMistypedCommand(word: String, told: String) throws {
    let run = try CommandRun(word, atlas)
    #expect(run.status == 64 && run.output.isEmpty && run.errors.contains("there is no command \(word)"))
    #expect(run.errors.contains(told) && !run.errors.contains("worker"))
  }

  @Test(
    arguments: [
      (["top", "-k", "3", "-k", "5"], "-k is given twice"),
      (["top", "--dataset", "red", "--dataset=blue"], "--dataset is given twice"),
      (["evaluate", "predictors", "--trials", "3", "--trials", "4"], "--trials is given twice"),
      (["top", "-k", "1", "--count", "2"], "--count is given twice"),
      (["query", "-a", "nats:1", "--architecture=nats:2"], "--architecture is given twice"),
      (["export", "-o", "q1", "--out", "q2"], "--out is given twice"),
      (["extract", "--out", "q1.atlas", "-o", "q2.atlas"], "-o is given twice"),
    ])
  func anOptionThatStandsTwice(words: [String], told: String) throws {
    let command = words.prefix { !$0.hasPrefix("-") }
    let run = try CommandRun(Array(command) + [atlas] + words.dropFirst(command.count))
    #expect(run.status == 64 && run.errors.contains(told), "\(run.errors)")
  }

  /// What the parser says of a command.
  private struct Described: Decodable {
    struct Root: Decodable { let command: Described }
    struct Name: Decodable {
      let kind: String
      let name: String
    }
    struct Option: Decodable {
      let kind: String
      let isRepeating: Bool
      let names: [Name]?
    }
    let commandName: String
    let arguments: [Option]?
    let subcommands: [Described]?

    /// Words of each command with an option given under its short and its long name.
    func twice(_ path: [String] = []) -> [[String]] {
      (arguments ?? []).filter { $0.kind == "option" && !$0.isRepeating }.flatMap { option -> [[String]] in
        let names = option.names ?? []
        return names.filter { $0.kind == "short" }.flatMap { short in
          names.filter { $0.kind == "long" }.map { path + ["-\(short.name)", "1", "--\($0.name)", "2"] }
        }
      } + (subcommands ?? []).flatMap { $0.twice(path + [$0.commandName]) }
    }
  }

  @Test func everyOptionWithAShortName() throws {
    let described = try CommandRun("--experimental-dump-help").json(Described.Root.self).command
    let all = described.twice()
    #expect(all.count > 5)
    for words in all {
      let run = try CommandRun(words)
      #expect(run.status == 64 && run.errors.contains("is given twice"), "\(words)")
    }
  }

  @Test(
    arguments: [
      (["evaluate", "predictor"], "did you mean evaluate predictors?"),
      (["config", "shw"], "did you mean config show?"),
      (["help", "tpo"], "did you mean top?"), (["help", "evaluate", "predictor"], "did you mean evaluate predictors?"),
      (["evaluate", "zzzzzz"], "The command is evaluate predictors."),
    ])
  func commandsOfCommands(words: [String], told: String) throws {
    let run = try CommandRun(words)
    #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(told), "\(run.errors)")
    let report = try FailureReport(CommandRun(words + ["--json"]))
    #expect(report.code == "nasatlas.usage" && report.message.contains(told))
  }

  /// A command that refuses its work leaves no lock behind.
  @Test func refusalsLeaveNoLocks() throws {
    let working = tiny.path("locked.sqlite")
    #expect(
      try CommandRun("ingest", try tiny.write(TinyTables.first(), as: "locked.ndjson"), "--into", working).status == 0)
    #expect(try CommandRun("publish", working, atlas).status == 73)
    #expect(try CommandRun("ingest", try tiny.write("{", as: "bad-lock.ndjson"), "--into", working).status == 65)
    #expect(!FileManager.default.fileExists(atPath: working + ".lock"))
    let folder = tiny.path("state")
    let refused = try CommandRun("serve", atlas, "--host", "192.0.2.1", "--set", "state-folder=\(folder)")
    #expect(refused.status != 0 && !FileManager.default.fileExists(atPath: folder), "\(refused.errors)")
  }

  @Test func optionsThatMayStandTwiceDo() throws {
    let run = try CommandRun(
      "top", atlas, "--dataset", "red", "--show", "latency[pi]", "--show", "latency[phone]", "--where",
      "parameters > -1")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: [["top"], ["top", "--no-such"], ["tpo"], ["query", "x.atlas"], ["top", "x", "-k", "a"]])
  func mistakesOfUsageAreJSONWhereTheAnswerIs(words: [String]) throws {
    let run = try CommandRun(words + ["--json"])
    let report = try FailureReport(run)
    #expect(run.status == 64 && report.exitStatus == 64 && report.code == "nasatlas.usage" && !report.message.isEmpty)
  }

  @Test func filesOfOtherCommands() throws {
    let into = tiny.path("new.sqlite")
    let run = try CommandRun("ingest", atlas, "--into", into)
    #expect(run.status == 65 && run.errors.contains("is an atlas") && run.errors.contains("nasatlas merge \(atlas)"))
    #expect(try CommandRun("ingest", atlas + ".manifest.json", "--into", into).errors.contains("nasatlas merge"))
    #expect(!FileManager.default.fileExists(atPath: into))
  }

  @Test(
    arguments: [
      (#"{"run":5}"#, "run: an object is expected here"),
      (#"{"run":{"key":{"space":7}}}"#, "space: a text is expected here"),
      (
        #"{"metric":{"name":"a","unit":"1","largerIsBetter":3,"meaning":"m"}}"#,
        "largerIsBetter: true or false is expected"
      ),
    ])
  func badLinesAreToldInWordsOfJSON(line: String, told: String) throws {
    let file = try tiny.write(line + "\n", as: "bad.ndjson")
    let run = try CommandRun("ingest", file, "--into", tiny.path("new.sqlite"))
    #expect(run.status == 65 && run.errors.contains(told), "\(run.errors)")
    for name in ["Dictionary", "Swift", "NSCocoa", "CodingKey", "KeyedDecoding"] { #expect(!run.errors.contains(name)) }
  }

  /// Neither working files nor locks nor folders stay of what was refused.
  @Test func refusalsLeaveNothingBehind() throws {
    let before = Set(try FileManager.default.contentsOfDirectory(atPath: tiny.folder.path))
    let bad = try tiny.write("{\"run\":5}\n", as: "bad.ndjson")
    #expect(try CommandRun("ingest", bad, "--into", tiny.path("new.sqlite")).status == 65)
    let other = try tiny.atlas(
      TinyTables.first().replacingOccurrences(of: "[80.0, 90.0, 91.0]", with: "[80.0, 90.0, 90.5]"), as: "o")
    #expect(try CommandRun("merge", atlas, other, "--into", tiny.path("merged.sqlite")).status == 65)
    #expect(try CommandRun("merge", atlas, other, "--out", tiny.path("merged.atlas")).status == 65)
    #expect(try CommandRun("train", "--count", "0", "--out", tiny.path("run")).status != 0)
    let after = Set(try FileManager.default.contentsOfDirectory(atPath: tiny.folder.path))
    #expect(after.subtracting(before).allSatisfy { $0.hasPrefix("bad") || $0.hasPrefix("o.") }, "\(after)")
    // A working file that was there stays as it was.
    let kept = tiny.path("kept.sqlite")
    let good = try tiny.write(TinyTables.first(), as: "bad-good.ndjson")
    #expect(try CommandRun("ingest", good, "--into", kept).status == 0)
    #expect(try CommandRun("ingest", bad, "--into", kept).status == 65)
    #expect(try CommandRun("publish", kept, tiny.path("o.kept.atlas")).status == 0)
  }

  /// A path that is not UTF-8 never becomes the path of another file.
  @Test func pathsThatAreNotUTF8AreRefused() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = tiny.folder
    let source = try tiny.write(TinyTables.first(), as: "table.ndjson")
    shell.arguments = [
      "-c", "'\(CommandRun.executable.path)' ingest '\(source)' --into \"$(printf 'latin-\\351.sqlite')\" --json",
    ]
    let errors = Pipe()
    shell.standardError = errors
    try shell.run()
    let told = try JSONDecoder().decode(
      [String: JSONWord].self, from: errors.fileHandleForReading.readDataToEndOfFile())
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 64 && told["message"]?.text.contains("not UTF-8") == true, "\(told)")
    let files = try FileManager.default.contentsOfDirectory(atPath: tiny.folder.path)
    #expect(!files.contains { $0.hasPrefix("latin") }, "\(files)")
  }

  /// A text or a number.
  private struct JSONWord: Decodable {
    let text: String
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? "\(container.decode(Int.self))"
    }
  }

  @Test func shellsCompleteNames() throws {
    let script = try CommandRun("--generate-completion-script", "bash").output
    #expect(script.contains("boosted-trees") && script.contains("---completion"))
    let names = try CommandRun(
      "---completion", "top", "--", "--dataset", "3", "0", "nasatlas", "top", atlas, "--dataset")
    #expect(names.lines.contains("red") && names.lines.contains("blue"), "\(names)")
  }
}
