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
  let responder: Responder

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
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
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }
}
