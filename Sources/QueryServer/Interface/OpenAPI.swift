import Foundation
import HTTPTypes
package import Records

/// The description of the interface in OpenAPI 3.1, made of the same operations as the router.
package enum OpenAPI {
  /// That of a server with default settings, as `schemas/openapi.json` has it.
  package static var document: JSONValue { document(Interface.endpoints(ServerSettings())) }

  /// JSON for people: keys sorted, indented.
  package static func text(_ document: JSONValue) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }

  static func document(_ endpoints: [Endpoint]) -> JSONValue {
    var paths: [String: [String: JSONValue]] = [:]
    for endpoint in endpoints {
      paths[endpoint.path, default: [:]][endpoint.method.rawValue.lowercased()] = operation(endpoint)
    }
    return .object([
      "openapi": "3.1.0",
      "info": .object([
        "title": "NASAtlas", "version": .string(nasAtlasVersion),
        "description": """
        Query neural architecture benchmarks without training. An atlas is addressed by NAME, or by NAME@DIGEST to \
        require this exact version of its file.
        """, "license": .object(["name": "Apache License 2.0", "identifier": "Apache-2.0"]),
      ]),
      "paths": .object(paths.mapValues { .object($0) }),
      "components": .object([
        "schemas": .object(Schemas.all),
        "securitySchemes": .object(["token": .object(["type": "http", "scheme": "bearer"])]),
      ]),
    ])
  }

  private static func operation(_ endpoint: Endpoint) -> JSONValue {
    var operation: [String: JSONValue] = [
      "operationId": .string(name(endpoint)), "summary": .string(endpoint.summary),
      "parameters": .array(
        endpoint.pathNames.map(pathParameter)
          + endpoint.parameters.map { parameter in
            .object([
              "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
              "description": .string(parameter.note),
              "schema": parameter.isRepeatable
                ? .object(["type": "array", "items": parameter.schema, "maxItems": 8]) : parameter.schema,
            ])
          }),
      "responses": .object([
        "\(endpoint.status.code)": .object([
          "description": .string(endpoint.status.reasonPhrase),
          "content": .object(endpoint.answer.mapValues { .object(["schema": $0]) }),
        ]), "304": .object(["description": "Not Modified"]), "4XX": problem("The request cannot be answered."),
        "5XX": problem("The server cannot answer now."),
      ]),
    ]
    if let body = endpoint.body {
      operation["requestBody"] = .object([
        "required": true, "content": .object(body.content.mapValues { .object(["schema": $0]) }),
      ])
    }
    if endpoint.writes { operation["security"] = .array([.object(["token": .array([])]), .object([:])]) }
    return .object(operation)
  }

  /// `GET /v1/atlases/{atlas}/value` is `getAtlasesAtlasValue`.
  private static func name(_ endpoint: Endpoint) -> String {
    let words = endpoint.path.split { "/{}.-".contains($0) }.drop { $0 == "v1" }
    return endpoint.method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private static func pathParameter(_ name: String) -> JSONValue {
    .object(["name": .string(name), "in": "path", "required": true, "schema": Schema.plainText])
  }

  private static func problem(_ text: String) -> JSONValue {
    .object([
      "description": .string(text),
      "content": .object(["application/problem+json": .object(["schema": Schema.reference("Problem")])]),
    ])
  }
}
