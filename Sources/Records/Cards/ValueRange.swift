/// The values that a metric can take: a closed interval, of which one end may be open.
public struct ValueRange: Hashable, Sendable, Codable {
  public let minimum: Double?
  public let maximum: Double?

  /// Nil for an interval without ends, with an end that is not finite, or whose ends are the wrong way round.
  public init?(minimum: Double? = nil, maximum: Double? = nil) {
    guard minimum != nil || maximum != nil, minimum?.isFinite ?? true, maximum?.isFinite ?? true,
      minimum ?? -.infinity <= maximum ?? .infinity
    else { return nil }
    self.minimum = minimum
    self.maximum = maximum
  }

  private enum CodingKeys: String, CodingKey { case minimum, maximum }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard
      let range = ValueRange(
        minimum: try container.decodeIfPresent(Double.self, forKey: .minimum),
        maximum: try container.decodeIfPresent(Double.self, forKey: .maximum))
    else {
      throw container.failure("a range has a finite minimum, a finite maximum, or both in this order")
    }
    self = range
  }

  /// True for values within both ends and for NaN, which stands for the lack of a value.
  public func contains(_ value: Double) -> Bool {
    !(value < minimum ?? -.infinity || value > maximum ?? .infinity)
  }

  /// The interval in words, for example `0 to 100`, `at least 0`.
  public var words: String {
    switch (minimum, maximum) {
    case (let minimum?, let maximum?): "\(minimum) to \(maximum)"
    case (let minimum?, nil): "at least \(minimum)"
    case (nil, let maximum): "at most \(maximum ?? .infinity)"
    }
  }
}
