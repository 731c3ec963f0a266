import Benchmarks
import Foundation
import Records
import Store
import Testing

/// An atlas of every format since format 3 keeps answering its golden questions.
@Suite struct FormatCorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("StoreTests/Corpus")

  /// The golden answers are the numbers that the table was made of, see `tools/golden/format_corpus.py`.
  @Test func formatThree() throws {
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
    let folder = Self.corpus.appendingPathComponent("format-3")
    let benchmark = try Benchmark(path: folder.appendingPathComponent("format-3.atlas").path)
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
    _ = try Atlas.verify(path: folder.appendingPathComponent("format-3.atlas").path)
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
