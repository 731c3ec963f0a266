public import Records

/// A run's identity in 128 bits, for ledgers that must be quick; written as 32 lower-case hexadecimal digits.
public struct RunNumber: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The run of an architecture, where each has one.
  public init(_ id: ArchitectureID) { self.init(high: id.high, low: id.low) }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let words = Hexadecimal.words(text, count: 2) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(text) is not a run number of 32 hex digits"))
    }
    self.init(high: words[0], low: words[1])
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  public var description: String {
    Hexadecimal.text([high, low])
  }

  public static func < (left: RunNumber, right: RunNumber) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
