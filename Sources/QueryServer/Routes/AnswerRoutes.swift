import Benchmarks
import Hummingbird
import NIOCore
import Records
import Store

/// Values and curves of architectures, one and many.
struct AnswerRoutes {
  let settings: ServerSettings

  var endpoints: [Endpoint] { [oneValue, fullAnswer, curves, manyValues] }

  /// Also reached by ``ShortAnswers``, like ``manyValues``.
  var oneValue: Endpoint {
    Endpoint(
      method: .get, path: "/v1/atlases/{atlas}/value",
      summary: "The value of an architecture in one short line, for algorithms that query thousands of times. If there "
        + "is no value, the problem says what is missing.",
      parameters: Parameter.oneArchitecture + Parameter.question,
      answer: Endpoint.json(
        Schema.object([
          "architecture": Schema.text, "value": Schema.number, "unit": Schema.text, "split": Schema.text,
          "epoch": Schema.text, "seeds": Schema.text, "kind": Schema.text,
        ])), followsFromAtlas: true, work: .batches,
      handler: .atlas { call, atlas in Reply.json(try value(call.parameters, atlas)) })
  }

  private var fullAnswer: Endpoint {
    Endpoint(
      method: .get, path: "/v1/atlases/{atlas}/answer",
      summary: "The value of an architecture with its runs, seeds, epochs and training seconds.",
      parameters: Parameter.oneArchitecture + [
        Parameter("predict", .flag, "Let the surrogate predict values that the atlas lacks.")
      ] + Parameter.question,
      answer: Endpoint.json(Schema.reference("Answer")), work: .rankings, handler: .atlas { try answer($0, $1) })
  }

  private var curves: Endpoint {
    Endpoint(
      method: .get, path: "/v1/atlases/{atlas}/curve", summary: "The learning curves of an architecture.",
      parameters: Parameter.oneArchitecture + Parameter.setting + [.metric, .split, .seed],
      answer: Endpoint.json(Schema.reference("CurveAnswer")), followsFromAtlas: true, work: .batches,
      handler: .atlas { call, atlas in
        let (lookup, found) = try bound(call.parameters, atlas)
        return try Reply.json(lookup.curves(found.entry))
      })
  }

