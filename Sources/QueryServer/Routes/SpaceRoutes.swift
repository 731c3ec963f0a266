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
          "A space as a JSON file of ConfigSpace 1.0 or later. In `meta.architecture` each name in braces stands for the "
          + "value of that hyperparameter, or for the word that `meta.words` has for the value, which may hold further "
          + "names; so values make the text of an architecture. `meta.invalid` says which configurations are none.",
        answer: Endpoint.json(ConfigurationSpace.schema), followsFromAtlas: true, isKept: true,
        handler: .atlas { call, atlas in
          let name = try call.path("space")
          guard atlas.atlas.spaces.contains(where: { $0.name == name }) else {
            throw Problem(
              .notFound, "benchmarks.unknown_space", "there is no space \(name.prefix(200)) here",
              allowed: atlas.atlas.spaces.map(\.name))
          }
          guard let choices = try atlas.benchmark.spaces.space(name).choices else {
            throw Problem(
              .unprocessableContent, "server.no_configspace",
              "architectures of \(name) are texts of a published table, and no rules say how they are made",
              hint: "draw with GET …/sample, or list with GET …/architectures")
          }
          return try Reply.json(ConfigurationSpace(name: name, choices: choices).json)
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
