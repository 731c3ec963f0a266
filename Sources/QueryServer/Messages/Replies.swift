import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat
import Records

/// How answers are put into responses.
enum Reply {
  /// An answer as canonical JSON.
  static func json(_ value: some Encodable, entityTag: String? = nil) throws -> Response {
    var data = try CanonicalJSON.encode(value)
    data.append(UInt8(ascii: "\n"))
    return json(ByteBuffer(data: data), entityTag: entityTag)
  }

  static func json(_ text: JSONText, entityTag: String? = nil) -> Response {
    json(text.buffer, entityTag: entityTag)
  }

  private static func json(_ buffer: ByteBuffer, entityTag: String?) -> Response {
    var headers: HTTPFields = [.contentType: "application/json"]
    if let entityTag {
      headers[.eTag] = entityTag
      headers[.cacheControl] = "no-cache"
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: buffer))
  }

  static func bytes(_ buffer: ByteBuffer, type: String) -> Response {
    Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: buffer))
  }

  static func problem(_ problem: Problem) -> Response {
    var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
    if let seconds = problem.retryAfterSeconds { headers[.retryAfter] = "\(seconds)" }
    let data = (try? CanonicalJSON.encode(problem)) ?? Data()
    return Response(
      status: problem.httpStatus, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(data: data)))
  }
}
