/// The sizes of a network of a predictor.
protocol NetworkShape: Hashable, Sendable, Codable {
  /// Scalars of all parameters, of sizes that ``check()`` lets pass.
  var count: Int { get }
  /// Throws ``SurrogatesError/shape(_:)`` for sizes that no network has or that memory does not hold.
  func check() throws
}
