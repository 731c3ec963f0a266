import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection: what the bytes of a request pass, in this order, before the router sees it.
struct Connection: HTTPChannelHandler {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  let settings: ServerSettings
  /// What is answered without the router; nil where there is no such thing.
  let shortAnswers: ShortAnswers?
  /// Nil where connections have no limit.
  let count: ConnectionCount?
  let responder: Responder

  /// `TCP_NOTSENT_LOWAT` of Linux: so many bytes that were not sent the system takes, and no more. Else it takes
  /// megabytes for a client that reads nothing.
  private static let unsentBytes = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: 25))

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      // A system without this option only keeps more in its own memory.
      try? channel.syncOptions?.setOption(Self.unsentBytes, value: 131_072)
      switch admit(channel) {
      case .admitted: break
      case .refused(let problem): return try refused(channel, problem)
      case .dropped: return try refused(channel, nil)
      }
      var limits = NIOHTTPDecoderLimitConfiguration()
      limits.maxHeaderFieldSize = settings.headerBytes
      limits.maxHeaderListSize = settings.headerBytes
      limits.maxHeaderFieldCount = 100
      // Requests wait for each other in the asynchronous channel; its types are without line ends in fields already.
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
        withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
      // Who takes no answers is read no questions from.
      try pipeline.addHandler(BackPressureHandler())
      let connectionGuard = ConnectionGuard(settings)
      try pipeline.addHandler(connectionGuard)
      if let shortAnswers { try pipeline.addHandler(ShortCut(shortAnswers, connectionGuard)) }
      try pipeline.addHandler(Compression.compressor())
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      return try asynchronous(channel)
    }
  }

  private func admit(_ channel: any Channel) -> ConnectionCount.Verdict {
    guard let count else { return .admitted }
    let address = channel.remoteAddress?.ipAddress ?? ""
    let verdict = count.enter(address)
    channel.closeFuture.whenComplete { _ in count.leave(address, verdict) }
    return verdict
  }

  private func refused(_ channel: any Channel, _ problem: Problem?) throws -> Value {
    try channel.pipeline.syncOperations.addHandler(RefusedConnection(problem))
    return try asynchronous(channel)
  }

  private func asynchronous(_ channel: any Channel) throws -> Value {
    try NIOAsyncChannel(
      wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
  }

  func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }
}
