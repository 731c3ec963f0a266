import ArgumentParser
import Datasets
import Foundation
import Logging
import QueryServer
import Records
import ServiceLifecycle
import UnixSignals

/// `nasatlas serve`: atlases over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve atlases over HTTP, as an API and as web pages.",
    usage: "nasatlas serve [<atlas> ...] [--sealed <atlas>] [--port <port>] [--set <name=value>] ...",
    discussion: """
      Listens on 127.0.0.1:8080 by default, and on 127.0.0.1:8081 for /live, /ready, /metrics and /renew. Atlases \
      are served under their file names without the extension. The surrogate beside an atlas answers if a question \
      allows predictions. The test values of a sealed atlas are disclosed only through a ledger, after its client \
      has closed it with the chosen architecture.

      After SIGHUP, the server reopens every file, the token file included, and answers from the new contents at \
      once. After SIGTERM, it finishes the running requests and ends.

      Settings have names, such as body-bytes. A flag overrides the environment (NASATLAS_SERVER_BODY_BYTES), the \
      environment overrides the file of --settings, and that file overrides the default. `nasatlas config show \
      --origin` lists all settings.

      Examples:
        nasatlas serve data/nasbench201.atlas
        nasatlas serve a.atlas b.atlas --port 9000 --set requests-per-second=50
        nasatlas serve --sealed secret.atlas --settings server.settings
        nasatlas serve --ledgers-only contest.atlas --set state-folder=ledgers \\
          --set token-file=tokens
      """)

  @Argument(help: "Published atlases.", completion: .file(extensions: ["atlas"]))
  var atlases: [String] = []

  @Option(
    help: .init("An atlas with sealed test values; may be repeated.", valueName: "atlas"),
    completion: .file(extensions: ["atlas"]))
  var sealed: [String] = []

  @Option(
    help: .init(
      "An atlas whose values, validation included, leave only through ledgers; may be repeated.",
      valueName: "atlas"), completion: .file(extensions: ["atlas"]))
  var ledgersOnly: [String] = []

  @OptionGroup var options: ServerOptions

  /// With the chart bundle that `tools/setup --charts` makes, where none is named.
  private static func withCharts(_ settings: ServerSettings) throws -> ServerSettings {
    guard settings.chartBundle.isEmpty else { return settings }
    var settings = settings
    settings.chartBundle = try DatasetRegistry(environment: ProcessInfo.processInfo.environment).cacheFolder
      .appendingPathComponent("web/charts.js").path
    return settings
  }

  func run() async throws {
    let settings = try Self.withCharts(options.resolved().settings)
    guard ledgersOnly.isEmpty || !settings.stateFolder.isEmpty else {
      throw ValidationError("--ledgers-only needs a folder for ledgers; add --set state-folder=FOLDER")
    }
    let shelf = try AtlasShelf(paths: atlases, sealed: sealed, ledgersOnly: ledgersOnly)
    var logger = Logger(label: "nasatlas") { label -> any LogHandler in
      if settings.logFormat == "json" { return JSONLogHandler(label: label) }
      return StreamLogHandler.standardError(label: label)
    }
    logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
    // What reads a log of JSON reads nothing else.
    let log = settings.logFormat == "json" ? logger : nil
    @Sendable func note(_ line: String) {
      if let log { log.info("\(line)") } else { Output.note(line) }
    }
    let server = try QueryServer(settings: settings, shelf: shelf, logger: logger) { ports in
      note(
        "listening on http://\(settings.host):\(ports.port)/v1, health and metrics on "
          + "http://\(settings.adminHost):\(ports.adminPort)")
      let charts = FileManager.default.fileExists(atPath: settings.chartBundle)
      note(
        "open http://\(settings.host):\(ports.port)/ in a browser"
          + (charts ? "" : "; for charts, run tools/setup --charts and start again"))
    }
    var configuration = ServiceGroupConfiguration(
      services: [server, await RenewalSignal(server)], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger)
    configuration.maximumGracefulShutdownDuration = Duration.seconds(settings.drainSeconds)
    do { try await ServiceGroup(configuration: configuration).run() } catch is CancellationError {
      note("requests that took longer than drain-seconds were stopped")
    }
  }
}
