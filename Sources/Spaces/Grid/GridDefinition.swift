public import Records

/// What a grid space is made of, as the `space` line of an interchange file says it.
public struct GridDefinition: Hashable, Sendable, Codable {
  /// A choice among listed values, or of a number from a range.
  public struct Parameter: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable {
      /// The order of values means something; neighbors stand beside each other in the list.
      case ordinal
      /// Every value is as near to every other.
      case categorical
      /// Whole numbers of a range.
      case integer
      /// Real numbers of a range.
      case real
    }

    public var name: String
    public var kind: Kind
    /// Numbers, strings, true and false, or null; empty where there is a range.
    public var values: [JSONValue]
    /// Nil where values are listed.
    public var range: ParameterRange?

    public init(name: String, kind: Kind, values: [JSONValue]) {
      self.name = name
      self.kind = kind
      self.values = values
    }

    public init(name: String, range: ParameterRange) {
      self.name = name
      kind = range.isInteger ? .integer : .real
      values = []
      self.range = range
    }
  }

  public var name: String
  public var title: String?
  public var citation: String?
  public var parameters: [Parameter]

  public init(name: String, title: String? = nil, citation: String? = nil, parameters: [Parameter]) {
    self.name = name
    self.title = title
    self.citation = citation
    self.parameters = parameters
  }
}

extension GridDefinition {
  static let maximumParameters = 256
  static let maximumValues = 65_536
  private static let maximumWordLength = 256

  /// Whether some parameter is a number from a range, so that the grid is a ``PointSpace``.
  var hasRanges: Bool { parameters.contains { $0.range != nil } }

  /// The spellings of each parameter's listed values, in order. Throws ``SpacesError/definition(space:problem:allowed:)`` where
  /// names or values are missing, repeated, or cannot stand in `name=value,name=value`, or where the space has fewer than
  /// two architectures or more than can be counted.
  func spellings() throws -> [[String]] {
    try SpaceDefinition.checkName(name)
    guard (1...Self.maximumParameters).contains(parameters.count) else {
      throw failure("\(parameters.count) parameters", "1 to \(Self.maximumParameters) parameters")
    }
    var names: Set<String> = []
    for parameter in parameters {
      try checkWord(parameter.name, "the parameter name")
      guard names.insert(parameter.name.lowercased()).inserted else {
        throw failure("two parameters are named \(parameter.name.debugDescription)", "names that differ in any case")
      }
    }
    let spellings = try parameters.map(spellings(of:))
    guard hasRanges || spellings.contains(where: { $0.count > 1 }) else {
      throw failure("it has a single architecture", "a parameter with two values or more")
    }
    return spellings
  }

  private func spellings(of parameter: Parameter) throws -> [String] {
    if parameter.range != nil { return [] }
    guard (1...Self.maximumValues).contains(parameter.values.count) else {
      throw failure(
        "\(parameter.name.debugDescription) has \(parameter.values.count) values", "1 to \(Self.maximumValues) values")
    }
    var known: Set<String> = []
    return try parameter.values.map { value in
      switch value {
      case .array, .object:
        throw failure("\(parameter.name.debugDescription) has a list or an object as value", "plain values")
      default: break
      }
      let spelling = value.plainText
      try checkWord(spelling, "a value of \(parameter.name.debugDescription)")
      guard known.insert(spelling.lowercased()).inserted else {
        throw failure(
          "\(parameter.name.debugDescription) has the value \(spelling) twice", "values that differ in any case")
      }
      return spelling
    }
  }

  private func checkWord(_ word: String, _ what: String) throws {
    let isPlain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "+-_.:/~|".utf8.contains(byte)
    }
    guard isPlain, (1...Self.maximumWordLength).contains(word.utf8.count) else {
      throw failure(
        "\(what) is \(word.prefix(40).debugDescription)",
        "1 to \(Self.maximumWordLength) letters and digits of ASCII and + - _ . : / ~ |")
    }
  }

  private func failure(_ problem: String, _ allowed: String) -> SpacesError {
    .definition(space: name, problem: problem, allowed: allowed)
  }
}

// MARK: As JSON

extension GridDefinition.Parameter: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, kind, values, range
  }

  private enum RangeKeys: String, CodingKey {
    case minimum, maximum, scale
  }

  /// Throws ``SpacesError/definition(space:problem:allowed:)`` where a parameter has both values and a range, lacks the one
  /// that its kind needs, has a key that is not known, or has ends that are no range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    kind = try container.decode(Kind.self, forKey: .kind)
    let isRange = kind == .integer || kind == .real
    try Self.check(try [String: JSONValue](from: decoder), ["name", "kind", isRange ? "range" : "values"], of: name)
    guard isRange else {
      values = try container.decode([JSONValue].self, forKey: .values)
      return
    }
    values = []
    let members = try container.decode([String: JSONValue].self, forKey: .range)
    try Self.check(members, ["minimum", "maximum"], optional: ["scale"], of: "\(name), range")
    let given = try container.nestedContainer(keyedBy: RangeKeys.self, forKey: .range)
    let (minimum, maximum) = (
      try given.decode(Double.self, forKey: .minimum), try given.decode(Double.self, forKey: .maximum)
    )
    range = ParameterRange(
      minimum: minimum, maximum: maximum,
      scale: try given.decodeIfPresent(ParameterRange.Scale.self, forKey: .scale) ?? .linear,
      isInteger: kind == .integer)
    if range == nil {
      throw SpacesError.definition(
        space: name, problem: "the parameter has the range \(minimum) to \(maximum)", allowed: ParameterRange.allowed)
    }
  }

  /// Throws where `members` lacks one of `needed` or has another key.
  private static func check(
    _ members: [String: JSONValue], _ needed: [String], optional: [String] = [], of what: String
  ) throws {
    let known = needed + optional
    let absent = needed.first { members[$0] == nil }.map { "\($0) is absent" }
    let unknown = members.keys.sorted().first { !known.contains($0) }.map {
      "the key \($0.debugDescription) is unknown"
    }
    if let problem = absent ?? unknown {
      throw SpacesError.definition(space: what, problem: problem, allowed: known.joined(separator: ", "))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    guard let range else { return try container.encode(values, forKey: .values) }
    var ends = container.nestedContainer(keyedBy: RangeKeys.self, forKey: .range)
    try ends.encode(range.minimum, forKey: .minimum)
    try ends.encode(range.maximum, forKey: .maximum)
    if range.scale == .log { try ends.encode(range.scale, forKey: .scale) }
  }
}
