/// A method, or a member of one, that learns from some of many architectures: its time grows with the cube of their number.
public struct LearningLimit: Hashable, Sendable, Codable {
  /// The name of the method or the member.
  public let method: String
  /// Architectures that it learns from, drawn by the seed.
  public let architectures: Int

  /// One limit where `count` is more than `largest`, else none.
  static func of(_ method: String, count: Int, largest: Int) -> [LearningLimit] {
    count > largest ? [LearningLimit(method: method, architectures: largest)] : []
  }
}
