import HTTPTypes
import NIOCore
import NIOHTTP1

/// Decides when a connection ends: where nothing is asked on it, where a request has begun and does not end, where nobody
/// takes an answer, and once all is answered when the server stops. Answers invalid HTTP with a problem, behind the
/// answers to the requests before it.
///
/// A body that drips must not hold a connection for ever, nor a client that reads nothing an answer; and what a client
/// has not taken of its answer yet is not dropped where a connection is idle or the server stops: the end waits for it.
/// Requests are watched by a timer only while there is one.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let requestTime: TimeAmount
  private let stallTime: TimeAmount
  private let idleTime: TimeAmount
  private static let interval = TimeAmount.milliseconds(250)
  private var timer: Scheduled<Void>?
  private var idleTimer: Scheduled<Void>?

  /// When the request that is being read began.
  private var requestStart: NIODeadline?
  /// Whether a part arrived since the last time that all bytes were read.
  private var hasParts = false
  /// Requests whose answer has not ended.
  private(set) var unanswered = 0
  /// A request whose end has not come, and whether it is answered already.
  private var openRequest: OpenRequest?
  private enum OpenRequest { case unanswered, answered }
  /// Why the connection ends once the requests before are answered.
  private var refusal: Problem?
  /// When something of a request was last read, or an answer ended.
  private var lastActive = NIODeadline.uptimeNanoseconds(0)
  private var isAnswering = false
  /// Writes that the client has not taken, and when it last took one.
  private var untaken = 0
  private var lastTaken = NIODeadline.uptimeNanoseconds(0)
  /// The connection ends once all is answered.
  private var isQuiescing = false
  /// The connection ends once the client has taken what is written.
  private var isClosing = false
  /// Where answers become bytes.
  private var encoder: ChannelHandlerContext?

  init(_ settings: ServerSettings) {
    requestTime = .seconds(Int64(settings.requestSeconds))
    stallTime = .seconds(Int64(settings.stallSeconds))
    idleTime = .seconds(Int64(settings.idleSeconds))
  }

  // MARK: Reading

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  func handlerAdded(context: ChannelHandlerContext) {
    encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    if context.channel.isActive { begin(context) }
  }

  private func begin(_ context: ChannelHandlerContext) {
    // The first head has to come in time too.
    lastActive = .now()
    requestStart = lastActive
    watch(context)
    watchIdleness(context, after: idleTime)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Whoever asks on a connection that ends asks again on another one.
    guard !isClosing, refusal == nil else { return }
    hasParts = true
    lastActive = .now()
    switch unwrapInboundIn(data) {
    case .head(let head):
      if let problem = Self.problem(head) { return refuse(context, problem) }
      unanswered += 1
      openRequest = .unanswered
      if requestStart == nil { requestStart = lastActive }
      watch(context)
    case .body: break
    case .end:
      requestStart = nil
      openRequest = nil
    }
    context.fireChannelRead(data)
  }

  /// What is wrong with a head: it says on exactly one line for which host it is (RFC 9112, 3.2).
  private static func problem(_ head: HTTPRequestHead) -> Problem? {
    var hosts = 0
    for (name, _) in head.headers where name.utf8.count == 4 && name.lowercased() == "host" { hosts += 1 }
    guard hosts > 1 || hosts == 0 && (head.version.major, head.version.minor) >= (1, 1) else { return nil }
    return Problem(
      .badRequest, "server.host", "the request has \(hosts) Host fields", hint: "send exactly one Host field")
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // Bytes that made no part are the beginning of a head.
    if !hasParts, requestStart == nil, unanswered == 0, refusal == nil {
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
        : Problem(.badRequest, "server.no_http", "this is not HTTP/1.1: \(error)", hint: "see RFC 9112"))
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
    isQuiescing = true
    if unanswered == 0 { end(context) }
  }

  // MARK: Writing

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head:
      isAnswering = true
      return context.write(data, promise: promise)
    case .body:
      context.write(data, promise: counted(context, promise))
    case .end:
      context.write(data, promise: counted(context, promise))
      isAnswering = false
      answered(context)
    }
  }

  /// Writes a whole answer in bytes, to the one request that has none.
  func answer(_ answer: ShortAnswers.Answer, _ context: ChannelHandlerContext) {
    if let body = answer.body {
      encoder?.write(NIOAny(answer.head), promise: nil)
      encoder?.write(NIOAny(body), promise: counted(context, nil))
    } else {
      encoder?.write(NIOAny(answer.head), promise: counted(context, nil))
    }
    answered(context)
  }

  private func answered(_ context: ChannelHandlerContext) {
    if unanswered == 1, openRequest != nil { openRequest = .answered }
    unanswered -= 1
    lastActive = .now()
    if let refusal { return refuse(context, refusal) }
    guard isQuiescing, unanswered == 0 else { return }
    context.flush()
    end(context)
  }

  /// The promise of a write that counts among those that the client has to take.
  private func counted(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) -> EventLoopPromise<Void> {
    if untaken == 0 { lastTaken = .now() }
    untaken += 1
    watch(context)
    let written = promise ?? context.eventLoop.makePromise()
    let channel = context.channel
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.untaken -= 1
      self.lastTaken = .now()
      if self.isClosing, self.untaken == 0 { channel.close(promise: nil) }
    }
    return written
  }

  /// Ends the connection once the client has taken what is written.
  private func end(_ context: ChannelHandlerContext) { close(context: context, mode: .all, promise: nil) }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, untaken > 0 else { return context.close(mode: mode, promise: promise) }
    isClosing = true
    if let promise { context.channel.closeFuture.cascade(to: promise) }
    watch(context)
  }

  // MARK: Time

  func channelInactive(context: ChannelHandlerContext) {
    forget()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { forget() }

  private func forget() {
    timer?.cancel()
    timer = nil
    idleTimer?.cancel()
    idleTimer = nil
    encoder = nil
  }

  private func watchIdleness(_ context: ChannelHandlerContext, after time: TimeAmount) {
    idleTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
      guard context.channel.isActive else { return }
      let idle = NIODeadline.now() - self.lastActive
      if self.unanswered > 0 {
        self.watchIdleness(context, after: self.idleTime)
      } else if idle < self.idleTime {
        self.watchIdleness(context, after: self.idleTime - idle)
      } else {
        self.end(context)
      }
    }
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
          hint: "send the request faster, or split it"))
    } else if untaken > 0 || requestStart != nil {
      watch(context)
    }
  }

  /// Answers with a problem where no answer has begun, and ends the connection. Requests that came whole before it have
  /// their answers first.
  ///
  /// Straight behind the encoder, as bytes: the handlers between count answers against requests, and what is refused here
  /// may be no request (the compressor ends the process for an answer without one).
  private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
    refusal = problem
    requestStart = nil
    guard unanswered - (openRequest == .unanswered ? 1 : 0) <= 0 else { return }
    // Who sends the rest of a request that is answered already does not need another answer.
    guard openRequest != .answered else {
      context.flush()
      return end(context)
    }
    guard !isAnswering, let encoder else { return context.close(promise: nil) }
    isAnswering = true
    let channel = context.channel
    encoder.writeAndFlush(NIOAny(problem.lastAnswer)).assumeIsolated().whenComplete { _ in
      channel.close(promise: nil)
    }
  }
}

extension Problem {
  /// The bytes of the last answer of a connection.
  var lastAnswer: ByteBuffer {
    let body = Reply.bytes(of: self)
    let head = """
      HTTP/1.1 \(status) \(title)\r
      Content-Type: application/problem+json\r
      Content-Length: \(body.readableBytes)\r
      Cache-Control: no-store\r
      \(retryAfterSeconds.map { "Retry-After: \($0)\r\n" } ?? "")X-Content-Type-Options: nosniff\r
      Connection: close\r
      \r

      """
    var answer = ByteBuffer(string: head)
    answer.writeImmutableBuffer(body)
    return answer
  }
}
