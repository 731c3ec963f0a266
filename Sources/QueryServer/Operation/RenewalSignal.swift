public import Logging
public import ServiceLifecycle
import UnixSignals

/// Renews the shelf whenever SIGHUP comes.
public struct RenewalSignal: Service {
  private let shelf: AtlasShelf
  private let logger: Logger

  public init(shelf: AtlasShelf, logger: Logger) {
    self.shelf = shelf
    self.logger = logger
  }

  public func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      for renewal in shelf.renew() {
        if let failure = renewal.failure {
          logger.error("the old atlas stays", metadata: ["atlas": "\(renewal.name)", "failure": "\(failure)"])
        } else {
          logger.info(
            renewal.isNew ? "a new atlas is served" : "the atlas is the same", metadata: ["atlas": "\(renewal.name)"])
        }
      }
    }
  }
}
