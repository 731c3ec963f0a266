/// Slots of a space's own 0/1 encoding that belong to one choice, with what each slot means.
public struct SlotGroup: Hashable, Sendable {
  /// The choice, for example `edge 0→1` or `encoder layer 2, heads`.
  public let name: String
  /// One a slot, in the order of the encoding.
  public let labels: [String]

  public init(_ name: String, _ labels: [String]) {
    self.name = name
    self.labels = labels
  }

  /// Unary slots: the first is 1 from the value 1 on, the second from 2 on.
  static func unary(_ name: String, count: Int) -> SlotGroup { SlotGroup(name, (1...count).map { "≥\($0)" }) }
}
