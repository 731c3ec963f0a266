import Benchmarks
import Evaluation
import Hummingbird
import NIOCore
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
          "Compares predictions with the values of the atlas: errors, rank correlations, precision and regret of "
          + "the best, and calibration if standard deviations are given. `units` has the unit of each metric; errors "
          + "and standard deviations of fractions are in percent.",
        parameters: Parameter.question,
        body: Endpoint.Body(
          content: Endpoint.json(
            Schema.closed([
              "architectures": Schema.array(ArchitectureKey.schema),
              "predictions": Schema.array(.object(["type": "number"])),
              "deviations?": Schema.array(.object(["type": "number"])),
            ]))),
        answer: Endpoint.json(
          Schema.object([
            "context": Schema.reference("Context"), "metric": Schema.text, "split": Schema.text,
            "count": Schema.integer, "missing": Schema.array(ArchitectureKey.schema),
            "metrics": Schema.map(Schema.number), "units": Schema.map(Schema.text),
          ])), work: .evaluations, handler: .postedToAtlas { try evaluate($0, $1) })
    ]
  }

  private struct Posted {
    var architectures: [ArchitectureKey] = []
    var predictions: [Double] = []
    var deviations: [Double]?
  }

  private struct Evaluated: Encodable {
    let context: AnswerContext
    /// What was predicted, as `context` has it too.
    let metric: Metric
    let split: Split
    /// Architectures that count.
    let count: Int
    /// Those that the atlas has no value of, as they were asked for.
    let missing: [ArchitectureKey]
    let metrics: [String: Double]
    /// Of each metric; `1` for a number without unit.
    let units: [String: String]
  }

  private func evaluate(_ call: Call, _ atlas: ServedAtlas) throws -> Endpoint.Answering {
    let question = try call.parameters.question()
    guard question.seeds != .all else {
      throw Problem(
        .unprocessableContent, "server.many_values", "seed=all has one value per run, not one per architecture",
        allowed: ["mean"])
    }
    return { body in try evaluate(posted(body), question, atlas) }
  }

  private func evaluate(_ posted: Posted, _ asked: Question, _ atlas: ServedAtlas) throws -> Response {
    var question = asked
    let found = try posted.architectures.enumerated().map { index, key in
      if index.isMultiple(of: 256) { try Task.checkCancellation() }
      return try atlas.find(key, space: question.space, index: index)
    }
    question.space = question.space ?? found.lazy.compactMap { $0 }.first?.space
    let lookup = try atlas.lookup(question)
    var (truth, predictions, missing): ([Double], [Prediction], [ArchitectureKey]) = ([], [], [])
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
    if truth.isEmpty { try lookup.requireAnswers() }
    let isFraction = lookup.card.unit == "fraction"
    let metrics = PredictorMetric.values(
      predictions, truth: truth, largerIsBetter: lookup.card.largerIsBetter, scale: isFraction ? 100 : 1)
    let unit = isFraction ? "percent" : lookup.card.unit
    return try Reply.json(
      Evaluated(
        context: lookup.context, metric: lookup.metric, split: lookup.split, count: truth.count, missing: missing,
        metrics: Dictionary(uniqueKeysWithValues: metrics.map { ($0.key.rawValue, $0.value) }),
        units: Dictionary(uniqueKeysWithValues: metrics.keys.map { ($0.rawValue, $0.unit(ofValues: unit)) })))
  }

  private func posted(_ body: ByteBuffer) throws -> Posted {
    let hint = "send {\"architectures\": [...], \"predictions\": [...]}"
    let limit = settings.batchKeys
    var posted = Posted()
    func numbers(_ name: String, _ reader: inout JSONReader) throws -> [Double] {
      let found = try reader.list(limit: limit, of: "a number") { $0.numberIfAny() }
      guard found.count <= limit else {
        throw Problem.tooMany(name, found.count, limit: limit, setting: "batch-keys")
      }
      return found
    }
    try JSONReader.read(
      body, ["architectures", "predictions", "deviations"], required: ["architectures", "predictions"],
      JSONReader.Refusal(code: "server.bad_body", hint: hint)
    ) { member, reader in
      switch member {
      case "architectures":
        let keys = try KeyBatch.keys(&reader, limit: limit)
        posted.architectures = keys.map { reader.named($0) }
      case "predictions": posted.predictions = try numbers(member, &reader)
      default: posted.deviations = try numbers(member, &reader)
      }
    }
    let counts = [posted.architectures.count, posted.predictions.count, posted.deviations?.count].compactMap { $0 }
    guard Set(counts).count == 1 else {
      throw Problem(
        .unprocessableContent, "server.uneven_lists",
        "the numbers of architectures, predictions and deviations differ: "
          + counts.map { "\($0)" }.joined(separator: ", "), hint: hint
      )
    }
    guard (posted.predictions + (posted.deviations ?? [])).allSatisfy(\.isFinite),
      (posted.deviations ?? []).allSatisfy({ $0 >= 0 })
    else {
      throw Problem(
        .unprocessableContent, "server.bad_numbers", "predictions must be finite, and deviations must not be negative",
        hint: hint)
    }
    return posted
  }
}
