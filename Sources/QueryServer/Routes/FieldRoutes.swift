import Benchmarks
import Hummingbird
import Records
import Store

/// What else is known of architectures than values of metrics: seconds of training, sizes, latencies.
struct FieldRoutes {
  let settings: ServerSettings

  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .post, path: "/v1/atlases/{atlas}/fields",
        summary:
          "Named fields of many architectures, such as `train_seconds`, `parameters` or `latency[raspi4]`, in the "
          + "order of the request. Fields of runs are means over completed runs; null if there is no value.",
        parameters: Parameter.setting + [
          Parameter("field", "A field in the spelling of filters; may be repeated.").required.repeatable
        ],
        body: Endpoint.Body(
          content: Endpoint.json(Schema.closed(["architectures": Schema.array(ArchitectureKey.schema)]))),
        answer: Endpoint.json(
          Schema.object([
            "space": Schema.text, "dataset?": Schema.text, "protocolName?": Schema.text,
            "fields": Schema.array(Schema.object(["field": Schema.text, "unit?": Schema.text])),
            "values": Schema.array(Schema.array(Schema.nullable(Schema.number))), "atlasDigest": Schema.digest,
          ])), work: .batches, handler: .postedToAtlas { try fields($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/quantities/{quantity}",
        summary:
          "All measurements of a quantity: places of architectures and their values. The quantity is its index from "
          + "0 in `quantities` of the atlas.",
        answer: Endpoint.json(
          Schema.object([
            "quantity": Schema.reference("Quantity"), "places": Schema.array(Schema.integer),
            "values": Schema.array(Schema.number),
          ])), followsFromAtlas: true, isKept: true, work: .rankings, handler: .atlas { try quantity($0, $1) }),
    ]
  }

  private func fields(_ call: Call, _ atlas: ServedAtlas) throws -> Endpoint.Answering {
    let fields = try call.parameters.all("field").map { try FilterField(parsing: $0) }
    guard fields.count <= 8 else {
      throw Problem(
        .unprocessableContent, "server.too_many_fields", "too many fields: \(fields.count); allowed: at most 8")
    }
    let asked = try call.parameters.question()
    return { body in
      var question = asked
      let rows = try KeyBatch(body, limit: settings.batchKeys).rows(in: atlas, space: question.space)
      question.space = question.space ?? atlas.space(of: rows)
      if atlas.atlas.settings.isEmpty {
        guard question.trainingProtocol == nil else { throw BenchmarkError.noRuns(atlas: atlas.name) }
        return try Reply.json(
          atlas.benchmark.table(of: fields, rows: rows, space: question.space, dataset: question.dataset))
      }
      return try Reply.json(atlas.benchmark.table(of: fields, rows: rows, in: atlas.benchmark.setting(question)))
    }
  }

  private func quantity(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let text = try call.path("quantity")
    let quantities = atlas.atlas.quantities
    guard let number = Int(text), quantities.indices.contains(number), "\(number)" == text else {
      throw Problem(
        .notFound, "benchmarks.unknown_quantity", "unknown quantity \(text.prefix(200).debugDescription)",
        hint: "GET /v1/atlases/\(atlas.name) lists the quantities; the first is 0",
        allowed: quantities.isEmpty ? [] : ["0 to \(quantities.count - 1)"])
    }
    try atlas.benchmark.check(quantities[number])
    return try Reply.json(MeasuredValues(quantities[number]))
  }

  private struct MeasuredValues: Encodable {
    let quantity: QuantityDescription
    private(set) var places: [Int] = []
    private(set) var values: [Double] = []

    init(_ measured: MeasuredQuantity) throws {
      quantity = QuantityDescription(measured)
      try measured.forEach { row, value in
        places.append(row - 1)
        values.append(value)
      }
    }
  }
}
