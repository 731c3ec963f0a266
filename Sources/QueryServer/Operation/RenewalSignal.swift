public import ServiceLifecycle
import UnixSignals

/// Lets a server read its files again whenever SIGHUP comes. The signal is trapped from the beginning: before, it would
/// end the process, though the server says already that it listens.
public struct RenewalSignal: Service {
  private let server: QueryServer
  private let signals: UnixSignalsSequence

  public init(_ server: QueryServer) async {
    self.server = server
    signals = await UnixSignalsSequence(trapping: .sighup)
  }

  public func run() async throws {
    for await _ in signals.cancelOnGracefulShutdown() { server.renew() }
  }
}
