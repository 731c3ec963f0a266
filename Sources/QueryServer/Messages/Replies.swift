import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat
import Records
import WebPages

/// How answers are put into responses.
enum Reply {
  /// An answer as canonical JSON.
  static func json(_ value: some Encodable) throws -> Response { json(try line(value)) }

  static func json(_ buffer: ByteBuffer) -> Response { bytes(buffer, type: "application/json") }

  static func bytes(_ buffer: ByteBuffer, type: String) -> Response {
    Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: buffer))
  }

  static func problem(_ problem: Problem) -> Response {
    var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
    if let seconds = problem.retryAfterSeconds { headers[.retryAfter] = "\(seconds)" }
    for (name, value) in problem.headers { HTTPField.Name(name).map { headers[$0] = value } }
    return Response(
      status: problem.httpStatus, headers: headers, body: ResponseBody(byteBuffer: bytes(of: problem)))
  }

  static func page(_ page: Page) -> Response {
    var headers: HTTPFields = [
      .contentType: page.type, .contentSecurityPolicy: WebPages.contentSecurityPolicy,
      .cacheControl: page.maximumAgeSeconds > 0 ? "public, max-age=\(page.maximumAgeSeconds)" : "no-cache",
    ]
    if page.status >= 400 { headers[.cacheControl] = "no-store" }
    return Response(
      status: HTTPResponse.Status(code: page.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
  }

  /// Canonical JSON and the end of a line.
  static func line(_ value: some Encodable) throws -> ByteBuffer {
    var data = try CanonicalJSON.encode(value)
    data.append(UInt8(ascii: "\n"))
    return ByteBuffer(data: data)
  }

  static func bytes(of problem: Problem) -> ByteBuffer {
    ByteBuffer(data: (try? CanonicalJSON.encode(problem)) ?? Data())
  }
}
