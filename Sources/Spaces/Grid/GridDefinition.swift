public import Records

/// What a grid space is made of, as the `space` line of an interchange file says it.
public struct GridDefinition: Hashable, Sendable, Codable {
  /// A choice among listed values.
  public struct Parameter: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
      /// The order of values means something; neighbors stand beside each other in the list.
      case ordinal
      /// Every value is as near to every other.
      case categorical
    }

    public var name: String
    public var kind: Kind
    /// Numbers, strings, true and false, or null.
    public var values: [JSONValue]

    public init(name: String, kind: Kind, values: [JSONValue]) {
      self.name = name
      self.kind = kind
      self.values = values
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

  /// The spellings of each parameter's values, in order. Throws ``SpacesError/definition(space:problem:allowed:)`` where
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
    guard spellings.contains(where: { $0.count > 1 }) else {
      throw failure("it has a single architecture", "a parameter with two values or more")
    }
    return spellings
  }

  private func spellings(of parameter: Parameter) throws -> [String] {
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
