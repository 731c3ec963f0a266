import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers short questions where their bytes arrive: no task is made and no router asked. One value is told at once, on
/// the thread of the connection; values of many are worked out on another one, and what comes on the connection meanwhile
/// waits. Whatever ``ShortAnswers`` does not take goes on as it came.
final class ShortCut: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = Never

  private enum Waiting {
    case part(HTTPServerRequestPart)
    case event(ChannelEvent)
  }

  private let answers: ShortAnswers
  private let connection: ConnectionGuard
  /// The question that is being read.
  private var question: ShortAnswers.Question?
  /// What came while values are worked out; nil while none are.
  private var waiting: [Waiting]?
  /// Something asked to read meanwhile.
  private var isReadHeld = false
  private var isAnswered = false
  /// The address of the client, without its port.
  private var address: String?

  init(_ answers: ShortAnswers, _ connection: ConnectionGuard) {
    self.answers = answers
    self.connection = connection
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { take(unwrapInboundIn(data), context) }

  func channelReadComplete(context: ChannelHandlerContext) {
    flushAnswers(context)
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Whoever has said all may still want the answer.
    if waiting != nil, let event = event as? ChannelEvent {
      waiting?.append(.event(event))
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func read(context: ChannelHandlerContext) {
    if waiting == nil { context.read() } else { isReadHeld = true }
  }

  // MARK: Answering

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    guard waiting == nil else {
      waiting?.append(.part(part))
      return
    }
    switch (part, question) {
    // An answer must not overtake those that the router still owes.
    case (.head(let head), _) where connection.unanswered == 1:
      question = answers.question(head)
      if question == nil { context.fireChannelRead(wrapInboundOut(part)) }
    case (.body(let bytes), .some): question?.append(bytes)
    case (.end(let trailers), let asked?):
      question = nil
      let address = address(context)
      // One long answer at a time waits for a client; the router sends further ones as they are taken.
      if asked.isBatch, !context.channel.isWritable { return give(nil, asked, trailers, context) }
      guard asked.isBatch else { return give(answers.answer(asked, address: address), asked, trailers, context) }
      waiting = []
      let answers = answers
      let found = NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
        answers.answer(asked, address: address)
      }
      found.assumeIsolated().whenComplete { answer in
        guard context.channel.isActive else { return }
        self.give(try? answer.get(), asked, trailers, context)
        self.goOn(context)
      }
    default: context.fireChannelRead(wrapInboundOut(part))
    }
  }

  private func give(
    _ answer: ShortAnswers.Answer?, _ asked: ShortAnswers.Question, _ trailers: HTTPHeaders?,
    _ context: ChannelHandlerContext
  ) {
    if let answer {
      connection.answer(answer, context)
      isAnswered = true
      return
    }
    context.fireChannelRead(wrapInboundOut(.head(asked.head)))
    if let body = asked.body { context.fireChannelRead(wrapInboundOut(.body(body))) }
    context.fireChannelRead(wrapInboundOut(.end(trailers)))
  }

  /// Takes what came while values were worked out.
  private func goOn(_ context: ChannelHandlerContext) {
    let came = waiting ?? []
    waiting = nil
    for one in came {
      switch one {
      case .part(let part): take(part, context)
      case .event(let event): userInboundEventTriggered(context: context, event: event)
      }
    }
    flushAnswers(context)
    context.fireChannelReadComplete()
    if isReadHeld, waiting == nil {
      isReadHeld = false
      context.read()
    }
  }

  private func flushAnswers(_ context: ChannelHandlerContext) {
    guard isAnswered else { return }
    isAnswered = false
    context.flush()
  }

  private func address(_ context: ChannelHandlerContext) -> String {
    if let address { return address }
    let found = context.channel.remoteAddress?.ipAddress ?? ""
    address = found
    return found
  }
}
