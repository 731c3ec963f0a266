/// The `space` line of an interchange file: a space that is not built in.
public enum SpaceDefinition: Hashable, Sendable {
  case grid(GridDefinition)
  case opaque(OpaqueDefinition)

  public var name: String {
    switch self {
    case .grid(let definition): definition.name
    case .opaque(let definition): definition.name
    }
  }

  /// The space. Throws ``SpacesError/definition(space:problem:allowed:)``.
  public func makeSpace() throws -> any TextualSpace {
    switch self {
    case .grid(let definition):
      if definition.hasRanges { return try PointSpace(definition) }
      let space = try GridSpace(definition)
      return SpaceByText(
        space, kind: "grid",
        encodings: [
          SpaceEncoding("scaled") { space.scaledEncoding(of: $0) },
          SpaceEncoding("ordinal") { space.ordinalEncoding(of: $0) },
        ])
    case .opaque(let definition): return try OpaqueSpace(definition)
    }
  }

  /// Throws ``SpacesError/definition(space:problem:allowed:)`` unless `name` is 1 to 64 lower-case letters, digits,
  /// hyphens, underscores and points.
  static func checkName(_ name: String) throws {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || "-_.".utf8.contains(byte)
    }
    guard isPlain, (1...64).contains(name.utf8.count) else {
      throw SpacesError.definition(
        space: String(name.prefix(64)), problem: "the name cannot be used in ids",
        allowed: "1 to 64 lower-case letters, digits, hyphens, underscores and points")
    }
  }
}

extension SpaceDefinition: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, kind, title, citation, parameters
  }

  /// Throws ``SpacesError/definition(space:problem:allowed:)`` for an unknown kind and for an opaque space with
  /// parameters.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    let kind = try container.decode(String.self, forKey: .kind)
    switch kind {
    case "grid": self = .grid(try GridDefinition(from: decoder))
    case "opaque":
      guard !container.contains(.parameters) else {
        throw SpacesError.definition(
          space: name, problem: "an opaque space has parameters", allowed: "parameters of a grid alone")
      }
      self = .opaque(try OpaqueDefinition(from: decoder))
    default:
      throw SpacesError.definition(
        space: name, problem: "the kind is \(kind.debugDescription)", allowed: "grid, opaque (others are built in)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .grid(let definition):
      try container.encode("grid", forKey: .kind)
      try definition.encode(to: encoder)
    case .opaque(let definition):
      try container.encode("opaque", forKey: .kind)
      try definition.encode(to: encoder)
    }
  }
}
