import Foundation
import Logging
import QueryServer
import ServiceLifecycle

/// A server of this process that listens on free ports until the body ends.
struct RunningServer: Sendable {
  let ports: QueryServer.Ports
  let shelf: AtlasShelf
  var wire: Wire { Wire(port: ports.port) }
  var admin: Wire { Wire(port: ports.adminPort) }

  @discardableResult
  static func with<R: Sendable>(
    _ paths: [String], sealed: [String] = [], ledgersOnly: [String] = [], _ settings: [String: String] = [:],
    _ body: @escaping @Sendable (RunningServer) async throws -> R
  ) async throws -> R {
    let flags = ["port": "0", "admin-port": "0"].merging(settings) { $1 }
    let resolved = try ResolvedSettings(flags: flags, environment: [:], file: nil).settings
    let shelf = try AtlasShelf(paths: paths, sealed: sealed, ledgersOnly: ledgersOnly)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let (listening, ports) = AsyncStream<QueryServer.Ports>.makeStream()
    let server = try QueryServer(settings: resolved, shelf: shelf, logger: logger) { ports.yield($0) }
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
    return try await withThrowingTaskGroup(of: R?.self) { tasks in
      tasks.addTask {
        defer { ports.finish() }
        try await group.run()
        return nil
      }
      tasks.addTask {
        for await ports in listening {
          let found = try await body(RunningServer(ports: ports, shelf: shelf))
          await group.triggerGracefulShutdown()
          return found
        }
        return nil
      }
      var found: R?
      while let ended = try await tasks.next() { found = ended ?? found }
      guard let found else { throw NotListening() }
      return found
    }
  }

  struct NotListening: Error {}
}
