import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends connections that take too long: a request that has begun and does not end, an answer that nobody takes. Answers
/// what is no HTTP with a problem, as everything else.
///
/// The framework's idle time starts anew with every byte, so a body that drips would hold a connection for ever, and a
/// client that reads nothing would hold an answer. And where the framework ends a connection that is idle or draining, it
/// drops what the client has not taken of its answer yet; here the end waits for that. One timer a connection looks at
/// all of it, and only while there is something to look at.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let requestTime: TimeAmount
  private let stallTime: TimeAmount
  private static let interval = TimeAmount.milliseconds(250)
  private var timer: Scheduled<Void>?

  /// When the request that is being read began.
  private var requestStart: NIODeadline?
  /// Whether a part arrived since the last time that all bytes were read.
  private var hasParts = false
  /// Requests whose answer has not ended.
  private var unanswered = 0
  private var isAnswering = false
  /// Writes that the client has not taken, and when it last took one.
  private var untaken = 0
  private var lastTaken = NIODeadline.uptimeNanoseconds(0)
  /// The connection ends once the client has taken what is written.
  private var isClosing = false

  init(requestSeconds: Int, stallSeconds: Int) {
    requestTime = .seconds(Int64(requestSeconds))
    stallTime = .seconds(Int64(stallSeconds))
  }

  // MARK: Reading

  func channelActive(context: ChannelHandlerContext) {
    // The first head has to come in time too.
    requestStart = .now()
    watch(context)
    context.fireChannelActive()
  }

  func handlerAdded(context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    requestStart = .now()
    watch(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Whoever asks on a connection that ends asks again on another one.
    guard !isClosing else { return }
    hasParts = true
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      if requestStart == nil { requestStart = .now() }
      watch(context)
    case .body: break
    case .end: requestStart = nil
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // Bytes that made no part are the beginning of a head.
    if !hasParts, requestStart == nil, unanswered == 0 {
      requestStart = .now()
      watch(context)
    }
    hasParts = false
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
    let isHeaderOverflow = error == .headerOverflow
    refuse(
      context,
      isHeaderOverflow
        ? Problem(
          .requestHeaderFieldsTooLarge, "server.header_too_long", "the head of the request is too long",
          hint: "send fewer or shorter header fields")
        : Problem(.badRequest, "server.no_http", "this is no HTTP/1.1: \(error)", hint: "see RFC 9112"))
  }

  // MARK: Writing

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head:
      isAnswering = true
      context.write(data, promise: promise)
      return
    case .body: break
    case .end:
      isAnswering = false
      unanswered -= 1
    }
    if untaken == 0 { lastTaken = .now() }
    untaken += 1
    watch(context)
    let written = promise ?? context.eventLoop.makePromise()
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.untaken -= 1
      self.lastTaken = .now()
      if self.isClosing, self.untaken == 0 { context.close(promise: nil) }
    }
    context.write(data, promise: written)
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, untaken > 0 else { return context.close(mode: mode, promise: promise) }
    isClosing = true
    if let promise { context.channel.closeFuture.cascade(to: promise) }
    watch(context)
  }

  // MARK: Time

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
  }

  private func watch(_ context: ChannelHandlerContext) {
    guard timer == nil else { return }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) {
      self.timer = nil
      self.look(context)
    }
  }

  private func look(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    let now = NIODeadline.now()
    if untaken > 0, now - lastTaken > stallTime {
      context.close(promise: nil)
    } else if let requestStart, now - requestStart > requestTime {
      let seconds = requestTime.nanoseconds / 1_000_000_000
      refuse(
        context,
        Problem(
          .requestTimeout, "server.request_time", "the request did not end within \(seconds) s",
          hint: "send it faster, or in parts"))
    } else if untaken > 0 || requestStart != nil {
      watch(context)
    }
  }

  /// Answers with a problem where no answer has begun, and ends the connection.
  ///
  /// Straight behind the encoder, as bytes: the handlers between count answers against requests, and what is refused here
  /// may be no request (the compressor ends the process for an answer without one).
  private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
    guard !isAnswering,
      let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    else { return context.close(promise: nil) }
    isAnswering = true
    let channel = context.channel
    encoder.writeAndFlush(NIOAny(problem.lastAnswer)).assumeIsolated().whenComplete { _ in
      channel.close(promise: nil)
    }
  }
}

extension Problem {
  /// The bytes of the last answer of a connection.
  fileprivate var lastAnswer: ByteBuffer {
    let body = Reply.bytes(of: self)
    let head = """
      HTTP/1.1 \(status) \(title)\r
      Content-Type: application/problem+json\r
      Content-Length: \(body.readableBytes)\r
      Cache-Control: no-store\r
      X-Content-Type-Options: nosniff\r
      Connection: close\r
      \r

      """
    var answer = ByteBuffer(string: head)
    answer.writeImmutableBuffer(body)
    return answer
  }
}
