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
        method: .get, path: "/v1/atlases/{atlas}/spaces", summary: "The spaces of the architectures of an atlas.",
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
          "A space as a JSON file of ConfigSpace 1.0 or later. `meta.architecture` is the pattern of an "
          + "architecture's text: replace each name in braces by the value of that hyperparameter, or by the word "
          + "that `meta.words` has for the value; the word may contain further names. `meta.invalid` describes the "
          + "invalid configurations.",
        answer: Endpoint.json(Self.configSpace), followsFromAtlas: true, isKept: true,
        handler: .atlas { call, atlas in
          let name = try call.path("space")
          guard atlas.atlas.spaces.contains(where: { $0.name == name }) else {
            throw Problem(
              .notFound, "benchmarks.unknown_space", "unknown space \(name.prefix(200))",
              allowed: atlas.atlas.spaces.map(\.name))
          }
          guard let choices = try atlas.benchmark.spaces.space(name).choices else {
            throw Problem(
              .unprocessableContent, "server.no_configspace",
              "\(name) is an opaque space: its architectures are texts of a published table, without rules",
              hint: "draw with GET …/sample, or list with GET …/architectures")
          }
          return try Reply.json(ConfigSpaceDocument(name: name, choices: choices).json)
        }),
    ]
  }

  private static let configSpace = Schema.object([
    "name": Schema.text,
    "meta": Schema.object([
      "architecture": Schema.text, "words": Schema.map(Schema.map(Schema.text)), "invalid?": Schema.text,
      "remark?": Schema.text,
    ]), "hyperparameters": Schema.array(Schema.record), "conditions": Schema.array(Schema.record),
    "forbiddens": Schema.array(Schema.record),
  ])

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
