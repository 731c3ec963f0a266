import Foundation
import Records
import Spaces
import TestSupport
import Testing

/// What an atlas of our own trainings answers, in text and JSON, and how it refuses.
@Suite struct AskingCommandTests {
  struct Value: Decodable {
    struct Answer: Decodable {
      struct Context: Decodable {
        let dataset: String
        let metric: String
        let unit: String
        let split: String
        let epoch: String
        let seeds: String
        let kind: String
        let atlasDigest: String
      }
      struct Point: Decodable {
        let seed: UInt64
        let epoch: Int
        let value: Double
      }
      let context: Context
      let value: Double?
      let standardDeviation: Double?
      let points: [Point]
    }
    let answers: [Answer]
  }

  let small: SmallAtlas
  let records: [RunRecord]

  init() throws {
    small = try SmallAtlas()
    records = try small.study.entries().compactMap { if case .run(let record) = $0 { record } else { nil } }
  }

  @Test func anArchitectureIsFoundByTextIdPrefixAndVector() throws {
    let record = records[3]
    let architecture = try EventSequenceArchitecture(canonicalText: record.key.architecture)
    let vector = architecture.architectureVector.map(String.init).joined()
    let text = record.key.architecture
    let id = record.key.architectureID.hex
    let score = try #require(record.score)
    for name in [text, id, String(id.prefix(12)), vector, " \(text.uppercased()) "] {
      let run = try CommandRun("query", small.atlas, "--architecture", name, "--json")
      #expect(run.status == 0, "\(run.errors)")
      let answers = try run.json(Value.self).answers
      let answer = try #require(answers.first)
      #expect(answers.count == 1 && answer.context.metric == "accuracy" && answer.context.unit == "fraction")
      #expect(answer.context.kind == "measured" && answer.context.split == "validation")
      #expect(answer.context.epoch == "best" && answer.context.atlasDigest.count == 64)
      #expect(answer.value == score.validation && answer.points[0].epoch == score.epoch)
    }
  }

