public import ServiceLifecycle
import UnixSignals

/// Lets a server read its files anew whenever SIGHUP comes.
public struct RenewalSignal: Service {
  private let server: QueryServer

  public init(_ server: QueryServer) { self.server = server }

  public func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { server.renew() }
  }
}
