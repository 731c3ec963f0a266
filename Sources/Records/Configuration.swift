/// Named choices, such as the hyperparameters of a network: `{"channels_1": 8, "activation": "relu"}`.
///
/// A configuration knows no rules. The space that it is for says which names and values there are, and which architecture
/// it spells.
public struct Configuration: Hashable, Sendable {
  public var values: [String: JSONValue]

  public init(_ values: [String: JSONValue] = [:]) { self.values = values }

  /// The value chosen under `name`; nil where nothing is chosen.
  public subscript(name: String) -> JSONValue? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// The chosen names, ascending.
  public var names: [String] { values.keys.sorted() }
}

extension Configuration: ExpressibleByDictionaryLiteral {
  /// Of a name given twice, the last value counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(Dictionary(elements) { $1 })
  }
}

/// As a plain JSON object.
extension Configuration: Codable {
  public init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([String: JSONValue].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}

extension Configuration: CustomStringConvertible {
  /// `activation=relu, channels_1=8`, by name.
  public var description: String {
    values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.plainText)" }.joined(separator: ", ")
  }
}

extension JSONValue {
  /// An integer or a number as one; nil for other values.
  package var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  /// A text as it is, anything else as canonical JSON: how values are written in texts, tables and errors.
  public var plainText: String {
    if case .string(let text) = self { return text }
    return (try? CanonicalJSON.text(self)) ?? "a number without a spelling"
  }
}
