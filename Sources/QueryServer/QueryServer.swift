import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
import WebPages
public import ServiceLifecycle

/// Answers questions about atlases over HTTP.
public struct QueryServer: Service {
  /// Where a server listens.
  public struct Ports: Sendable, Hashable {
    public let port: Int
    public let adminPort: Int
  }

  /// As answers tell it.
  static let name = "nasatlas"

  private let settings: ServerSettings
  private let shelf: AtlasShelf
  private let interface: Interface
  private let pages: WebPages
  private let tokens: BearerTokens
  private let logger: Logger
  private let onListening: @Sendable (Ports) async -> Void

  /// `onListening` is called once both addresses are listened on. Throws ``ServerError`` for files of tokens or ledgers
  /// that cannot be read.
  public init(
    settings: ServerSettings, shelf: AtlasShelf, logger: Logger,
    onListening: @escaping @Sendable (Ports) async -> Void = { _ in }
  ) throws {
    self.settings = settings
    self.shelf = shelf
    tokens = try BearerTokens(path: settings.tokenFile)
    let book =
      settings.stateFolder.isEmpty
      ? nil
      : try LedgerBook(
        folder: settings.stateFolder, ledgerLimit: settings.ledgers, askLimit: settings.ledgerAnswers)
    interface = Interface(settings: settings, shelf: shelf, book: book)
    if let warning = tokens.warning { logger.warning("\(warning)", metadata: ["file": "\(settings.tokenFile)"]) }
    if settings.readingNeedsToken, !tokens.hasFile {
      logger.warning("reading-needs-token is on but token-file is not set: every request will be refused")
    }
    if book != nil, !tokens.hasFile, shelf.atlases.contains(where: \.isSealed) {
      logger.warning("token-file is not set: nobody can use ledgers of sealed atlases")
    }
    for ledger in book?.damaged ?? [] {
      logger.error("a damaged ledger is set aside", metadata: ["file": "\(ledger.path)", "reason": "\(ledger.reason)"])
    }
    pages = WebPages(bundlePath: settings.chartBundle)
    self.logger = logger
    self.onListening = onListening
  }

  /// Listens until the task is cancelled or shut down gracefully; requests that have begun are answered then.
  public func run() async throws {
    let count = settings.eventLoops
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: count > 0 ? count : max(1, System.coreCount - 1))
    // Whoever watches the server must not wait for its clients.
    let adminLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      try await run(on: loops, adminLoop)
    } catch {
      interface.book?.leave()
      try await loops.shutdownGracefully()
      try await adminLoop.shutdownGracefully()
      throw error
    }
    interface.book?.leave()
    try await loops.shutdownGracefully()
    try await adminLoop.shutdownGracefully()
  }

  private func run(on loops: MultiThreadedEventLoopGroup, _ adminLoop: MultiThreadedEventLoopGroup) async throws {
    shelf.warnOfBrokenSeals(logger)
    let traffic = Traffic()
    let announcement = Announcement(onListening)
    let application = application(traffic, loops) { await announcement.tell(port: $0) }
    let admin = AdminInterface(traffic: traffic, renew: renew).application(settings, adminLoop, frameworkLogger) {
      await announcement.tell(adminPort: $0)
    }
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await Self.listen(settings.host, settings.port, "port") { try await application.run() } }
      group.addTask(executorPreference: LongWork.health) {
        try await Self.listen(settings.adminHost, settings.adminPort, "admin-port") { try await admin.run() }
      }
    }
  }

  /// Reads atlases and tokens anew. What cannot be read stays as it was; the log and the answer tell.
  @discardableResult
  public func renew() -> Renewal {
    let renewal = Renewal(shelf, tokens)
    interface.kept.forget()
    renewal.log(to: logger)
    shelf.warnOfBrokenSeals(logger)
    return renewal
  }

  /// What the framework says is for those who look into it: it tells an end that was asked for as an error.
  private var frameworkLogger: Logger {
    var found = logger
    if logger.logLevel > .debug { found.logLevel = .critical }
    return found
  }

  private static func listen(
    _ host: String, _ port: Int, _ setting: String, _ run: () async throws -> Void
  ) async throws {
    do { try await run() } catch let error as IOError {
      throw ServerError.cannotListen(
        address: "\(host):\(port)", setting: setting, reason: String(cString: strerror(error.errnoCode)))
    } catch let error as SocketAddressError.UnknownHost {
      throw ServerError.unknownHost(host: host, reason: error.errorDescription)
    }
  }

  private func application(
    _ traffic: Traffic, _ loops: MultiThreadedEventLoopGroup, _ onPort: @escaping @Sendable (Int) async -> Void
  ) -> some ApplicationProtocol {
    let settings = settings
    let rate = RateLimit(requestsPerSecond: settings.requestsPerSecond, burst: settings.requestBurst)
    let log = RequestLog(traffic: traffic, logger: settings.accessLog ? logger : nil)
    let shortAnswers = ShortAnswers(interface: interface, settings: settings, rate: rate, tokens: tokens, log: log)
    let count = ConnectionCount(settings)
    let router = Router(context: RequestState.self, options: .autoGenerateHeadEndpoints)
    router.add(
      middleware: Gate(
        interface: interface, settings: settings, rate: rate, tokens: tokens, commonFields: CommonFields(settings),
        log: log, logger: logger, pages: pages))
    interface.add(to: router)
    PageRoutes(pages: pages, shelf: shelf, book: interface.book, kept: interface.kept, settings: settings).add(
      to: router)
    return Application(
      router: router,
      server: HTTPServerBuilder {
        Connection(settings: settings, shortAnswers: shortAnswers, count: count, responder: $0)
      },
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port), serverName: Self.name),
      onServerRunning: { await onPort($0.localAddress?.port ?? settings.port) },
      eventLoopGroupProvider: .shared(loops), logger: frameworkLogger)
  }
}

extension QueryServer: CustomStringConvertible {
  /// The name alone: what runs services logs them, and a server holds digests of tokens.
  public var description: String { "QueryServer" }
}

/// Waits for both addresses, then tells them once.
private actor Announcement {
  private var port: Int?
  private var adminPort: Int?
  private let tell: @Sendable (QueryServer.Ports) async -> Void

  init(_ tell: @escaping @Sendable (QueryServer.Ports) async -> Void) { self.tell = tell }

  func tell(port: Int? = nil, adminPort: Int? = nil) async {
    self.port = port ?? self.port
    self.adminPort = adminPort ?? self.adminPort
    if let port = self.port, let adminPort = self.adminPort {
      await tell(QueryServer.Ports(port: port, adminPort: adminPort))
    }
  }
}
