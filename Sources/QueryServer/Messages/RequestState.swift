import Hummingbird
import Logging
import NIOCore

/// What belongs to one request while it is answered.
struct RequestState: RequestContext, RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage
  let remoteAddress: SocketAddress?
  /// The thread of the connection.
  let eventLoop: any EventLoop

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress
    eventLoop = source.channel.eventLoop
  }
}
