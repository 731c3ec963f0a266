import Benchmarks
import Foundation
import Records
import Store
import Testing

/// An atlas of every released format keeps answering its golden questions, which the version that wrote it answered.
@Suite struct FormatCorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("StoreTests/Corpus")

  /// One question of `questions.json`: about an architecture, or about the best.
  private struct Golden: Decodable {
    enum Epoch: Decodable {
      case number(Int)
      case rule(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
          self = .number(number)
        } else {
          self = .rule(try container.decode(String.self))
        }
      }

      var choice: EpochChoice? {
        switch self {
        case .number(let number): .number(number)
        case .rule(let text): EpochChoice(text)
        }
      }
    }

    let architecture: String?
    let metric: String?
    let split: Split?
    let seed: UInt64?
    let epoch: Epoch?
    let atEpoch: Int?
    let best: Int?
    let expected: JSONValue
  }

  @Test func formatOne() throws {
    let folder = Self.corpus.appendingPathComponent("format-1")
    let benchmark = try Benchmark(path: folder.appendingPathComponent("format-1.atlas").path)
    let questions = try JSONDecoder().decode(
      [Golden].self, from: Data(contentsOf: folder.appendingPathComponent("questions.json")))
    #expect(questions.count == 50)
    #expect(benchmark.atlas.digest.hex == "4c2c326544983a2c0b55b55c36ef3f4e54bdec9fc9040481529ac8fbbe654c32")
    for question in questions {
      if let count = question.best {
        try checkBest(count, question.expected, benchmark)
      } else {
        try checkValue(question, benchmark)
      }
    }
    _ = try Atlas.verify(path: folder.appendingPathComponent("format-1.atlas").path)
  }

  /// The golden answers are the numbers that the table was made of, see `tools/golden/format_corpus.py`.
  @Test func formatTwo() throws {
    struct Question: Decodable {
      let architecture: String?
      let dataset: String
      let metric: String?
      let split: Split?
      let seed: String?
      let epoch: Int?
      let best: Int?
      let expected: JSONValue
    }
    let folder = Self.corpus.appendingPathComponent("format-2")
    let benchmark = try Benchmark(path: folder.appendingPathComponent("format-2.atlas").path)
    let questions = try JSONDecoder().decode(
      [Question].self, from: Data(contentsOf: folder.appendingPathComponent("questions.json")))
    #expect(questions.count == 50)
    for question in questions {
      if let count = question.best {
        guard case .array(let places) = question.expected else { throw Unreadable() }
        let lookup = try benchmark.lookup(Benchmarks.Question(dataset: question.dataset, epoch: .last))
        let found = try benchmark.top(count, lookup).places
        #expect(found.count == places.count)
        for (place, expected) in zip(found, places) {
          guard case .array(let members) = expected, case .string(let text) = members[0] else { throw Unreadable() }
          #expect(place.architecture.canonicalText == text)
          let mean = try #require(members[1].double)
          #expect(abs(place.value - mean) <= 1e-12 * mean)
        }
        continue
      }
      let lookup = try benchmark.lookup(
        Benchmarks.Question(
          dataset: question.dataset, metric: question.metric.map { Metric($0) }, split: try #require(question.split),
          epoch: .number(try #require(question.epoch)),
          seeds: .one(try #require(question.seed.flatMap { Seed($0) }))))
      let answer = try lookup.answer(benchmark.architecture(try #require(question.architecture)))
      #expect(answer.value == question.expected.double)
    }
    _ = try Atlas.verify(path: folder.appendingPathComponent("format-2.atlas").path)
  }

  /// Format 1 kept Float32 values and wrote the shortest decimals that read back to them.
  private func single(_ value: JSONValue) -> Double? { value.double.map { Double(Float($0)) } }

  private func checkValue(_ question: Golden, _ benchmark: Benchmark) throws {
    let lookup = try benchmark.lookup(
      Question(
        metric: question.metric.map { Metric($0) }, split: try #require(question.split),
        epoch: try #require(question.epoch?.choice), seeds: .one(.recorded(try #require(question.seed)))))
    let answer = try lookup.answer(benchmark.architecture(try #require(question.architecture)))
    #expect(answer.value == single(question.expected))
    #expect(answer.points.map(\.epoch) == [question.atEpoch])
  }

  private func checkBest(_ count: Int, _ expected: JSONValue, _ benchmark: Benchmark) throws {
    // Format 1 ranked runs, this one ranks architectures: the runs of all of them, each for itself, are compared.
    guard case .array(let places) = expected else { throw Unreadable() }
    let setting = try #require(benchmark.atlas.settings.first)
    var runs: [(run: Int, value: Double)] = []
    for run in 0..<setting.runCount {
      if let score = try setting.score(ofRun: run) { runs.append((run, score.validation)) }
    }
    runs.sort { $0.value == $1.value ? $0.run < $1.run : $0.value > $1.value }
    #expect(places.count == count)
    for (place, run) in zip(places, runs) {
      guard case .array(let members) = place, case .string(let id) = members[0] else { throw Unreadable() }
      let entry = try #require(try benchmark.atlas.architecture(row: setting.architecture(ofRun: run.run)))
      #expect(entry.id.hex == id)
      #expect(try setting.seed(ofRun: run.run) == .recorded(UInt64(try #require(members[1].double))))
      #expect(run.value == single(members[2]))
    }
  }

  private struct Unreadable: Error {}
}

extension JSONValue {
  fileprivate var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
