import Benchmarks
import HTTPTypes
import Hummingbird
import NIOCore
import Records
import Store

/// Everything of an atlas: as lines, and as the file itself.
struct ExportRoutes {
  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/export",
        summary:
          "The whole atlas, or one setting with its measurements, as the NDJSON that `nasatlas ingest` reads: "
          + "cards, then runs with all their curves, then measurements. Ingesting and publishing it gives the same "
          + "atlas.",
        parameters: Parameter.setting, answer: [NDJSON.contentType: .object(["type": "string"])],
        followsFromAtlas: true, handler: .atlas { try export($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/file",
        summary: "The atlas file, whole or one range of bytes. Not available for a sealed atlas.",
        answer: [AtlasFile.contentType: .object(["type": "string", "format": "binary"])],
        handler: .atlas { call, atlas in
          guard !atlas.isSealed else { throw DisclosureError.withheld(what: "the file") }
          return try atlas.file.response(to: call.request)
        }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/manifest",
        summary: "The manifest of the atlas file, with the digests of its parts.",
        answer: Endpoint.json(Schema.record), followsFromAtlas: true,
        handler: .atlas { _, atlas in Reply.json(ByteBuffer(bytes: atlas.file.manifest)) }),
    ]
  }

  private func export(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let lines = try ExportLines(of: atlas.benchmark, call.parameters.question(), memory: call.memory)
    return Response(
      status: .ok, headers: [.contentType: NDJSON.contentType],
      body: ResponseBody { writer in
        try await withTaskExecutorPreference(LongWork.evaluations) {
          var cursor = lines.makeCursor()
          while let (text, hold) = try cursor.next() {
            try await writer.write(text)
            withExtendedLifetime(hold) {}
          }
        }
        try await writer.finish(nil)
      })
  }
}
