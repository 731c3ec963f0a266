public import Records

/// A space as choices between values, for tools that search by configurations: what can be chosen, what stands only
/// beside certain other choices, and how a configuration is spelled.
public struct SpaceChoices: Hashable, Sendable {
  public struct Choice: Hashable, Sendable {
    /// The values of an earlier choice beside which alone a choice has a meaning.
    public struct Condition: Hashable, Sendable {
      public let choice: String
      public let values: [JSONValue]
    }

    /// Letters, digits and underscores, or the name of a grid's parameter.
    public let name: String
    public let values: [JSONValue]
    /// Whether the order of values means something.
    public let isOrdered: Bool
    /// Nil where the choice always stands.
    public let condition: Condition?
    /// What values are spelled as, where it is other than themselves. May name further choices in braces.
    public let words: [JSONValue: String]

    public init(
      _ name: String, _ values: [JSONValue], isOrdered: Bool = false, when condition: Condition? = nil,
      words: [JSONValue: String] = [:]
    ) {
      self.name = name
      self.values = values
      self.isOrdered = isOrdered
      self.condition = condition
      self.words = words
    }

    /// The condition that this choice has one of `values`.
    public func isOne(of values: [JSONValue]) -> Condition { Condition(choice: name, values: values) }
  }

  /// A choice comes behind the one that its condition speaks of.
  public let choices: [Choice]
  /// The text of an architecture: each `{name}` stands for the word of that choice's value, until none is left.
  public let template: String
  /// Values that together are no architecture.
  public let forbidden: [[String: JSONValue]]
  /// Which configurations are no architecture though they are not ``forbidden``, where conditions cannot tell.
  public let invalid: String?
  /// What one should know before one searches.
  public let remark: String?

  public init(
    _ choices: [Choice], template: String, forbidden: [[String: JSONValue]] = [], invalid: String? = nil,
    remark: String? = nil
  ) {
    self.choices = choices
    self.template = template
    self.forbidden = forbidden
    self.invalid = invalid
    self.remark = remark
  }

  /// The text of a configuration, which the space reads where it is an architecture; nil where a name is not that of a
  /// choice, and where a choice that the text needs is missing or has none of its values.
  public func text(_ configuration: [String: JSONValue]) -> String? {
    let choices = Dictionary(uniqueKeysWithValues: choices.map { ($0.name, $0) })
    guard configuration.keys.allSatisfy({ choices[$0] != nil }) else { return nil }
    func spelled(_ text: Substring) -> String? {
      guard let open = text.firstIndex(of: "{") else { return String(text) }
      let rest = text[text.index(after: open)...]
      guard let close = rest.firstIndex(of: "}"), let choice = choices[String(rest[..<close])],
        let value = configuration[choice.name], choice.values.contains(value),
        let word = spelled(choice.word(value)[...]), let tail = spelled(rest[rest.index(after: close)...])
      else { return nil }
      return text[..<open] + word + tail
    }
    return spelled(template[...])
  }
}

extension SpaceChoices.Choice {
  fileprivate func word(_ value: JSONValue) -> String {
    if let word = words[value] { return word }
    if case .string(let text) = value { return text }
    return (try? CanonicalJSON.text(value)) ?? ""
  }
}
