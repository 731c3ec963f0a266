import Benchmarks
import Evaluation
import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat
import Records
import Store
import Surrogates

/// How good posted predictions are.
struct EvaluationRoutes {
  let settings: ServerSettings

  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .post, path: "/v1/atlases/{atlas}/evaluate",
        summary:
          "How good a predictor's values are beside those of the atlas: errors, rank correlations, precision and "
          + "regret of its best, and calibration where it gives deviations. Errors and deviations of fractions are in "
          + "percent.",
        parameters: Parameter.question,
        body: Endpoint.Body(
          content: Endpoint.json(
            Schema.closed([
              "architectures": Schema.array(Schema.text), "predictions": Schema.array(.object(["type": "number"])),
              "deviations?": Schema.array(.object(["type": "number"])),
            ]))),
        answer: Endpoint.json(
          Schema.object([
            "context": Schema.reference("Context"), "count": Schema.integer,
            "missing": Schema.array(Schema.text), "metrics": Schema.map(Schema.number),
          ])), isLong: true, handler: .atlas { try await evaluate($0, $1) })
    ]
  }

  private struct Posted: Decodable {
    let architectures: [String]
    let predictions: [Double]
    let deviations: [Double]?
  }

  private struct Evaluated: Encodable {
    let context: AnswerContext
    /// Architectures that count.
    let count: Int
    /// Those that the atlas has no value of.
    let missing: [String]
    let metrics: [String: Double]
  }

  private func evaluate(_ call: Call, _ atlas: ServedAtlas) async throws -> Response {
    let posted = try await self.posted(call)
    var question = try call.parameters.question()
    let found = try posted.architectures.map { text in
      do { return Optional(try atlas.find(text, space: question.space)) } catch BenchmarkError.architectureNotInAtlas {
        return nil
      }
    }
    question.space = question.space ?? found.lazy.compactMap { $0 }.first?.space
    guard question.seeds != .all else {
      throw Problem(.unprocessableContent, "server.many_values", "seed=all has a value a run", allowed: ["mean"])
    }
    let lookup = try atlas.lookup(question)
    var (truth, predictions, missing): ([Double], [Prediction], [String]) = ([], [], [])
    for (index, found) in found.enumerated() {
      guard let found, lookup.setting.spaceRows.contains(found.row),
        let value = try lookup.value(ofArchitecture: found.row)
      else {
        missing.append(posted.architectures[index])
        continue
      }
      truth.append(value)
      predictions.append(Prediction(mean: posted.predictions[index], aleatoric: posted.deviations?[index] ?? 0))
    }
    let metrics = PredictorMetric.values(
      predictions, truth: truth, largerIsBetter: lookup.card.largerIsBetter,
      scale: lookup.card.unit == "fraction" ? 100 : 1)
    return try Reply.json(
      Evaluated(
        context: lookup.context, count: truth.count, missing: missing,
        metrics: Dictionary(uniqueKeysWithValues: metrics.map { ($0.key.rawValue, $0.value) })))
  }

  private func posted(_ call: Call) async throws -> Posted {
    let hint = "send {\"architectures\": [...], \"predictions\": [...]}"
    let posted = try await call.read(Posted.self, allowed: ["architectures", "predictions", "deviations"], hint: hint)
    let counts = [posted.architectures.count, posted.predictions.count, posted.deviations?.count].compactMap { $0 }
    guard Set(counts).count == 1 else {
      throw Problem(
        .unprocessableContent, "server.uneven_lists",
        "there are \(counts.map { "\($0)" }.joined(separator: ", ")) architectures, predictions, deviations", hint: hint
      )
    }
    guard posted.architectures.count <= settings.batchKeys else {
      throw Problem.tooMany(
        "architectures", posted.architectures.count, limit: settings.batchKeys, setting: "batch-keys")
    }
    guard (posted.predictions + (posted.deviations ?? [])).allSatisfy(\.isFinite),
      (posted.deviations ?? []).allSatisfy({ $0 >= 0 })
    else {
      throw Problem(
        .unprocessableContent, "server.bad_numbers", "predictions are finite, and deviations are not negative",
        hint: hint)
    }
    return posted
  }
}
