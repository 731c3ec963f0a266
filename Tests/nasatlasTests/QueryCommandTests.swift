import Foundation
import Records
import Spaces
import TestSupport
import Testing

/// What an atlas answers, in text and JSON, and how it refuses.
@Suite struct QueryCommandTests {
  struct Answer: Decodable {
    struct Value: Decodable {
      struct Point: Decodable {
        let seed: UInt64
        let epoch: Int
        let value: Float
      }
      let split: String
      let value: Float
      let points: [Point]
    }
    struct Curve: Decodable {
      let split: String
      let values: [Float]
    }
    let dataset: String
    let metric: String
    let source: String
    let seeds: String
    let unit: String?
    let atlasDigest: String
    let values: [Value]
    let curves: [Curve]?
  }

  let small: SmallAtlas
  let records: [RunRecord]

  init() throws {
    small = try SmallAtlas()
    records = try small.study.entries().compactMap { if case .run(let record) = $0 { record } else { nil } }
  }

  @Test func anArchitectureIsFoundByTextIdAndVector() throws {
    let record = records[3]
    let architecture = try EventSequenceArchitecture(canonicalText: record.key.architecture)
    let vector = architecture.architectureVector.map(String.init).joined()
    let text = record.key.architecture
    let names = [text, record.key.architectureID.hex, vector, " \(text.uppercased()) "]
    let score = try #require(record.score)
    for name in names {
      let run = try CommandRun("query", small.atlas, "--architecture", name, "--json")
      #expect(run.status == 0, "\(run.errors)")
      let answer = try run.json(Answer.self)
      #expect(answer.metric == "accuracy" && answer.unit == "fraction" && answer.source == "measured")
      #expect(answer.values.map(\.split) == ["validation"])
      #expect(answer.values[0].value == score.validation)
      #expect(answer.values[0].points[0].epoch == score.epoch)
      #expect(answer.curves == nil)
    }
  }

