/// A space that is not built in: its rules travel with the runs.
public struct SpaceCard: Hashable, Sendable, Codable {
  public var name: String
  /// `grid` or `opaque`.
  public var kind: String
  /// The whole definition, name and kind included, as it was given.
  public var definition: JSONValue

  /// Nil when `definition` is not an object with the texts `name` and `kind`.
  public init?(definition: JSONValue) {
    guard case .object(let members) = definition, case .string(let name)? = members["name"],
      case .string(let kind)? = members["kind"]
    else { return nil }
    self.name = name
    self.kind = kind
    self.definition = definition
  }

  /// In JSON the card is its definition.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let card = SpaceCard(definition: try container.decode(JSONValue.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a space needs the texts name and kind")
    }
    self = card
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(definition)
  }
}
