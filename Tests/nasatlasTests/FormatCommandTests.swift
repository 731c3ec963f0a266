import Foundation
import Records
import Testing

/// Answers as tables for programs and papers; atlases as lines and in parts.
@Suite struct FormatCommandTests {
  let tiny: TinyAtlas
  let atlas: String

  init() throws {
    tiny = try TinyAtlas()
    atlas = try tiny.atlas(TinyTables.first(), as: "first")
  }

  @Test func rankingsAsCSV() throws {
    let run = try CommandRun("top", atlas, "--dataset", "red", "--show", "latency[pi]", "--format", "csv")
    #expect(run.status == 0)
    #expect(run.lines[0] == "rank,name,architecture,id,accuracy_percent.validation,runs,latency[pi]")
    #expect(run.lines.count == 5 && run.lines[4].isEmpty)
    #expect(run.lines[1].hasPrefix("1,nats:9930,") && run.lines[1].hasSuffix(",92.5,1,4.25"))
    #expect(run.lines[2].hasSuffix(",92.0,2,9.5"))
  }

  @Test func frontsAndQueriesAsCSV() throws {
    let front = try CommandRun(
      "pareto", atlas, "--dataset", "red", "--objective", "accuracy_percent.validation", "--objective", "latency[pi]",
      "--format", "csv")
    #expect(front.lines[0] == "name,architecture,id,accuracy_percent.validation,latency[pi]")
    #expect(front.lines[1].hasSuffix(",92.5,4.25") && front.lines[2].hasSuffix(",10.0,1.0"))
    let one = try CommandRun("query", atlas, "-a", "nats:6111", "--dataset", "red", "--format", "csv")
    #expect(one.lines[0].hasSuffix("metric,unit,split,seed,epoch,value,standard_deviation,runs,train_seconds,kind"))
    #expect(one.lines[1].contains(",accuracy_percent,percent,validation,mean,3,92.0,1.414") && one.lines.count == 3)
    let all = try CommandRun(
      "query", atlas, "-a", "nats:6111", "--dataset", "red", "--seed", "all", "--format", "csv")
    #expect(all.lines.count == 4 && all.lines[1].contains(",777,3,91.0,,1,30.0,measured"))
    let best = try CommandRun("query", atlas, "--best", "1", "--dataset", "red", "--format", "csv")
    #expect(best.lines.count == 3)
  }

  @Test func correlationsAsCSV() throws {
    let between = try CommandRun("stats", atlas, "--format", "csv")
    #expect(between.lines[0] == "first,second,kendall_tau_b,spearman,pearson,pairs,dropped")
    #expect(between.lines[1].hasPrefix("blue,red,"))
    let early = try CommandRun("stats", atlas, "--epochs", "--dataset", "red", "--format", "csv")
    #expect(early.lines[0].hasPrefix("setting,epoch,") && early.lines[1].hasPrefix("red,1,"))
  }

  @Test func tablesForPapers() throws {
    let latex = try CommandRun("top", atlas, "--dataset", "red", "--by", "latency[pi]", "--format", "latex").output
    #expect(latex.contains("\\toprule") && latex.contains("\\begin{tabular}{@{}rlllrr@{}}"))
    #expect(latex.contains("latency[pi] (millisecond)") && latex.contains("nats:0") && latex.contains("\\end{table}\n"))
    let markdown = try CommandRun("top", atlas, "--dataset", "red", "--format", "markdown").lines
    let heading = try #require(markdown.firstIndex { $0.hasPrefix("| rank") })
    #expect(markdown[heading].contains("accuracy\\_percent.validation (percent)"))
    #expect(markdown[heading + 1].hasPrefix("| --: | :-- | :-- | :-- | --: |"))
    // The canonical text has bars, which would end cells.
    #expect(markdown[heading + 2].contains("\\|nor\\_conv\\_3x3\\~0\\|") && markdown.count == heading + 6)
  }

  @Test func oneFormatAtATime() throws {
    let both = try CommandRun("top", atlas, "--dataset", "red", "--json", "--format", "csv")
    #expect(both.status == 64 && both.errors.contains("contradict"))
    let json = try CommandRun("top", atlas, "--dataset", "red", "--json").output
    #expect(try CommandRun("top", atlas, "--dataset", "red", "--format", "json").output == json)
    // An error is JSON where the answer would be.
    #expect(try FailureReport(CommandRun("top", atlas, "--format", "json")).code == "benchmarks.ambiguous_dataset")
    #expect(try CommandRun("top", atlas, "--dataset", "red", "--format", "xml").status == 64)
  }

