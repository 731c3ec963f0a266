import NIOCore
import NIOHTTPTypes

/// Ends connections that take too long: a request that has begun and does not end, an answer that nobody takes.
///
/// The framework's idle time starts anew with every byte, so a body that drips would hold a connection for ever, and a
/// client that reads nothing would hold an answer.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let requestTime: TimeAmount
  private let stallTime: TimeAmount
  private var requestDeadline: Scheduled<Void>?
  private var stallDeadline: Scheduled<Void>?
  private var unwritten = 0

  init(requestSeconds: Int, stallSeconds: Int) {
    requestTime = .seconds(Int64(requestSeconds))
    stallTime = .seconds(Int64(stallSeconds))
  }

  func channelActive(context: ChannelHandlerContext) {
    // The head has to come in time too.
    startRequest(context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: startRequest(context)
    case .body: break
    case .end: endRequest()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    unwritten += 1
    if stallDeadline == nil { startStall(context) }
    let written = promise ?? context.eventLoop.makePromise()
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    written.futureResult.whenComplete { _ in
      let (guardian, context) = bound.value
      guardian.unwritten -= 1
      guardian.stallDeadline?.cancel()
      guardian.stallDeadline = nil
      if guardian.unwritten > 0, context.channel.isActive { guardian.startStall(context) }
    }
    context.write(data, promise: written)
  }

  func channelInactive(context: ChannelHandlerContext) {
    endRequest()
    stallDeadline?.cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    endRequest()
    stallDeadline?.cancel()
  }

  private func startRequest(_ context: ChannelHandlerContext) {
    endRequest()
    requestDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: requestTime) { context.close(promise: nil) }
  }

  private func endRequest() {
    requestDeadline?.cancel()
    requestDeadline = nil
  }

  private func startStall(_ context: ChannelHandlerContext) {
    stallDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: stallTime) { context.close(promise: nil) }
  }
}
