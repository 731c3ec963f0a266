public import Records

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// Pieces of JSON Schema 2020-12.
enum Schema {
  static let text: JSONValue = .object(["type": "string"])
  /// What may stand in a URL: anything but NUL.
  static let plainText: JSONValue = .object(["type": "string", "pattern": "^[^\\u0000]*$"])
  static let integer: JSONValue = .object(["type": "integer"])
  static let flag: JSONValue = .object(["type": "boolean"])
  static let anything: JSONValue = .object([:])
  static let record: JSONValue = .object(["type": "object"])
  static let digest: JSONValue = .object(["type": "string", "pattern": "^[0-9a-f]{64}$"])
  static let id: JSONValue = .object(["type": "string", "pattern": "^[0-9a-f]{32}$"])
  /// A number; those that are not finite are the texts of canonical JSON.
  static let number = reference("Number")

  static func reference(_ name: String) -> JSONValue { .object(["$ref": .string("#/components/schemas/\(name)")]) }

  static func array(_ items: JSONValue) -> JSONValue { .object(["type": "array", "items": items]) }

  static func map(_ values: JSONValue) -> JSONValue { .object(["type": "object", "additionalProperties": values]) }

  static func nullable(_ schema: JSONValue) -> JSONValue {
    .object(["anyOf": .array([schema, .object(["type": "null"])])])
  }

  /// An object; properties whose name ends in `?` may be absent.
  static func object(_ properties: KeyValuePairs<String, JSONValue>) -> JSONValue {
    var schemas: [String: JSONValue] = [:]
    var required: [JSONValue] = []
    for (name, schema) in properties {
      if name.hasSuffix("?") {
        schemas[String(name.dropLast())] = schema
      } else {
        schemas[name] = schema
        required.append(.string(name))
      }
    }
    return .object(["type": "object", "properties": .object(schemas), "required": .array(required)])
  }

  /// An object of a request: what is not a property is refused.
  static func closed(_ properties: KeyValuePairs<String, JSONValue>) -> JSONValue {
    guard case .object(var members) = object(properties) else { return object(properties) }
    members["additionalProperties"] = false
    return .object(members)
  }
}
