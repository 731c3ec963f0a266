import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypesHTTP1

/// Puts the compressor where it belongs: between the parser and what turns its parts into the types of the server. It has
/// nothing to do itself.
final class Compression: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  /// Below this an answer is longer compressed, or hardly shorter.
  private static let leastBytes = 1_024

  func handlerAdded(context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    let compressor = HTTPResponseCompressor { head, _ in
      Self.isWorthwhile(head) ? .compressIfPossible : .doNotCompress
    }
    do {
      let codec = try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self)
      guard let codec = codec.handler as? HTTP1ToHTTPServerCodec else { return }
      try pipeline.addHandler(compressor, position: .before(codec))
    } catch {
      context.fireErrorCaught(error)
    }
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