  @Test func latenciesHaveUnits() throws {
    let shown = try CommandRun("top", atlas, "--dataset", "red", "--show", "latency[pi]")
    #expect(shown.output.contains("(millisecond)"))
    let front = try CommandRun(
      "pareto", atlas, "--dataset", "red", "--objective", "accuracy_percent.validation", "--objective", "latency[pi]")
    #expect(front.output.contains("(percent)") && front.output.contains("(millisecond)"))
  }

  // MARK: Export and extract

  @Test func anExportIsTheAtlasAgain() throws {
    let lines = tiny.path("all.ndjson")
    let file = try CommandRun("export", atlas, "--out", lines)
    #expect(file.status == 0 && file.output.isEmpty && file.errors.contains("all.ndjson"))
    let text = try String(contentsOfFile: lines, encoding: .utf8)
    #expect(try CommandRun("export", atlas).output == text)
    let again = try tiny.atlas(text, as: "again")
    #expect(try CommandRun("diff", atlas, again).status == 0)
    let red = try CommandRun("export", atlas, "--dataset", "red").lines
    #expect(red.count { $0.hasPrefix(#"{"run""#) } == 4 && red.contains { $0.contains("latency") })
  }

  @Test func anExportFailsLoudly() throws {
    #expect(try CommandRun("export", atlas, "--out", "/dev/full").status == 74)
    #expect(try CommandRun("export", atlas, "--out", atlas).status == 73)
    #expect(try CommandRun("export", atlas, "--dataset", "rde").status == 64)
    #expect(try CommandRun("export", tiny.path("none.atlas")).status == 66)
    let damaged = tiny.path("damaged.atlas")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: atlas))
    bytes[bytes.count / 2] ^= 0xff
    try bytes.write(to: URL(fileURLWithPath: damaged))
    try FileManager.default.copyItem(atPath: atlas + ".manifest.json", toPath: damaged + ".manifest.json")
    let run = try CommandRun("export", damaged, "--out", tiny.path("damaged.ndjson"))
    #expect(run.status == 65 && !FileManager.default.fileExists(atPath: tiny.path("damaged.ndjson")))
  }

  private struct Extracted: Decodable {
    let architectures: Int
    let runs: Int
    let measurements: Int
  }

  @Test func partsOfAnAtlas() throws {
    let out = tiny.path("part.atlas")
    let red = try CommandRun("extract", atlas, "--dataset", "red", "--out", out, "--json").json(Extracted.self)
    #expect(red.architectures == 3 && red.runs == 4 && red.measurements == 6)
    #expect(try CommandRun("verify", out).status == 0)
    #expect(try CommandRun("extract", atlas, "--dataset", "red", "--out", out).status == 73)
    let deep = try CommandRun(
      "extract", atlas, "--where", "count(avg_pool_3x3) = 0", "--dataset", "blue", "--out", out, "--force", "--json"
    ).json(Extracted.self)
    #expect(deep.architectures > 0 && deep.architectures < 3 && deep.runs == deep.architectures)
    let list = try tiny.write("nats:6111\n\n  nats:0 \n", as: "list.txt")
    let listed = try CommandRun("extract", atlas, "--architectures", list, "--out", tiny.path("listed.atlas"), "--json")
    #expect(try listed.json(Extracted.self).architectures == 2)
    let drawn = try CommandRun("extract", atlas, "--fraction", "0.333", "--out", tiny.path("third.atlas"))
    #expect(drawn.status == 0 && drawn.output.contains("1 of 3"))
    let leftovers = try FileManager.default.contentsOfDirectory(atPath: tiny.folder.path).filter {
      $0.contains("merging") || $0.hasSuffix(".lock") && $0.hasPrefix(".")
    }
    #expect(leftovers.isEmpty)
  }

  @Test func mistakesWithParts() throws {
    let list = try tiny.write("nats:6111\nnats:99999\n", as: "bad.txt")
    let bad = try CommandRun("extract", atlas, "--architectures", list, "--out", tiny.path("bad.atlas"), "--json")
    #expect(try bad.status == 65 && FailureReport(bad).message.hasPrefix("line 2 of "))
    #expect(!FileManager.default.fileExists(atPath: tiny.path("bad.atlas")))
    #expect(try CommandRun("extract", atlas, "--out", atlas, "--force").status == 73)
    #expect(try CommandRun("extract", atlas, "--fraction", "2", "--out", tiny.path("x.atlas")).status == 64)
    #expect(
      try CommandRun("extract", atlas, "--fraction", "0.5", "--count", "2", "--out", tiny.path("x.atlas")).status == 64)
    let none = try CommandRun("extract", atlas, "--where", "parameters < 0", "--out", tiny.path("x.atlas"), "--json")
    #expect(try none.status == 65 && FailureReport(none).code == "benchmarks.empty_part")
  }
}
