/// Answers of one JSON object a line.
enum NDJSON {
  static let contentType = "application/x-ndjson"
  /// Lines are sent together until they are so long.
  static let chunkBytes = 65_536

  /// Whether the value of an `Accept` field asks for it by name.
  static func isWished(_ accept: String?) -> Bool {
    accept?.split(separator: ",").contains { part in
      part.drop { $0 == " " }.prefix { $0 != ";" && $0 != " " } == contentType
    } ?? false
  }
}
