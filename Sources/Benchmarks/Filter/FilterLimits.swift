/// How long and how deep a filter may be.
public struct FilterLimits: Hashable, Sendable {
  /// The longest text, in bytes of UTF-8.
  public var bytes: Int
  /// How many parentheses and NOTs may be open at once.
  public var depth: Int

  public init(bytes: Int = 65_536, depth: Int = 200) {
    self.bytes = bytes
    self.depth = depth
  }

  /// 64 KiB and 200 levels.
  public static let standard = FilterLimits()
}
