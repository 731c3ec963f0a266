import NIOHTTP1
import NIOHTTPCompression

/// Which answers are worth compressing.
enum Compression {
  /// Below this an answer is longer compressed, or hardly shorter.
  static let leastBytes = 1_024

  static func compressor() -> HTTPResponseCompressor {
    HTTPResponseCompressor { head, _ in isWorthwhile(head) ? .compressIfPossible : .doNotCompress }
  }

  /// Texts of some length; streams of lines too, but no file, for ranges count its bytes.
  private static func isWorthwhile(_ head: HTTPResponseHead) -> Bool {
    guard head.status == .ok, head.headers["accept-ranges"].isEmpty,
      let type = head.headers.first(name: "content-type"),
      type.hasPrefix("application/json") || type.hasPrefix("application/x-ndjson") || type.hasPrefix("text/")
        || type.hasPrefix("application/openapi")
    else { return false }
    return head.headers.first(name: "content-length").flatMap { Int($0) }.map { $0 >= leastBytes } ?? true
  }
}
