import Benchmarks
import Hummingbird
import Records
import Spaces
import Store

/// The spaces of an atlas, also as other tools write them.
struct SpaceRoutes {
  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/spaces", summary: "The spaces that an atlas has architectures of.",
        answer: Endpoint.json(
          Schema.object([
            "spaces": Schema.array(
              Schema.object([
                "name": Schema.text, "kind?": Schema.text, "architectures": Schema.integer, "size?": Schema.integer,
                "encodings": Schema.array(Schema.text), "definition?": Schema.record,
              ]))
          ])), followsFromAtlas: true, handler: .atlas { _, atlas in try Reply.json(["spaces": spaces(atlas)]) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/spaces/{space}/configspace",
        summary:
          "A space as a JSON file of ConfigSpace 1.0 or later. `meta.architecture` says how values make the text of "
          + "an architecture.",
        answer: Endpoint.json(Schema.record), followsFromAtlas: true,
        handler: .atlas { call, atlas in
          let name = try call.path("space")
          guard let space = atlas.atlas.spaces.first(where: { $0.name == name }) else {
            throw Problem(
              .notFound, "benchmarks.unknown_space", "there is no space \(name.prefix(200)) here",
              allowed: atlas.atlas.spaces.map(\.name))
          }
          return try Reply.json(ConfigurationSpace(name: name, card: space.card).json)
        }),
    ]
  }

  private struct SpaceLine: Encodable {
    let name: String
    let kind: String?
    /// In the atlas.
    let architectures: Int
    /// In all; absent where nothing counts them, or where they are more than a number of JSON holds.
    let size: UInt64?
    let encodings: [String]
    let definition: SpaceCard?
  }

  private func spaces(_ atlas: ServedAtlas) -> [SpaceLine] {
    atlas.atlas.spaces.map { name, card, rows in
      let rules = try? atlas.benchmark.spaces.space(name)
      return SpaceLine(
        name: name, kind: rules?.kind, architectures: rows.count,
        size: rules?.architectureCount.flatMap { $0 < 1 << 53 ? $0 : nil }, encodings: rules?.encodings ?? [],
        definition: card)
    }
  }
}
