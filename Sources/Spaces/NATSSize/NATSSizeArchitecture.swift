/// The channels of the five stages of a network of the size space of NATS-Bench.
public struct NATSSizeArchitecture: Hashable, Sendable, CustomStringConvertible {
  public static let channelCounts = [8, 16, 24, 32, 40, 48, 56, 64]
  static let stages = 5

  /// By stage, the place in ``channelCounts``.
  let digits: [Int]

  init(digits: [Int]) {
    precondition(digits.count == Self.stages && digits.allSatisfy(Self.channelCounts.indices.contains))
    self.digits = digits
  }

  /// Throws ``SpacesError/vectorLength(found:allowed:unit:)`` or ``SpacesError/form(space:found:allowed:)``.
  public init(channels: [Int]) throws {
    guard channels.count == Self.stages else {
      throw SpacesError.vectorLength(found: channels.count, allowed: [Self.stages], unit: "channel counts")
    }
    digits = try channels.map { count in
      guard let digit = Self.channelCounts.firstIndex(of: count) else {
        throw SpacesError.form(
          space: NATSSizeSpace.spaceName, found: "\(count)", allowed: Self.channelCounts.map(String.init))
      }
      return digit
    }
  }

  /// Of the five stages, from input to output.
  public var channels: [Int] { digits.map { Self.channelCounts[$0] } }

  public var description: String { channels.map(String.init).joined(separator: ":") }
}
