import Benchmarks
import Hummingbird
import NIOCore
import Records
import Store

/// Values and curves of architectures, one and many.
struct AnswerRoutes {
  let settings: ServerSettings

  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/value",
        summary: "The value of an architecture in one short line: what an algorithm asks thousands of times. Where "
          + "there is none, the problem says what is missing.",
        parameters: Parameter.oneArchitecture + Parameter.question,
        answer: Endpoint.json(
          Schema.object([
            "architecture": Schema.text, "value": Schema.number, "unit": Schema.text, "split": Schema.text,
            "epoch": Schema.text, "seeds": Schema.text, "kind": Schema.text,
          ])), followsFromAtlas: true, handler: .atlas { try value($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/answer",
        summary: "The value of an architecture with all that belongs to it: runs, seeds, epochs, training seconds.",
        parameters: Parameter.oneArchitecture + [
          Parameter("predict", .flag, "Let the surrogate answer where the atlas has nothing.")
        ] + Parameter.question,
        answer: Endpoint.json(Schema.reference("Answer")), isLong: true, handler: .atlas { try answer($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/curve", summary: "The values of an architecture at all epochs.",
        parameters: Parameter.oneArchitecture + Parameter.setting + [.metric, .split, .seed],
        answer: Endpoint.json(Schema.reference("CurveAnswer")), followsFromAtlas: true,
        handler: .atlas { call, atlas in
          let found = try atlas.find(call.parameters.architecture(), space: call.parameters["space"])
          let lookup = try bound(call, atlas, found)
          return try Reply.json(lookup.curves(found.entry))
        }),
      Endpoint(
        method: .post, path: "/v1/atlases/{atlas}/values",
        summary: "Values of many architectures in the order asked for, null where there is none. As places of 4 bytes "
          + "(unsigned, little-endian) they come as 8 bytes each (IEEE 754, little-endian, NaN where there is none). "
          + "With Accept: application/x-ndjson a line an architecture.",
        parameters: Parameter.question,
        body: Endpoint.Body(content: [
          "application/json": Schema.closed([
            "architectures": Schema.array(ArchitectureKey.schema)
          ]), PlaceBatch.contentType: .object(["type": "string", "format": "binary"]),
        ]),
        answer: [
          "application/json": Schema.object([
            "context": Schema.reference("Context"), "values": Schema.array(Schema.nullable(Schema.number)),
          ]), PlaceBatch.contentType: .object(["type": "string", "format": "binary"]),
          NDJSON.contentType: .object(["type": "string"]),
        ], handler: .atlas { try await values($0, $1) }),
    ]
  }

  private func bound(_ call: Call, _ atlas: ServedAtlas, _ found: ServedAtlas.Found) throws -> Lookup {
    var question = try call.parameters.question()
    question.space = question.space ?? found.space
    return try atlas.lookup(question)
  }

  private func value(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let found = try atlas.find(call.parameters.architecture(), space: call.parameters["space"])
    let lookup = try bound(call, atlas, found)
    guard lookup.seeds != .all else {
      throw Problem(
        .unprocessableContent, "server.many_values", "seed=all has a value a run", hint: "GET …/answer gives them all",
        allowed: ["mean", "one seed"])
    }
    guard let value = try lookup.value(ofArchitecture: found.row) else {
      // The full answer throws what is missing.
      return try Reply.json(lookup.answer(found.entry))
    }
    var json = JSONText(capacity: 320)
    json.raw("{\"architecture\":")
    json.text(found.canonicalText)
    json.raw(",\"value\":")
    json.number(value)
    json.raw(",\"unit\":")
    json.text(lookup.card.unit)
    json.raw(",\"split\":")
    json.text(lookup.split.rawValue)
    json.raw(",\"epoch\":")
    json.text("\(lookup.epoch)")
    json.raw(",\"seeds\":")
    json.text("\(lookup.seeds)")
    json.raw(",\"kind\":\"measured\"}\n")
    return Reply.json(json)
  }

  private func answer(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let key = try call.parameters.architecture()
    guard call.parameters.flag("predict") else {
      let found = try atlas.find(key, space: call.parameters["space"])
      var response = try Reply.json(bound(call, atlas, found).answer(found.entry))
      response.headers[.eTag] = atlas.entityTag
      return response
    }
    let spelling = try atlas.spelling(of: key, space: call.parameters["space"])
    var question = try call.parameters.question()
    question.space = question.space ?? spelling.space
    // Without an entity tag: the surrogate may be fitted anew while the atlas stays.
    return try Reply.json(atlas.predictingLookup(question).answer(spelling.canonicalText))
  }

  // MARK: Batches

  private func values(_ call: Call, _ atlas: ServedAtlas) async throws -> Response {
    var question = try call.parameters.question()
    guard question.seeds != .all else {
      throw Problem(
        .unprocessableContent, "server.many_values", "seed=all has a value a run", allowed: ["mean", "one seed"])
    }
    let type = call.request.headers[.contentType] ?? "application/json"
    let body = try await call.body()
    if type.hasPrefix(PlaceBatch.contentType) {
      let places = try PlaceBatch(body, limit: settings.batchKeys)
      return Reply.bytes(try places.values(atlas.lookup(question), of: atlas), type: PlaceBatch.contentType)
    }
    guard type.hasPrefix("application/json") else {
      throw Problem(
        .unsupportedMediaType, "server.media_type", "\(type.prefix(100)) cannot be read here",
        allowed: ["application/json", PlaceBatch.contentType])
    }
    let keys = try KeyBatch(body, limit: settings.batchKeys)
    let rows: [Int?] = try keys.rows(in: atlas, space: question.space)
    if question.space == nil, let row = rows.lazy.compactMap({ $0 }).first {
      question.space = atlas.atlas.spaces.first { $0.rows.contains(row) }?.name
    }
    let lookup = try atlas.lookup(question)
    let inSpace = lookup.setting.spaceRows
    func value(_ row: Int?) throws -> Double? {
      guard let row, inSpace.contains(row) else { return nil }
      return try lookup.value(ofArchitecture: row)
    }
    if call.accepts(NDJSON.contentType) { return try lines(keys, rows, value) }
    var json = JSONText(capacity: 24 * rows.count + 1_024)
    json.raw("{\"context\":")
    json.raw(try CanonicalJSON.text(lookup.context))
    json.raw(",\"values\":[")
    for (index, row) in rows.enumerated() {
      if index > 0 { json.raw(",") }
      json.number(try value(row))
    }
    json.raw("]}\n")
    return Reply.json(json)
  }

  /// A line an architecture, as it was asked for.
  private func lines(_ keys: KeyBatch, _ rows: [Int?], _ value: (Int?) throws -> Double?) throws -> Response {
    var json = JSONText(capacity: 80 * rows.count)
    for (key, row) in zip(keys.architectures, rows) {
      json.raw("{\"architecture\":")
      switch key {
      case .plain(let range):
        json.raw("\"")
        json.raw(keys.text(range))
        json.raw("\"")
      case .text(let text): json.text(text)
      case .place(let place): json.number(place)
      }
      json.raw(",\"value\":")
      json.number(try value(row))
      json.raw("}\n")
    }
    return NDJSON.response(json.buffer)
  }
}
