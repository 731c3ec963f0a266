public import Records

/// What an optimizer may choose: an architecture, or a configuration of a grid, by its space and canonical text.
public struct Candidate: Hashable, Sendable, Codable, CustomStringConvertible {
  public let space: String
  public let canonicalText: String

  public init(space: String, canonicalText: String) {
    self.space = space
    self.canonicalText = canonicalText
  }

  public var id: ArchitectureID { ArchitectureID(space: space, canonicalText: canonicalText) }
  public var description: String { canonicalText }
}
