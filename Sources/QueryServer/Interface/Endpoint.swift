import HTTPTypes
import Hummingbird
import NIOCore
import Records

/// One operation of the interface: where it is, what it takes and gives, and what it does. The router and the description
/// of the interface are both made of these.
struct Endpoint: Sendable {
  enum Handler: Sendable {
    case plain(@Sendable (Call) async throws -> Response)
    /// For paths with `{atlas}`.
    case atlas(@Sendable (Call, ServedAtlas) async throws -> Response)
    /// Takes a body. Checks first what costs little, such as whether a ledger exists; only then does the server read the
    /// body, and what is returned answers it.
    case posted(@Sendable (Call) throws -> Answering)
    case postedToAtlas(@Sendable (Call, ServedAtlas) throws -> Answering)
  }

  /// Answers a body that has arrived whole.
  typealias Answering = @Sendable (ByteBuffer) throws -> Response

  struct Body: Sendable {
    /// Schemas by content type.
    let content: [String: JSONValue]
  }

  let method: HTTPRequest.Method
  /// With names in braces: `/v1/atlases/{atlas}/value`.
  let path: String
  let summary: String
  var parameters: [Parameter] = []
  var body: Body?
  var status: HTTPResponse.Status = .ok
  /// Schemas of what it gives, by content type.
  let answer: [String: JSONValue]
  /// The answer follows from the atlas and the request alone, so it has the atlas's entity tag.
  var followsFromAtlas = false
  /// The answer is computed once and kept: it takes long, and many ask the same.
  var isKept = false
  /// It changes what the server keeps, so it needs a token where there are any.
  var writes = false
  /// The threads that compute the answer, for a limited time; nil where it takes no time worth mentioning.
  var work: LongWork?
  let handler: Handler

  /// Of an answer about an atlas. A URL with the digest means these very bytes for ever; one with the name is asked again,
  /// and costs a 304.
  func cacheControl(isPinned: Bool, _ settings: ServerSettings) -> String {
    guard isPinned, method == .get else { return "no-cache" }
    return "\(settings.readingNeedsToken ? "private" : "public"), max-age=31536000, immutable"
  }

  /// As the router spells it: `/v1/atlases/:atlas/value`.
  var routerPath: String {
    path.split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("{") ? ":" + $0.dropFirst().dropLast() : String($0) }.joined(separator: "/")
  }

  var pathNames: [String] {
    path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
  }

  /// Whether a path of a request is one of this operation.
  func matches(_ path: String) -> Bool {
    let (own, found) = (self.path.split(separator: "/"), path.split(separator: "/"))
    return own.count == found.count && zip(own, found).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}

extension Endpoint {
  static func json(_ schema: JSONValue) -> [String: JSONValue] { ["application/json": schema] }
}