  @Test func theTextSaysWhatTheNumberIs() throws {
    let record = records[0]
    let run = try CommandRun("query", small.atlas, "-a", record.key.architecture)
    #expect(run.status == 0 && run.errors.isEmpty)
    let value = try String(format: "%.4f", #require(record.score).validation)
    for part in [
      "validation  \(value) fraction", "accuracy, fraction, larger is better", "the epoch of the best validation value",
      "synthetic-events", "source      measured", "atlas ", record.key.architectureID.hex,
    ] {
      #expect(run.output.contains(part), "\(part) is missing from\n\(run.output)")
    }
    // The canonical text stands whole on the last line, for copying.
    #expect(run.lines.dropLast().last == "  " + record.key.architecture)
    #expect(run.lines.filter { !$0.hasPrefix("  stem:") && !$0.hasPrefix("atlas ") }.allSatisfy { $0.count <= 80 })
  }

  @Test func epochsMetricsAndSplitsAreThoseAskedFor() throws {
    let record = records[5]
    for (epoch, index) in [("1", 0), ("3", 2), ("last", 3)] {
      let run = try CommandRun(
        "query", small.atlas, "-a", record.key.architecture, "--metric", "loss", "--split", "test", "--split", "train",
        "--epoch", epoch, "--json")
      let answers = try run.json(Value.self).answers
      #expect(answers.map(\.context.split) == ["test", "train"] && answers[0].context.unit == "nats")
      #expect(answers[0].value == record.curve(.loss, .test)?.values[index])
      #expect(answers[1].value == record.curve(.loss, .train)?.values[index])
    }
  }

  @Test func aCurveHasAllEpochs() throws {
    struct Curve: Decodable {
      struct Run: Decodable {
        let epochs: [Int]
        let values: [Double]
      }
      let runs: [Run]
    }
    let record = records[1]
    let run = try CommandRun(
      "curve", small.atlas, "-a", record.key.architecture, "--split", "train", "--split", "validation", "--json")
    let curves = try run.json([Curve].self)
    #expect(curves.map { $0.runs[0].values } == [.train, .validation].map { record.curve(.accuracy, $0)?.values })
    #expect(curves[0].runs[0].epochs == [1, 2, 3, 4])
    let text = try CommandRun("curve", small.atlas, "-a", record.key.architecture)
    let best = try #require(record.score)
    #expect(text.lines.contains { $0.hasPrefix("    \(best.epoch)  ") && $0.hasSuffix("<") }, "\(text.output)")
    #expect(text.lines.allSatisfy { $0.count <= 80 })
  }

  @Test func theBestAreInOrderAndQueryBestIsShortForTop() throws {
    struct Ranking: Decodable {
      struct Place: Decodable {
        struct Architecture: Decodable { let canonicalText: String }
        let rank: Int
        let value: Double
        let architecture: Architecture
        let fields: [String: Double]
      }
      let candidates: Int
      let places: [Place]
    }
    let run = try CommandRun("top", small.atlas, "-k", "3", "--json")
    let ranking = try run.json(Ranking.self)
    let expected = records.compactMap(\.score?.validation).sorted(by: >).prefix(3)
    #expect(ranking.places.map(\.value) == Array(expected) && ranking.places.map(\.rank) == [1, 2, 3])
    #expect(ranking.candidates == 8)
    #expect(try CommandRun("query", small.atlas, "--best", "3", "--json").output == run.output)
    let text = try CommandRun("top", small.atlas, "-k", "3", "--show", "parameters", "--where", "parameters >= 10000")
    #expect(text.output.contains("10,000") && text.output.contains("where parameters >= 10000"))
    #expect(text.lines.allSatisfy { $0.count <= 80 })
    #expect(try CommandRun("top", small.atlas, "--where", "parameters < 5", "--json").json(Ranking.self).places.isEmpty)
  }

  @Test func severalSeedsAreAveragedUnlessOneIsChosen() throws {
    let several = try SmallAtlas(architectures: 2, seeds: 3)
    let all = try several.study.entries().compactMap { if case .run(let record) = $0 { record } else { nil } }
    let values = all.prefix(3).compactMap(\.score?.validation)
    let text = all[0].key.architecture
    let mean = try CommandRun("query", several.atlas, "-a", text, "--json").json(Value.self).answers[0]
    #expect(mean.context.seeds == "mean" && mean.points.map(\.seed) == [1, 2, 3])
    #expect(abs((mean.value ?? 0) - values.reduce(0, +) / 3) < 1e-12 && mean.standardDeviation != nil)
    let one = try CommandRun("query", several.atlas, "-a", text, "--seed", "2", "--json").json(Value.self).answers[0]
    #expect(one.value == values[1] && one.context.seeds == "2")
    let words = try CommandRun("query", several.atlas, "-a", text)
    #expect(words.output.contains(" ± ") && words.output.contains("of 3 runs"))
    let each = try CommandRun("query", several.atlas, "-a", text, "--seed", "all")
    #expect(each.output.contains("validation of seed 3"))
    let missing = try CommandRun("query", several.atlas, "-a", text, "--seed", "9", "--json")
    #expect(missing.status == 64)
    #expect(try FailureReport(missing).message.contains("known: 1, 2, 3"))
  }

  @Test(arguments: [
    (["--metric", "f1"], Int32(64), "benchmarks.unknown_metric", "macro_f1"),
    (["--dataset", "mnist"], 64, "benchmarks.unknown_dataset", "synthetic-events"),
    (["--protocol", "long"], 64, "benchmarks.unknown_protocol", "synthetic"),
    (["--epoch", "5"], 64, "benchmarks.unknown_epoch", "1 to 4"),
    (["--seed", "7"], 64, "benchmarks.unknown_seed", "1"),
    (["--split", "valtest"], 64, "benchmarks.unknown_split", "train, validation, test"),
  ])
  func whatIsNotThereIsRefusedWithWhatIs(options: [String], status: Int32, code: String, listed: String) throws {
    let run = try CommandRun(["query", small.atlas, "-a", records[0].key.architecture, "--json"] + options)
    #expect(run.status == status && run.output.isEmpty)
    let report = try FailureReport(run)
    #expect(report.code == code && report.message.contains(listed), "\(report)")
    #expect(report.remedy != nil)
  }

  @Test func anArchitectureThatNobodyTrainedIsToldWithTheNearest() throws {
    let text = "stem:k5/time:on/encoder:gru/decoder:off/head:max"
    let run = try CommandRun("query", small.atlas, "-a", text)
    #expect(run.status == 65 && run.errors.contains("benchmarks.unknown_architecture"))
    #expect(run.errors.contains("8 architectures"))
    let id = try CommandRun("query", small.atlas, "-a", String(repeating: "0", count: 32), "--json")
    #expect(try FailureReport(id).code == "benchmarks.unknown_architecture")
    let nonsense = try CommandRun("query", small.atlas, "-a", "stem:k5/what", "--json")
    #expect(try nonsense.status == 64 && FailureReport(nonsense).code == "benchmarks.unreadable_architecture")
  }

  @Test(arguments: [
    ["query"], ["query", "--best", "0"], ["query", "--best", "1", "-a", "x"], ["top", "-k", "0"],
    ["top", "--split", "half"], ["top", "--split", "test", "--split", "train"], ["top", "--epoch", "zero"],
    ["top", "--by", "parameters", "--metric", "loss"], ["curve"], ["pareto"], ["neighbors"],
    ["top", "--where", "parameters <"], ["top", "--where", "paramters < 5"], ["top", "--show", "nothing"],
  ])
  func wrongQuestionsAreUsageErrors(words: [String]) throws {
    let run = try CommandRun([words[0], small.atlas] + words.dropFirst())
    #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty, "\(words): \(run.errors)")
  }
}
