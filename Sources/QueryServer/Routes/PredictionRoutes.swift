import Benchmarks
import Hummingbird
import Records
import Store
import Surrogates

/// What the surrogate beside an atlas says of many architectures.
struct PredictionRoutes {
  let settings: ServerSettings

  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .post, path: "/v1/atlases/{atlas}/predictions",
        summary:
          "Predictions of many architectures and their standard deviations, in the order of the request, whether or "
          + "not the atlas has the architectures.",
        parameters: Parameter.setting + [.metric, .split, .epoch],
        body: Endpoint.Body(
          content: Endpoint.json(Schema.closed(["architectures": Schema.array(ArchitectureKey.schema)]))),
        answer: Endpoint.json(
          Schema.object([
            "context": Schema.reference("Context"), "surrogate": Schema.record,
            "predictions": Schema.array(Schema.number), "deviations": Schema.array(Schema.number),
          ])), work: .evaluations, handler: .postedToAtlas { try predictions($0, $1) })
    ]
  }

  private struct Predicted: Encodable {
    let context: AnswerContext
    let surrogate: SurrogateSummary
    let predictions: [Double]
    let deviations: [Double]
  }

  /// So many are predicted before somebody looks whether time is up.
  private static let chunk = 256

  private func predictions(_ call: Call, _ atlas: ServedAtlas) throws -> Endpoint.Answering {
    let question = try call.parameters.question()
    return { body in try predictions(KeyBatch(body, limit: settings.batchKeys), question, atlas) }
  }

  private func predictions(_ keys: KeyBatch, _ asked: Question, _ atlas: ServedAtlas) throws -> Response {
    var question = asked
    var texts: [String] = []
    texts.reserveCapacity(keys.architectures.count)
    for (index, key) in keys.architectures.enumerated() {
      if index.isMultiple(of: Self.chunk) { try Task.checkCancellation() }
      let spelling = try atlas.spelling(of: keys.key(key), space: question.space)
      question.space = question.space ?? spelling.space
      texts.append(spelling.canonicalText)
    }
    let lookup = try atlas.predictingLookup(question)
    var found: [Prediction] = []
    found.reserveCapacity(texts.count)
    for start in stride(from: 0, to: texts.count, by: Self.chunk) {
      try Task.checkCancellation()
      found += try lookup.predictions(of: Array(texts[start..<min(start + Self.chunk, texts.count)]))
    }
    return try Reply.json(
      Predicted(
        context: lookup.lookup.context(kind: "predicted"), surrogate: lookup.surrogate.summary,
        predictions: found.map(\.mean), deviations: found.map(\.standardDeviation)))
  }
}
