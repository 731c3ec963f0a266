import HTTPTypes
import NIOCore

/// The fields that every answer has, whatever it says.
struct CommonFields: Sendable {
  let fields: [(name: HTTPField.Name, value: String)]

  init(_ settings: ServerSettings) {
    var fields: [(HTTPField.Name, String)] = [
      (.xContentTypeOptions, "nosniff"), (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
      (Self.field("Referrer-Policy"), "no-referrer"),
    ]
    if settings.corsOrigin == "none" {
      fields += [(Self.field("Cross-Origin-Resource-Policy"), "same-origin"), (.vary, "Accept-Encoding")]
    } else {
      fields += [
        (.accessControlAllowOrigin, settings.corsOrigin),
        (.accessControlExposeHeaders, "ETag, Retry-After, X-Request-ID, Content-Range"),
        (.vary, "Accept-Encoding, Origin"),
      ]
    }
    self.fields = fields
  }

  /// Sets them, but for a policy of content that an answer has of its own.
  func add(to headers: inout HTTPFields) {
    for (name, value) in fields where name != .contentSecurityPolicy || headers[name] == nil { headers[name] = value }
  }

  /// Lines of HTTP/1.1, with the name of the server.
  func bytes(without left: HTTPField.Name? = nil) -> ByteBuffer {
    var bytes = ByteBuffer()
    for (name, value) in fields where name != left { bytes.writeString("\(name.rawName): \(value)\r\n") }
    bytes.writeString("Server: \(QueryServer.name)\r\n")
    return bytes
  }

  private static func field(_ name: String) -> HTTPField.Name {
    guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a name of a field") }
    return field
  }
}
