/// What a web server sends: bytes with a type and a status.
public struct Page: Sendable {
  public let status: Int
  public let type: String
  public let text: String
  /// For how long browsers may keep it without asking again; 0 for pages that follow an atlas, which are renewed.
  public let maximumAgeSeconds: Int

  init(_ text: String, type: String = "text/html; charset=utf-8", status: Int = 200, maximumAgeSeconds: Int = 0) {
    self.text = text
    self.type = type
    self.status = status
    self.maximumAgeSeconds = maximumAgeSeconds
  }
}

/// What a browser asks for: the parts of a path and the names and values of a query, all decoded.
public struct PageRequest: Sendable {
  public let path: [String]
  public let query: [(name: String, value: String)]
  /// `http://host:port` as the browser knows the server, for lines to copy.
  public let origin: String

  public init(path: [String], query: [(name: String, value: String)], origin: String) {
    self.path = path
    self.query = query
    self.origin = origin
  }

  /// The first value of a name; nil where it is absent or empty.
  func value(_ name: String) -> String? { query.first { $0.name == name && !$0.value.isEmpty }?.value }

  func values(_ name: String) -> [String] { query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value) }
}
