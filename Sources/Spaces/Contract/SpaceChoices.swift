public import Records

/// A space as choices between values, for tools that search by configurations: what can be chosen, what stands only
/// beside certain other choices, and how a configuration is spelled.
public struct SpaceChoices: Hashable, Sendable {
  public struct Choice: Hashable, Sendable {
    /// The listed values of an earlier choice beside which alone a choice has a meaning.
    public struct Condition: Hashable, Sendable {
      public let choice: String
      public let values: [JSONValue]
    }

    /// Letters, digits and underscores, or the name of a grid's parameter.
    public let name: String
    /// Empty where the values are numbers of a ``range``.
    public let values: [JSONValue]
    /// Nil where values are listed.
    public let range: ParameterRange?
    /// Whether the order of values means something.
    public let isOrdered: Bool
    /// Nil where the choice always stands.
    public let condition: Condition?
    /// What values are spelled as, where it is other than themselves. May name later choices in braces.
    public let words: [JSONValue: String]

    public init(
      _ name: String, _ values: [JSONValue], isOrdered: Bool = false, when condition: Condition? = nil,
      words: [JSONValue: String] = [:]
    ) {
      self.name = name
      self.values = values
      range = nil
      self.isOrdered = isOrdered
      self.condition = condition
      self.words = words
    }

    /// A number from a range; its word is the number as canonical JSON has it.
    public init(_ name: String, in range: ParameterRange, when condition: Condition? = nil) {
      self.name = name
      values = []
      self.range = range
      isOrdered = true
      self.condition = condition
      words = [:]
    }

    /// The condition that this choice has one of `values`.
    public func isOne(of values: [JSONValue]) -> Condition { Condition(choice: name, values: values) }
  }

  /// A choice comes behind the one that its condition speaks of.
  public let choices: [Choice]
  /// The text of an architecture: each `{name}` stands for the word of that choice's value, until none is left.
  public let template: String
  /// Values that together are no architecture.
  public let forbidden: [Configuration]
  /// Whether every architecture has exactly one configuration. Where several spell one architecture, one of them is
  /// canonical, and the space says which.
  public let isOneToOne: Bool
  /// Words for an operation that values of several choices use, such as `gru`: by word and choice, these values.
  public let operations: [String: [String: [JSONValue]]]
  /// Which configurations are no architecture though they are not ``forbidden``, where conditions cannot tell.
  public let invalid: String?
  /// What one should know before one searches.
  public let remark: String?

  public init(
    _ choices: [Choice], template: String, forbidden: [Configuration] = [], isOneToOne: Bool = true,
    operations: [String: [String: [JSONValue]]] = [:], invalid: String? = nil, remark: String? = nil
  ) {
    self.choices = choices
    self.template = template
    self.forbidden = forbidden
    self.isOneToOne = isOneToOne
    self.operations = operations
    self.invalid = invalid
    self.remark = remark
  }
}
