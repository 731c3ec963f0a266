import HTTPTypes
import Hummingbird
import NIOCore

/// Answers of one JSON object a line.
enum NDJSON {
  static let contentType = "application/x-ndjson"
  /// Lines are sent together until they are so long.
  static let chunkBytes = 65_536

  static func response(_ buffer: ByteBuffer) -> Response {
    Response(status: .ok, headers: [.contentType: contentType], body: ResponseBody(byteBuffer: buffer))
  }
}
