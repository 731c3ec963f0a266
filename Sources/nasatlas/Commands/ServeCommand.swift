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
    abstract: "Answer questions about atlases over HTTP.",
    usage: "nasatlas serve [<atlas> ...] [--sealed <atlas>] [--port <port>] [--set <name=value>] ...",
    discussion: """
      Listens on 127.0.0.1:8080 unless told otherwise, and on 127.0.0.1:8081 for /live, /ready, /metrics and /renew. An \
      atlas is called as its file without the extension; the surrogate beside it answers where a question allows \
      predictions. The test values of a sealed atlas leave only through a ledger that its client has closed with the \
      architecture it chose. After SIGHUP every file is opened anew, that of tokens too, and what changed is answered from at once. SIGTERM \
      ends after the requests that have begun.

      Settings have names, such as body-bytes. A flag wins over the environment (NASATLAS_SERVER_BODY_BYTES), that over \
      the file of --settings, that over the default; `nasatlas config show --origin` lists them.

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
    help: .init("An atlas that keeps its test values; may be given more than once.", valueName: "atlas"),
    completion: .file(extensions: ["atlas"]))
  var sealed: [String] = []

  @Option(
    help: .init(
      "An atlas whose values, validation included, leave only through ledgers; may be given more than once.",
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
    @Sendable func tell(_ line: String) {
      if let log { log.info("\(line)") } else { Output.note(line) }
    }
    let server = try QueryServer(settings: settings, shelf: shelf, logger: logger) { ports in
      tell(
        "listening on http://\(settings.host):\(ports.port)/v1, health and metrics on "
          + "http://\(settings.adminHost):\(ports.adminPort)")
      let charts = FileManager.default.fileExists(atPath: settings.chartBundle)
      tell(
        "open http://\(settings.host):\(ports.port)/ in a browser"
          + (charts ? "" : "; for its charts run tools/setup --charts, then start again"))
    }
    var configuration = ServiceGroupConfiguration(
      services: [server, await RenewalSignal(server)], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger)
    configuration.maximumGracefulShutdownDuration = Duration.seconds(settings.drainSeconds)
    do { try await ServiceGroup(configuration: configuration).run() } catch is CancellationError {
      tell("requests that took longer than drain-seconds were cut off")
    }
  }
}
