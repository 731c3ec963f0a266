/// How runs are trained: every setting that changes a number, and the digest of them.
public struct ProtocolCard: Hashable, Sendable, Codable {
  public var name: String
  /// Digest of the canonical JSON of `settings`.
  public var digest: Digest256
  public var settings: JSONValue

  public init(name: String, settings: JSONValue) throws {
    self.name = name
    self.settings = settings
    digest = try CanonicalJSON.digest(settings)
  }
}
