import NIOCore

/// Says on a new connection why nothing is answered on it, and closes it once its client has read that, or soon.
///
/// A connection that is closed with unread bytes is reset, and its client may lose the answer; so what it sends is read
/// and dropped for a moment.
final class RefusedConnection: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private static let patience = TimeAmount.seconds(1)
  /// Nil where there is nothing to say.
  private let problem: Problem?

  init(_ problem: Problem?) { self.problem = problem }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { refuse(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    refuse(context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  private func refuse(_ context: ChannelHandlerContext) {
    guard let problem else { return context.close(promise: nil) }
    context.writeAndFlush(NIOAny(problem.lastAnswer), promise: nil)
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
  }
}
