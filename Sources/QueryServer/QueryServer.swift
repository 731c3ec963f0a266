import Hummingbird
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Answers questions about atlases over HTTP.
public struct QueryServer: Service {
  private let settings: ServerSettings
  private let shelf: AtlasShelf
  private let tokens: BearerTokens
  private let logger: Logger
  /// Called with the port that is listened on, once it is.
  private let onListening: @Sendable (Int) async -> Void

  /// Throws ``ServerError`` for a token file that cannot be read.
  public init(
    settings: ServerSettings, shelf: AtlasShelf, logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws {
    self.settings = settings
    self.shelf = shelf
    tokens = try BearerTokens(path: settings.tokenFile)
    self.logger = logger
    self.onListening = onListening
  }

  /// Listens until the task is cancelled or shut down gracefully.
  public func run() async throws {
    let traffic = Traffic()
    let application = application(traffic)
    let admin = admin(traffic)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await application.run() }
      group.addTask { try await admin.run() }
    }
  }

  private func application(_ traffic: Traffic) -> some ApplicationProtocol {
    let settings = settings
    var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
    decoder.maxHeaderListSize = settings.headerBytes
    decoder.maxHeaderFieldSize = settings.headerBytes
    decoder.maxHeaderFieldCount = 100
    let onListening = onListening
    return Application(
      router: router(traffic),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [
            ConnectionGuard(requestSeconds: settings.requestSeconds, stallSeconds: settings.stallSeconds)
          ],
          idleTimeout: .seconds(Int64(settings.idleSeconds)), httpDecoderConfiguration: decoder)),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port), serverName: "nasatlas",
        availableConnectionsDelegate: .maximum(settings.connections, logger: logger)),
      onServerRunning: { await onListening($0.localAddress?.port ?? settings.port) }, logger: logger)
  }

  private func router(_ traffic: Traffic) -> Router<RequestState> {
    let router = Router(context: RequestState.self)
    router.add(
      middleware: Gate(
        settings: settings,
        rate: RateLimit(requestsPerSecond: settings.requestsPerSecond, burst: settings.requestBurst), tokens: tokens,
        traffic: traffic))
    AtlasRoutes(shelf: shelf, settings: settings).add(to: router)
    AnswerRoutes(shelf: shelf, settings: settings).add(to: router)
    RankingRoutes(shelf: shelf, settings: settings).add(to: router)
    return router
  }

  /// Health and metrics, on an address of their own.
  private func admin(_ traffic: Traffic) -> some ApplicationProtocol {
    let router = Router(context: RequestState.self)
    router.get("/live") { _, _ in "live\n" }
    router.get("/ready") { _, _ in "ready\n" }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: traffic.text())))
    }
    let shelf = shelf
    router.post("/renew") { _, _ in
      let renewals = shelf.renew()
      return try Reply.json(renewals)
    }
    return Application(
      router: router,
      configuration: ApplicationConfiguration(
        address: .hostname(settings.adminHost, port: settings.adminPort), serverName: "nasatlas"), logger: logger)
  }
}
