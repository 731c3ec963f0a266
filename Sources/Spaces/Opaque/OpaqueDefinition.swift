/// The name of an opaque space, as the `space` line of an interchange file says it.
public struct OpaqueDefinition: Hashable, Sendable, Codable {
  public var name: String
  public var title: String?
  public var citation: String?

  public init(name: String, title: String? = nil, citation: String? = nil) {
    self.name = name
    self.title = title
    self.citation = citation
  }
}
