import ArgumentParser
import Foundation
import Logging
import QueryServer
import Records
import ServiceLifecycle

/// `nasatlas serve`: atlases over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer questions about atlases over HTTP.",
    usage: "nasatlas serve <atlas> ... [--port <port>] [--set <name=value>] [<options>]",
    discussion: """
      Listens on 127.0.0.1:8080 unless told otherwise, and on 127.0.0.1:8081 for /live, /ready and /metrics. An atlas is \
      called as its file without the extension; the surrogate beside it answers where a question allows predictions. \
      After SIGHUP every file is opened anew, and what changed is answered from at once. SIGTERM ends after the requests \
      that have begun.

      Settings have names, such as body-bytes. A flag wins over the environment (NASATLAS_SERVER_BODY_BYTES), that over \
      the file of --settings, that over the default; `nasatlas config show --origin` lists them.

      Examples:
        nasatlas serve data/nasbench201.atlas
        nasatlas serve a.atlas b.atlas --port 9000 --set requests-per-second=50
      """)

  @Argument(help: "Published atlases.", completion: .file(extensions: ["atlas"]))
  var atlases: [String]

  @OptionGroup var options: ServerOptions

  func run() async throws {
    let resolved = try options.resolved()
    let shelf = try AtlasShelf(paths: atlases)
    let settings = resolved.settings
    var logger = Logger(label: "nasatlas") { _ in StreamLogHandler.standardError(label: "nasatlas") }
    logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
    let server = try QueryServer(settings: settings, shelf: shelf, logger: logger) { port in
      Output.talk("listening on http://\(settings.host):\(port)/v1")
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }
}

/// Where settings of a server come from.
struct ServerOptions: ParsableArguments {
  @Option(help: "The address to listen on. (default: 127.0.0.1)")
  var host: String?

  @Option(help: "The port to listen on; 0 takes a free one. (default: 8080)")
  var port: String?

  @Option(name: .customLong("set"), help: .init("A setting; may be given more than once.", valueName: "name=value"))
  var assignments: [String] = []

  @Option(help: .init("A file of settings, NAME = VALUE a line.", valueName: "file"), completion: .file())
  var settings: String?

  /// The settings and their origins.
  func resolved() throws -> ResolvedSettings {
    var flags: [String: String] = [:]
    flags["host"] = host
    flags["port"] = port
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw ValidationError("--set \(assignment) has no =; write --set NAME=VALUE") }
      flags[String(parts[0])] = String(parts[1])
    }
    return try ResolvedSettings(flags: flags, environment: ProcessInfo.processInfo.environment, file: settings)
  }
}
