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
    ])
  func anOptionThatStandsTwice(words: [String], told: String) throws {
    let command = words.prefix { !$0.hasPrefix("-") }
    let run = try CommandRun(Array(command) + [atlas] + words.dropFirst(command.count))
    #expect(run.status == 64 && run.errors.contains(told), "\(run.errors)")
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
