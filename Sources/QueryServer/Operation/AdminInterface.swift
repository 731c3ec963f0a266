import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Health, metrics, and the renewal of atlases, on an address of their own that clients need not reach.
struct AdminInterface: Sendable {
  let traffic: Traffic
  let renew: @Sendable () -> Renewal

  func application(
    _ settings: ServerSettings, _ loop: any EventLoopGroup, _ logger: Logger,
    _ onPort: @escaping @Sendable (Int) async -> Void
  ) -> some ApplicationProtocol {
    let router = Router(context: RequestState.self)
    router.add(middleware: AdminProblems())
    router.get("/live") { _, _ in "live\n" }
    router.get("/ready") { _, _ in "ready\n" }
    let traffic = traffic
    router.get("/metrics") { _, _ in
      Reply.bytes(ByteBuffer(string: traffic.text()), type: "text/plain; version=0.0.4")
    }
    let renew = renew
    router.post("/renew") { _, _ in
      // It decodes whole atlases, and must not hold what answers /live.
      try await withTaskExecutorPreference(LongWork.rankings) { try Reply.json(renew()) }
    }
    return Application(
      router: router,
      server: HTTPServerBuilder { Connection(settings: settings, shortAnswers: nil, count: nil, responder: $0) },
      configuration: ApplicationConfiguration(
        address: .hostname(settings.adminHost, port: settings.adminPort), serverName: QueryServer.name),
      onServerRunning: { await onPort($0.localAddress?.port ?? settings.adminPort) },
      eventLoopGroupProvider: .shared(loop), logger: logger)
  }
}

/// Errors of the admin address as problems.
private struct AdminProblems: RouterMiddleware {
  typealias Context = RequestState

  func handle(
    _ request: Request, context: RequestState, next: (Request, RequestState) async throws -> Response
  ) async throws -> Response {
    do { return try await next(request, context) } catch let error as any HTTPResponseError
      where error.status.code < 500
    {
      return Reply.problem(
        Problem(
          error.status, "server.no_such_route", "unknown route \(request.uri.path.prefix(200))",
          allowed: ["GET /live", "GET /ready", "GET /metrics", "POST /renew"]))
    }
  }
}
