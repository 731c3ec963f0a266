import Benchmarks
import Hummingbird
import NIOCore
import Records
import Store

/// Values and curves of architectures, one and many.
struct AnswerRoutes {
  let shelf: AtlasShelf
  let settings: ServerSettings

  func add(to router: Router<RequestState>) {
    router.get("/v1/atlases/:atlas/value") { request, context in
      try value(request, shelf.atlas(context.pathText("atlas")))
    }
    router.get("/v1/atlases/:atlas/answer") { request, context in
      try answer(request, shelf.atlas(context.pathText("atlas")))
    }
    router.get("/v1/atlases/:atlas/curve") { request, context in
      try curve(request, shelf.atlas(context.pathText("atlas")))
    }
    router.post("/v1/atlases/:atlas/values") { request, context in
      let atlas = try shelf.atlas(context.pathText("atlas"))
      let parameters = try QueryParameters(request, known: QueryParameters.question)
      let body = try await request.body.collect(upTo: settings.bodyBytes)
      return request.headers[.contentType]?.hasPrefix(PlaceBatch.contentType) == true
        ? try binaryBatch(parameters, body, atlas) : try batch(parameters, body, atlas)
    }
  }

  /// The value alone, in one short line: what an algorithm asks thousands of times.
  private func value(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let parameters = try QueryParameters(request, known: ["architecture"] + QueryParameters.question)
    let entry = try atlas.benchmark.architecture(parameters.required("architecture"), space: parameters["space"])
    var question = try parameters.question()
    question.space = question.space ?? entry.space
    let lookup = try atlas.lookup(question)
    guard question.seeds != .all, let value = try lookup.value(ofArchitecture: entry.row) else {
      // The full answer tells what is missing, or that there are several values.
      return try Reply.json(lookup.answer(entry), entityTag: atlas.entityTag)
    }
    var json = JSONText(capacity: 256)
    json.raw("{\"architecture\":")
    json.text(entry.canonicalText)
    json.raw(",\"value\":")
    json.number(value)
    json.raw(",\"unit\":")
    json.text(lookup.card.unit)
    json.raw(",\"split\":")
    json.text(lookup.split.rawValue)
    json.raw(",\"epoch\":")
    json.text("\(lookup.epoch)")
    json.raw(",\"kind\":\"measured\"}\n")
    return Reply.json(json, entityTag: atlas.entityTag)
  }

  /// The value with all that belongs to it; with `predict=true`, that of the surrogate where the atlas has none.
  private func answer(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let parameters = try QueryParameters(request, known: ["architecture", "predict"] + QueryParameters.question)
    let text = try parameters.required("architecture")
    var question = try parameters.question()
    if try parameters.flag("predict") {
      let spelling = try atlas.benchmark.spelling(of: text, space: parameters["space"])
      question.space = question.space ?? spelling.space
      return try Reply.json(
        atlas.predictingLookup(question).answer(spelling.canonicalText), entityTag: atlas.entityTag)
    }
    let entry = try atlas.benchmark.architecture(text, space: parameters["space"])
    question.space = question.space ?? entry.space
    return try Reply.json(atlas.lookup(question).answer(entry), entityTag: atlas.entityTag)
  }

  private func curve(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let known = ["architecture", "space", "dataset", "protocol", "metric", "split", "seed"]
    let parameters = try QueryParameters(request, known: known)
    let entry = try atlas.benchmark.architecture(parameters.required("architecture"), space: parameters["space"])
    var question = try parameters.question()
    question.space = question.space ?? entry.space
    return try Reply.json(atlas.lookup(question).curves(entry), entityTag: atlas.entityTag)
  }

  /// Values of many architectures, in the order asked for; null where there is none.
  private func batch(_ parameters: QueryParameters, _ body: ByteBuffer, _ atlas: ServedAtlas) throws -> Response {
    let keys = try KeyBatch(body, limit: settings.batchKeys)
    var question = try parameters.question()
    try refuseAll(question)
    let benchmark = atlas.benchmark
    let rows: [Int?] = try keys.rows(in: benchmark, space: question.space)
    if question.space == nil, let row = rows.lazy.compactMap({ $0 }).first {
      question.space = try benchmark.atlas.architecture(row: row)?.space
    }
    let lookup = try atlas.lookup(question)
    var json = JSONText(capacity: 24 * rows.count + 1_024)
    json.raw("{\"context\":")
    json.raw(try CanonicalJSON.text(lookup.context))
    json.raw(",\"values\":[")
    for (index, row) in rows.enumerated() {
      if index > 0 { json.raw(",") }
      json.number(try row.flatMap { try lookup.value(ofArchitecture: $0) })
    }
    json.raw("]}\n")
    return Reply.json(json, entityTag: atlas.entityTag)
  }

  /// The same by places, as numbers without detours: UInt32 in, Float64 out, little-endian, NaN where there is none.
  private func binaryBatch(
    _ parameters: QueryParameters, _ body: ByteBuffer, _ atlas: ServedAtlas
  ) throws -> Response {
    let question = try parameters.question()
    try refuseAll(question)
    let lookup = try atlas.lookup(question)
    let places = try PlaceBatch(body, limit: settings.batchKeys)
    return Reply.bytes(try places.values(lookup), type: PlaceBatch.contentType)
  }

  private func refuseAll(_ question: Question) throws {
    guard question.seeds != .all else {
      throw Problem.badParameter("seed", "all", allowed: ["mean", "one seed"])
    }
  }
}
