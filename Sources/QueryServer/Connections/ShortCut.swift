import NIOCore
import NIOHTTP1

/// Answers short questions on the thread where their bytes arrive: no task is made and no router asked. Whatever
/// ``ShortAnswers`` does not take goes on as it came.
final class ShortCut: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  private let answers: ShortAnswers
  private let connection: ConnectionGuard
  private var question: ShortAnswers.Question?
  private var isAnswered = false
  /// The address of the client, without its port.
  private var address: String?

  init(_ answers: ShortAnswers, _ connection: ConnectionGuard) {
    self.answers = answers
    self.connection = connection
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), question) {
    // An answer must not overtake those that the router still owes.
    case (.head(let head), _) where connection.unanswered == 1:
      question = answers.question(head)
      if question == nil { context.fireChannelRead(data) }
    case (.body(let bytes), .some): question?.append(bytes)
    case (.end(let trailers), let asked?):
      question = nil
      if let bytes = answers.answer(asked, address: address(context)) {
        connection.answer(bytes, context)
        isAnswered = true
      } else {
        context.fireChannelRead(wrapInboundOut(.head(asked.head)))
        if let body = asked.body { context.fireChannelRead(wrapInboundOut(.body(body))) }
        context.fireChannelRead(wrapInboundOut(.end(trailers)))
      }
    default: context.fireChannelRead(data)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if isAnswered {
      isAnswered = false
      context.flush()
    }
    context.fireChannelReadComplete()
  }

  private func address(_ context: ChannelHandlerContext) -> String {
    if let address { return address }
    let found = context.channel.remoteAddress?.ipAddress ?? ""
    address = found
    return found
  }
}