  var manyValues: Endpoint {
    Endpoint(
      method: .post, path: "/v1/atlases/{atlas}/values",
      summary: "Values of many architectures, in the order of the request; null if there is no value. For a request of "
        + "places in 4 bytes each (unsigned, little-endian), values have 8 bytes each (IEEE 754, little-endian, NaN "
        + "if there is no value). With Accept: application/x-ndjson, one line per architecture.",
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
      ],
      work: .batches,
      handler: .postedToAtlas { call, atlas in
        let form = try BatchForm(
          call.parameters, contentType: call.request.headers[.contentType], accept: call.request.headers[.accept])
        return { body in
          let (values, type) = try self.values(of: body, form, atlas)
          return Reply.bytes(values, type: type)
        }
      })
  }

  /// Thrown where an answer that has to be short would take longer than the thread of a connection may be held.
  struct TakesLonger: Error {}

  private func bound(
    _ parameters: QueryParameters, _ atlas: ServedAtlas, isShort: Bool = false
  ) throws -> (Lookup, ServedAtlas.Found) {
    let (key, space) = (try parameters.architecture(), parameters["space"])
    let found: ServedAtlas.Found
    if isShort {
      guard let known = try atlas.known(key, space: space) else { throw TakesLonger() }
      found = known
    } else {
      found = try atlas.find(key, space: space)
    }
    var question = try parameters.question()
    question.space = question.space ?? found.space
    return (try atlas.lookup(question), found)
  }

  /// The answer as JSON. Throws a ``Problem`` or another `UserFacingError` where there is none; ``TakesLonger`` only
  /// where it has to be short.
  func value(_ parameters: QueryParameters, _ atlas: ServedAtlas, isShort: Bool = false) throws -> ByteBuffer {
    let (lookup, found) = try bound(parameters, atlas, isShort: isShort)
    guard lookup.seeds != .all else {
      throw Problem(
        .unprocessableContent, "server.many_values", "seed=all has one value per run, not one per architecture",
        hint: "use GET …/answer",
        allowed: ["mean", "one seed"])
    }
    guard let value = try lookup.value(ofArchitecture: found.row) else {
      if isShort { throw TakesLonger() }
      // The full answer throws what is missing.
      return try Reply.line(lookup.answer(found.entry))
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
    return json.buffer
  }

  private func answer(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let key = try call.parameters.architecture()
    guard call.parameters.flag("predict") else {
      let (lookup, found) = try bound(call.parameters, atlas)
      var response = try Reply.json(lookup.answer(found.entry))
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

  /// What a batch asks and how, all but its body.
  struct BatchForm: Sendable {
    let question: Question
    /// The body has places of 4 bytes each, and so has the answer.
    let isBinary: Bool
    let hasLines: Bool

    /// Throws a ``Problem`` for a question that has no values, and for a body of another type.
    init(_ parameters: QueryParameters, contentType: String?, accept: String?) throws {
      question = try parameters.question()
      guard question.seeds != .all else {
        throw Problem(
          .unprocessableContent, "server.many_values", "seed=all has one value per run, not one per architecture",
          allowed: ["mean", "one seed"])
      }
      let type = contentType ?? "application/json"
      isBinary = type.hasPrefix(PlaceBatch.contentType)
      guard isBinary || type.hasPrefix("application/json") else {
        throw Problem(
          .unsupportedMediaType, "server.media_type", "this operation does not accept \(type.prefix(100))",
          allowed: ["application/json", PlaceBatch.contentType])
      }
      hasLines = NDJSON.isWished(accept)
    }
  }

  /// The values of a batch, and their content type. Throws like ``value(_:_:isShort:)``.
  func values(
    of body: ByteBuffer, _ form: BatchForm, _ atlas: ServedAtlas, isShort: Bool = false
  ) throws -> (body: ByteBuffer, type: String) {
    var question = form.question
    if form.isBinary {
      let places = try PlaceBatch(body, limit: settings.batchKeys)
      let lookup = try atlas.lookup(question)
      if isShort { try Self.checkShort(lookup) }
      let (body, hasValue) = try places.values(lookup, of: atlas)
      if !hasValue { try Self.requireAnswers(lookup, isShort: isShort) }
      return (body, PlaceBatch.contentType)
    }
    let keys = try KeyBatch(body, limit: settings.batchKeys)
    let rows: [Int?] = try keys.rows(in: atlas, space: question.space, isShort: isShort)
    question.space = question.space ?? atlas.space(of: rows)
    let binding = try atlas.binding(question)
    let lookup = binding.lookup
    if isShort { try Self.checkShort(lookup) }
    let inSpace = lookup.setting.spaceRows
    var hasValue = false
    func value(_ row: Int?) throws -> Double? {
      guard let row, inSpace.contains(row), let value = try lookup.value(ofArchitecture: row) else { return nil }
      hasValue = true
      return value
    }
    if form.hasLines {
      let body = try lines(keys, rows, value)
      if !hasValue { try Self.requireAnswers(lookup, isShort: isShort) }
      return (body, NDJSON.contentType)
    }
    var json = JSONText(capacity: 24 * rows.count + 1_024)
    json.raw("{\"context\":")
    json.raw(binding.context)
    json.raw(",\"values\":[")
    for (index, row) in rows.enumerated() {
      if index.isMultiple(of: 256) { try Task.checkCancellation() }
      if index > 0 { json.raw(",") }
      json.number(try value(row))
    }
    json.raw("]}\n")
    if !hasValue { try Self.requireAnswers(lookup, isShort: isShort) }
    return (json.buffer, "application/json")
  }

  /// Of a batch without any value: throws where nothing in the setting could have answered it, which takes time to tell.
  private static func requireAnswers(_ lookup: Lookup, isShort: Bool) throws {
    if isShort { throw TakesLonger() }
    try lookup.requireAnswers()
  }

  /// Last values stand in columns; others are looked for in curves.
  private static func checkShort(_ lookup: Lookup) throws {
    guard case .last = lookup.epoch else { throw TakesLonger() }
  }

  /// A line an architecture, as it was asked for.
  private func lines(_ keys: KeyBatch, _ rows: [Int?], _ value: (Int?) throws -> Double?) throws -> ByteBuffer {
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
    return json.buffer
  }
}
