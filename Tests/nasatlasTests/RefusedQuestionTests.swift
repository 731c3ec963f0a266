import Foundation
import Records
import Testing

/// Questions that nothing answers are refused with what exists, and answers say what they are about.
@Suite struct RefusedQuestionTests {
  let tiny: TinyAtlas
  let atlas: String

  init() throws {
    tiny = try TinyAtlas()
    atlas = try tiny.atlas(TinyTables.first(), as: "first")
  }

  private static let red = ["--dataset", "red"]
  private static let front = ["--objective", "accuracy_percent.validation"]

  @Test(
    arguments: [
      (["top"] + red + ["--epoch", "12"], Int32(64), "benchmarks.unknown_epoch", "1 to 3"),
      (["top"] + red + ["--epoch", "best-so-far:0"], 64, nil, "best-so-far"),
      (["query", "--best", "3"] + red + ["--epoch", "12"], 64, "benchmarks.unknown_epoch", "1 to 3"),
      (["top"] + red + ["--seed", "5"], 64, "benchmarks.unknown_seed", "777, 888"),
      (["top"] + red + ["--where", "seed = 5"], 64, "benchmarks.no_run_passes", "seed 777, 888"),
      (["top"] + red + ["--where", "seed = 777", "--seed", "888"], 64, "benchmarks.no_run_passes", "runs of seed 888"),
      (["top"] + red + ["--epoch", "best-so-far:4"], 64, "benchmarks.unknown_epoch", "1 to 3"),
      (["query", "-a", "nats:0"] + red + ["--epoch", "best-so-far:300"], 64, "benchmarks.unknown_epoch", "1 to 3"),
      (["top"] + red + ["--where", "source = tinny"], 64, "benchmarks.no_run_passes", "source 'tiny'"),
      (["top"] + red + ["--by", "train_seconds", "--where", "seed = 5"], 64, "benchmarks.no_run_passes", "777"),
      (["top"] + red + ["--where", "seed = 777 or parameters < 9"], 64, "benchmarks.filter_mixed", "seed"),
      (["top"] + red + ["--split", "x-valid"], 64, "benchmarks.unknown_split", "called validation here"),
      (["query", "-a", "nats:0"] + red + ["--split", "ori-test"], 64, "benchmarks.unknown_split", "called test here"),
      (["top"] + red + ["--metric", "accuracy"], 64, "benchmarks.unknown_metric", "did you mean accuracy_percent?"),
      (["top", "--dataset", "Red"], 64, "benchmarks.unknown_dataset", "did you mean red?"),
      (["pareto"] + red + front + ["--where", "origin = search"], 64, "benchmarks.no_run_passes", "'random'"),
      (["neighbors", "-a", "nats:6111"] + red + ["--epoch", "12"], 64, "benchmarks.unknown_epoch", "1 to 3"),
      (["stats", "--epoch", "12"], 64, "benchmarks.unknown_epoch", "1 to 3"),
      (["stats"] + red + ["--where", "seed = 5"], 64, "benchmarks.no_run_passes", "777, 888"),
      (["fit"] + red + ["--epoch", "12"], 64, "benchmarks.unknown_epoch", "1 to 3"),
      (["evaluate", "predictors"] + red + ["--epoch", "12"], 64, "benchmarks.unknown_epoch", "1 to 3"),
      (["query", "-a", "6111"] + red, 64, "benchmarks.bare_integer", "nats:6111, place:6111"),
      (["curve", "-a", "0"] + red, 64, "benchmarks.bare_integer", "nats:0, place:0"),
      (["neighbors", "-a", "6111"] + red, 64, "benchmarks.bare_integer", "nats:6111, place:6111"),
      (["query", "-a", "place:3"] + red, 64, "benchmarks.unknown_place", "0 to 2"),
    ] as [([String], Int32, String?, String)])
  func isRefusedWithWhatExists(words: [String], status: Int32, code: String?, listed: String) throws {
    let command = words.prefix { !$0.hasPrefix("-") }
    let run = try CommandRun(Array(command) + [atlas] + words.dropFirst(command.count) + ["--json"])
    #expect(run.status == status && run.output.isEmpty, "\(run.output)")
    guard let code else { return #expect(run.errors.contains(listed)) }
    let report = try FailureReport(run)
    #expect(report.code == code && report.message.contains(listed), "\(report)")
  }

  @Test func aPlaceIsAnArchitecture() throws {
    struct Value: Decodable {
      struct Architecture: Decodable { let canonicalText: String }
      let architecture: Architecture
    }
    let texts = try (0..<3).map { place in
      try CommandRun("query", atlas, "-a", "place:\(place)", "--dataset", "red", "--json").json(Value.self)
        .architecture.canonicalText
    }
    #expect(Set(texts).count == 3)
    for command in ["curve", "neighbors"] {
      let run = try CommandRun(command, atlas, "-a", "place:1", "--dataset", "red")
      // The text is broken into lines.
      #expect(run.output.filter { !$0.isWhitespace }.contains(texts[1]), "\(run.output)\(run.errors)")
    }
  }

  private func words(_ arguments: String..., of other: String? = nil) throws -> String {
    let run = try CommandRun(["top", other ?? atlas, "--dataset", "red"] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    return run.output.split { $0.isWhitespace }.joined(separator: " ")
  }

  @Test func headersSayWhichRunsAndArchitectures() throws {
    #expect(try words("--where", "parameters < 1000").contains("mean over completed runs; the best 1 of 1"))
    let both = try words("--where", "seed = 777 and parameters > 1000")
    #expect(both.contains("mean over completed runs where seed = 777; the best 2 of 2 architectures"))
    #expect(both.contains("architectures where parameters > 1000,"))
    #expect(try words("--where", "status = completed").contains("mean over runs where status = 'completed'"))
    #expect(try words("--by", "parameters", "--where", "seed = 888").contains("completed runs where seed = 888; the 1"))
    // The mean of 91 and 93 is not above 92, though one run is.
    #expect(try words("--where", "accuracy_percent.validation > 92").contains("the best 1 of 1 architectures"))
    #expect(try words("--where", "accuracy_percent.validation > 1000").contains("the best 0 of 0 architectures where"))
  }

  @Test func whatIsLeftOutIsTold() throws {
    #expect(try words("--seed", "888").contains("left out: 2 without a run of this seed"))
    #expect(try !words().contains("left out"))
    struct Ranking: Decodable {
      struct Omission: Decodable {
        let reason: String
        let architectures: Int
      }
      let omitted: [Omission]
    }
    let json = try CommandRun("top", atlas, "--dataset", "red", "--seed", "888", "--json").json(Ranking.self)
    for format in ["csv", "parquet"] {
      let file = try CommandRun("top", atlas, "--dataset", "red", "--seed", "888", "--format", format)
      #expect(file.status == 0 && file.errors == "left out: 2 without a run of this seed\n", "\(file.errors)")
    }
    #expect(json.omitted.map(\.reason) == ["no_run_of_seed"] && json.omitted.map(\.architectures) == [2])
    let extra = TinyTables.run("nats:5", "red", "777", [1, 2]).replacingOccurrences(of: "2.0]", with: "\"nan\"]")
    let odd = try tiny.atlas(TinyTables.first(extra: [extra]), as: "odd")
    #expect(try words("--epoch", "last", of: odd).contains("left out: 1 without a finite value"))
    #expect(try words("--epoch", "3", of: odd).contains("left out: 1 without a value at this epoch"))
  }
}
