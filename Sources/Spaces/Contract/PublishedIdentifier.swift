/// A name that a published table gives an architecture, such as its number in the table's order.
public struct PublishedIdentifier: Hashable, Sendable, CustomStringConvertible {
  /// What kind of name it is, for example `nats`.
  public let name: String
  /// For example `6111`.
  public let value: String

  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// The form that ``Space/parse(_:)`` reads: `nats:6111`.
  public var description: String { "\(name):\(value)" }
}
