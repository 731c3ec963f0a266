import HTTPTypes
import Hummingbird
import NIOCore

/// Sends the body of an answer in pieces, each once the thread of the connection has taken the one before.
///
/// Writes are handed to that thread, and only there does a connection notice that its client reads nothing: without the
/// wait, whoever writes is ahead by everything that the thread has not come to yet, which is gigabytes for a thousand
/// clients. With it, at most 128 KiB of an answer wait in a connection. The thread also never compresses more than one
/// piece at once, so that other connections have their turn.
struct PacedWriter: ResponseBodyWriter {
  /// NIO takes no more from 64 KiB on: one piece beyond that, and one that waits here.
  static let pieceBytes = 32_768

  private var connection: any ResponseBodyWriter
  private let eventLoop: any EventLoop

  /// The body, sent this way on a connection of `eventLoop`. `holding` lives until it is sent.
  static func body(_ body: ResponseBody, on eventLoop: any EventLoop, holding: (any Sendable)? = nil) -> ResponseBody {
    // A body of one piece has nothing to wait for, and waiting would cost two changes of threads.
    let isShort = body.contentLength.map { $0 <= pieceBytes } ?? false
    if isShort, holding == nil { return body }
    return ResponseBody(contentLength: body.contentLength) { writer in
      if isShort {
        try await body.write(writer)
      } else {
        try await body.write(PacedWriter(connection: writer, eventLoop: eventLoop))
      }
      withExtendedLifetime(holding) {}
    }
  }

  mutating func write(_ buffer: ByteBuffer) async throws {
    var rest = buffer
    while rest.readableBytes > 0, let piece = rest.readSlice(length: min(Self.pieceBytes, rest.readableBytes)) {
      try await connection.write(piece)
      try await eventLoop.submit {}.get()
    }
  }

  consuming func finish(_ trailingHeaders: HTTPFields?) async throws { try await connection.finish(trailingHeaders) }
}