  @Test func theTextSaysWhatTheNumberIs() throws {
    let record = records[0]
    let run = try CommandRun("query", small.atlas, "-a", record.key.architecture)
    #expect(run.status == 0 && run.errors.isEmpty)
    let value = try String(format: "%.4f", #require(record.score).validation)
    let parts = [
      "validation  \(value)", "accuracy, fraction", "best validation accuracy", "synthetic-events", "measured, atlas ",
    ]
    for part in parts {
      #expect(run.output.contains(part), "\(part) is missing from\n\(run.output)")
    }
    #expect(run.lines.filter { !$0.hasPrefix("  stem:") }.allSatisfy { $0.count <= 80 })
  }

  @Test func epochsMetricsAndSplitsAreThoseAskedFor() throws {
    let record = records[5]
    for (epoch, index) in [("1", 0), ("3", 2), ("last", 3)] {
      let run = try CommandRun(
        "query", small.atlas, "-a", record.key.architecture, "--metric", "loss", "--split", "test", "--split", "train",
        "--epoch", epoch, "--json")
      let answer = try run.json(Answer.self)
      #expect(answer.values.map(\.split) == ["test", "train"] && answer.unit == "nats")
      #expect(answer.values[0].value == record.curve(.loss, .test)?.values[index])
      #expect(answer.values[1].value == record.curve(.loss, .train)?.values[index])
    }
  }

  @Test func aCurveHasAllEpochs() throws {
    let record = records[1]
    let run = try CommandRun(
      "query", small.atlas, "-a", record.key.architecture, "--split", "train", "--split", "validation", "--curve",
      "--json")
    let curves = try #require(try run.json(Answer.self).curves)
    #expect(curves.map(\.values) == [.train, .validation].map { record.curve(.accuracy, $0)?.values })
    let text = try CommandRun("query", small.atlas, "-a", record.key.architecture, "--curve")
    let best = try #require(record.score)
    #expect(text.lines.contains { $0.hasPrefix("    \(best.epoch)  ") && $0.hasSuffix("<") }, "\(text.output)")
  }

  @Test func theBestAreInOrder() throws {
    struct Ranking: Decodable {
      struct Place: Decodable {
        let rank: Int
        let canonicalText: String
        let validation: Float
      }
      let places: [Place]
    }
    let run = try CommandRun("query", small.atlas, "--best", "3", "--json")
    let places = try run.json(Ranking.self).places
    let expected = records.compactMap(\.score?.validation).sorted(by: >).prefix(3)
    #expect(places.map(\.validation) == Array(expected) && places.map(\.rank) == [1, 2, 3])
    let text = try CommandRun("query", small.atlas, "--best", "3")
    #expect(text.lines.count == 1 + 1 + 2 * 3 + 1)
    #expect(text.output.contains(places[0].canonicalText))
  }

  @Test func severalSeedsMustBeChosenOrAveraged() throws {
    let several = try SmallAtlas(architectures: 2, seeds: 3)
    let all = try several.study.entries().compactMap { if case .run(let record) = $0 { record } else { nil } }
    let runs = Array(all.prefix(3))
    let text = runs[0].key.architecture
    let open = try CommandRun("query", several.atlas, "-a", text, "--json")
    #expect(open.status == 64)
    let report = try FailureReport(open)
    #expect(report.code == "nasatlas.ambiguous_seed" && report.message.contains("1, 2, 3"))
    #expect(report.exitStatus == 64)
    let one = try CommandRun("query", several.atlas, "-a", text, "--seed", "2", "--json").json(Answer.self)
    #expect(one.values[0].value == runs[1].score?.validation)
    let mean = try CommandRun("query", several.atlas, "-a", text, "--seed", "mean", "--json").json(Answer.self)
    let values = runs.compactMap(\.score?.validation)
    #expect(mean.seeds == "mean" && mean.values[0].points.map(\.seed) == [1, 2, 3])
    #expect(abs(mean.values[0].value - values.reduce(0, +) / 3) < 1e-6)
    #expect(try CommandRun("query", several.atlas, "-a", text, "--seed", "9").status == 64)
  }

  @Test(arguments: [
    (["--metric", "f1"], 64, "nasatlas.unknown_metric", "macro_f1"),
    (["--dataset", "mnist"], 64, "nasatlas.unknown_data_set", "synthetic-events"),
    (["--protocol", "long"], 64, "nasatlas.unknown_protocol", "synthetic"),
    (["--epoch", "5"], 64, "nasatlas.unknown_epoch", "4"),
    (["--seed", "7"], 64, "nasatlas.unknown_seed", "1"),
  ])
  func whatIsNotThereIsRefusedWithWhatIs(options: [String], status: Int32, code: String, listed: String) throws {
    let run = try CommandRun(["query", small.atlas, "-a", records[0].key.architecture, "--json"] + options)
    let report = try FailureReport(run)
    #expect(run.status == status && run.output.isEmpty)
    #expect(report.code == code && report.message.contains(listed))
  }

  @Test func unknownAndMisspelledArchitectures() throws {
    let space = EventSequenceSpace(hasNumericFeatures: true)
    let known = Set(records.map(\.key.architecture))
    let architecture = try space.parse(records[0].key.architecture)
    let absent = try #require(space.neighbours(of: architecture).first { !known.contains($0.canonicalText) })
    let unknown = try CommandRun("query", small.atlas, "-a", absent.canonicalText)
    #expect(unknown.status == 65)
    #expect(unknown.errors.contains("nasatlas.unknown_architecture"))
    #expect(unknown.errors.contains(records[0].key.architecture), "the nearest is not named")
    let misspelled = try CommandRun("query", small.atlas, "-a", "stem:k3/time:onn/encoder:gru/decoder:off/head:max")
    #expect(misspelled.status == 65)
    #expect(misspelled.errors.contains("did you mean on?") && misspelled.errors.contains("spaces.text"))
    #expect(try CommandRun("query", small.atlas, "-a", String(repeating: "0", count: 32)).status == 65)
    #expect(try CommandRun("query", small.atlas, "-a", String(repeating: "1", count: 121)).status == 65)
  }

  @Test func questionsThatAskForTwoThings() throws {
    #expect(try CommandRun("query", small.atlas).status == 64)
    #expect(try CommandRun("query", small.atlas, "--best", "3", "--curve").status == 64)
    #expect(try CommandRun("query", small.atlas, "--best", "0").status == 64)
    #expect(try CommandRun("query", small.atlas, "-a", "x", "--split", "dev").status == 64)
    #expect(try CommandRun("query", small.atlas, "-a", "x", "--epoch", "0").status == 64)
  }
}
