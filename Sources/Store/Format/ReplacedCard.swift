public import Records

/// A card that another one replaced, as the manifest keeps it.
public struct ReplacedCard: Hashable, Sendable, Codable {
  /// `source`, `space`, `metric`, `dataset` or `protocol`.
  public let kind: String
  public let name: String
  /// Digest of the prepared data or of the settings, for the card of a data set or a protocol.
  public let digest: Digest256?
  /// SHA-256 of the canonical JSON of the card.
  public let cardDigest: Digest256
  public let card: JSONValue
}
