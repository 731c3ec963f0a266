import NIOHTTP1
import NIOHTTPCompression

/// Which answers are worth compressing.
enum Compression {
  /// Below this an answer is longer compressed, or hardly shorter.
  static let leastBytes = 1_024

  static func compressor() -> HTTPResponseCompressor {
    HTTPResponseCompressor { head, isSupported in
      guard isWorthwhile(head) else { return .doNotCompress }
      // The head may leave before the last piece is compressed, and the plain length would be wrong.
      if isSupported { head.headers.remove(name: "content-length") }
      return .compressIfPossible
    }
  }

  /// Whether bytes of this type become much shorter.
  static func isText(_ type: String) -> Bool {
    type.hasPrefix("application/json") || type.hasPrefix("application/x-ndjson") || type.hasPrefix("text/")
      || type.hasPrefix("application/openapi")
  }

  /// Whether a client takes gzip, by the header `Accept-Encoding`: named, and not with the weight 0.
  static func takesGzip(_ accepted: String?) -> Bool {
    accepted?.lowercased().split(separator: ",").contains { part in
      let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
      return words.first == "gzip"
        && !words.dropFirst().contains { $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0 }
    } ?? false
  }

  /// Texts of some length that are not compressed yet, and streams of lines. No file: ranges count its bytes.
  private static func isWorthwhile(_ head: HTTPResponseHead) -> Bool {
    guard head.status == .ok, head.headers["accept-ranges"].isEmpty, head.headers["content-encoding"].isEmpty,
      let type = head.headers.first(name: "content-type"), isText(type)
    else { return false }
    return head.headers.first(name: "content-length").flatMap { Int($0) }.map { $0 >= leastBytes } ?? true
  }
}
