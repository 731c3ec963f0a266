import Benchmarks
import Foundation
import Records
import Spaces
import Store
import Surrogates
import Testing

/// What a surrogate says comes over the socket as it says it in process.
@Suite struct PredictionTests {
  private struct Reply: Decodable {
    let context: AnswerContext
    let surrogate: SurrogateSummary
    let predictions: [Double]
    let deviations: [Double]
  }

  /// A study with a surrogate of its validation values beside it.
  private static func studied() throws -> StudyAtlas {
    let study = try StudyAtlas(architectures: 40, seed: 3)
    let lookup = try study.benchmark.lookup(Question())
    let method = try PredictorCatalogue.method("random-forest")
    let data = try lookup.surrogateData()
    let surrogate = try Surrogate.fit(
      method, to: data.architectures, values: data.values, runs: data.runs, subject: lookup.surrogateSubject,
      space: study.benchmark.spaces.space(lookup.setting.space), encoder: lookup.encoder(method.encodings), folds: 3,
      seed: 5)
    try surrogate.write(to: lookup.surrogatePath)
    return study
  }

  @Test func manyAreAsOneByOne() async throws {
    let study = try Self.studied()
    let lookup = try study.benchmark.lookup(Question()).predicting()
    let entries = try study.entries()
    let own = try lookup.predictions(of: entries.map(\.canonicalText))
    try await RunningServer.with([study.path]) { server in
      let keys = try entries.enumerated().map { index, entry in
        [try CanonicalJSON.text(entry.canonicalText), "\"\(entry.id)\"", "\(entry.row - 1)"][index % 3]
      }
      let target = "/v1/atlases/study/predictions"
      let reply = try await server.wire.post(target, "{\"architectures\":[\(keys.joined(separator: ","))]}")
      #expect(reply.status == 200 && reply.headers["etag"] == nil)
      let found = try reply.decoded(Reply.self)
      #expect(found.predictions.map(\.bitPattern) == own.map(\.mean.bitPattern))
      #expect(found.deviations.map(\.bitPattern) == own.map(\.standardDeviation.bitPattern))
      #expect(found.context.kind == "predicted" && found.surrogate == lookup.surrogate.summary)
      // They can be evaluated as they come.
      let quality = try await server.wire.post(
        "/v1/atlases/study/evaluate",
        "{\"architectures\":[\(keys.joined(separator: ","))],\"predictions\":\(found.predictions),"
          + "\"deviations\":\(found.deviations)}")
      #expect(quality.status == 200 && quality.text.contains("\"kendall\":"), "\(quality.text)")
      let none = try await server.wire.post(target, "{\"architectures\":[]}")
      #expect(try none.decoded(Reply.self).predictions.isEmpty)
    }
  }

  @Test func whatCannotBePredicted() async throws {
    let study = try Self.studied()
    try await RunningServer.with([study.path]) { server in
      let target = "/v1/atlases/study/predictions"
      for (query, keys, status, code) in [
        ("?split=test", "0", 404, "surrogates.no_surrogate"), ("", "40", 404, "benchmarks.unknown_place"),
        ("?seed=1", "0", 400, "server.unknown_parameter"), ("", "0,", 400, "server.bad_batch"),
      ] {
        let reply = try await server.wire.post(target + query, "{\"architectures\":[\(keys)]}")
        #expect(reply.status == status && reply.text.contains(code), "\(reply.text)")
      }
    }
    try await RunningServer.with([study.path], ["batch-keys": "2", "query-milliseconds": "1"]) { server in
      let many = try await server.wire.post("/v1/atlases/study/predictions", "{\"architectures\":[0,1,2]}")
      #expect(many.status == 413 && many.text.contains("server.too_many"))
    }
    try await RunningServer.with([], sealed: [study.path]) { server in
      let secret = try await server.wire.post(
        "/v1/atlases/study/predictions?split=test", "{\"architectures\":[0]}")
      #expect(secret.status == 403 && secret.text.contains("server.sealed"), "\(secret.text)")
    }
  }

  @Test func predictingHasALimit() async throws {
    let study = try Self.studied()
    try await RunningServer.with([study.path], ["query-milliseconds": "1"]) { server in
      let keys = Array(repeating: "0", count: 10_000).joined(separator: ",")
      // The clock shares its threads with the other tests, and may come late.
      for attempt in 1...20 {
        let reply = try await server.wire.post("/v1/atlases/study/predictions", "{\"architectures\":[\(keys)]}")
        guard reply.status == 503 else {
          try #require(reply.status == 200 && attempt < 20)
          continue
        }
        #expect(reply.text.contains("server.query_time") && reply.headers["retry-after"] == "1")
        break
      }
    }
  }
}
