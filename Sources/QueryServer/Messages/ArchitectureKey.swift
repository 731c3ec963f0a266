import Records

/// An architecture as a body names it.
enum ArchitectureKey: Hashable, Codable {
  /// A canonical text or another form that the space reads, an id, or the first digits of one.
  case text(String)
  /// Counts from 0 through the atlas.
  case place(Int)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let place = try? container.decode(Int.self) {
      self = .place(place)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .place(let place): try container.encode(place)
    }
  }

  static let places: ClosedRange<Int> = 0...4_294_967_295

  static let schema: JSONValue = .object([
    "anyOf": .array([
      Schema.text,
      .object(["type": "integer", "minimum": 0, "maximum": .integer(Int64(places.upperBound))]),
    ])
  ])
}
