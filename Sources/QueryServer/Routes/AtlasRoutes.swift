import Benchmarks
import Hummingbird
import NIOCore
import Records
import Store

/// What a server tells of its atlases and their architectures.
struct AtlasRoutes {
  let settings: ServerSettings

  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .get, path: "/v1/atlases", summary: "List the atlases.",
        answer: Endpoint.json(Schema.object(["atlases": Schema.array(Schema.reference("AtlasSummary"))])),
        handler: .plain { call in try Reply.json(["atlases": call.shelf.atlases.map { try AtlasSummary($0) }]) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}",
        summary:
          "The contents of an atlas: spaces, settings, quantities, and the cards of metrics, data sets, protocols "
          + "and sources.",
        answer: Endpoint.json(Schema.reference("Atlas")), followsFromAtlas: true, isKept: true,
        handler: .atlas { _, atlas in try Reply.json(AtlasDescription(atlas)) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/architectures",
        summary: "A page of architectures. The token of the next page is valid only for this version of the atlas.",
        parameters: [
          Parameter("page", "`nextPage` of the previous answer. Default: the first page."),
          Parameter("limit", .number(1...settings.pageRows, default: min(100, settings.pageRows)), "Architectures."),
        ],
        answer: Endpoint.json(
          Schema.object([
            "architectures": Schema.array(Schema.reference("ArchitectureLine")), "total": Schema.integer,
            "nextPage?": Schema.text,
          ])), followsFromAtlas: true, work: .batches, handler: .atlas { try page($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/architectures/{architecture}",
        summary: "An architecture and its names in published tables.", parameters: [.space],
        answer: Endpoint.json(
          Schema.object([
            "architecture": Schema.reference("ArchitectureLine"), "identifiers": Schema.map(Schema.text),
          ])), followsFromAtlas: true, work: .batches,
        handler: .atlas { call, atlas in
          let entry = try atlas.benchmark.architecture(call.path("architecture"), space: call.parameters["space"])
          return try Reply.json(ArchitectureDescription(entry, atlas.benchmark))
        }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/sample",
        summary: "Random architectures that have runs in a setting, drawn uniformly. The same seed draws the same "
          + "architectures.",
        parameters: Parameter.setting + [
          Parameter("count", .number(1...settings.pageRows, default: 1), "How many."),
          Parameter("seed", .number(0...Int(Int32.max), default: 0), "Random seed of the draw."),
        ],
        answer: Endpoint.json(
          Schema.object(["architectures": Schema.array(Schema.reference("ArchitectureLine"))])),
        followsFromAtlas: true, work: .batches, handler: .atlas { try sample($0, $1) }),
    ]
  }

  private func page(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let first = try call.parameters["page"].map { try PageToken($0, atlas: atlas.digest).row } ?? 1
    let count = try atlas.atlas.architectureCount()
    let end = min(count + 1, first + call.parameters.number("limit"))
    let entries = first < end ? try atlas.atlas.architectures(rows: first..<end) : []
    struct Page: Encodable {
      let architectures: [ArchitectureLine]
      let total: Int
      let nextPage: String?
    }
    return try Reply.json(
      Page(
        architectures: entries.map { ArchitectureLine($0) }, total: count,
        nextPage: end <= count ? PageToken(row: end, atlas: atlas.digest).text : nil))
  }

  private func sample(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let setting = try atlas.benchmark.setting(
      Question(
        space: call.parameters["space"], dataset: call.parameters["dataset"],
        trainingProtocol: call.parameters["protocol"]))
    var generator = SeededGenerator(seed: UInt64(call.parameters.number("seed"))).stream("server/sample")
    let entries = try (0..<call.parameters.number("count")).compactMap { _ in
      try atlas.atlas.architecture(row: atlas.benchmark.randomRow(in: setting, using: &generator))
    }
    return try Reply.json(["architectures": entries.map { ArchitectureLine($0) }])
  }
}
