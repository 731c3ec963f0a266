import HTTPTypes
import Hummingbird
import Records

/// What every request passes before a route sees it: length of the URL, rate, tokens; and what every answer gets: problems
/// in place of errors, entity tags, security headers, the request's id.
struct Gate: RouterMiddleware {
  typealias Context = RequestState

  let settings: ServerSettings
  let rate: RateLimit
  let tokens: BearerTokens
  let traffic: Traffic
  let clock = ContinuousClock()

  func handle(
    _ request: Request, context: RequestState, next: (Request, RequestState) async throws -> Response
  ) async throws -> Response {
    let start = clock.now
    var response: Response
    do {
      try admit(request, context, start)
      response = try await next(request, context)
    } catch let problem as Problem {
      response = Reply.problem(problem)
    } catch let error as any UserFacingError {
      let problem = Problem(error)
      if problem.status >= 500 { context.logger.error("\(error.code): \(error.message)") }
      response = Reply.problem(problem)
    } catch let error as HTTPError {
      response = Reply.problem(Self.problem(error, request))
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      context.logger.error("unforeseen error: \(error)")
      response = Reply.problem(
        Problem(.internalServerError, "server.fault", "this is a fault of ours", hint: "tell us the id of the request"))
    }
    if response.status == .ok, let tag = response.headers[.eTag], request.headers[.ifNoneMatch].map({ Self.lists($0, tag) }) ?? false {
      response = Response(status: .notModified, headers: [.eTag: tag], body: ResponseBody())
    }
    decorate(&response, request, context)
    traffic.record(route: context.endpointPath ?? "none", status: response.status.code, duration: clock.now - start)
    if settings.accessLog {
      context.logger.info("request", metadata: [
        "method": "\(request.method.rawValue)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
        "microseconds": "\((clock.now - start) / .microseconds(1))",
      ])
    }
    return response
  }

  private func admit(_ request: Request, _ context: RequestState, _ now: ContinuousClock.Instant) throws {
    guard request.uri.string.utf8.count <= settings.urlBytes else {
      throw Problem(
        HTTPResponse.Status(code: 414, reasonPhrase: "URI Too Long"), "server.url_too_long",
        "the URL has \(request.uri.string.utf8.count) bytes; \(settings.urlBytes) are allowed", hint: "use a batch")
    }
    if let seconds = rate.take(context.remoteAddress?.ipAddress ?? "", now: now) {
      throw Problem(
        .tooManyRequests, "server.rate", "more than \(settings.requestsPerSecond) requests a second",
        hint: "wait, or ask in batches", retryAfterSeconds: seconds)
    }
    if settings.readingNeedsToken, !tokens.accept(request.headers[.authorization]) {
      throw Problem(.unauthorized, "server.unauthorized", "this server answers to bearer tokens only")
    }
  }

  private func decorate(_ response: inout Response, _ request: Request, _ context: RequestState) {
    response.headers[.xContentTypeOptions] = "nosniff"
    if let id = HTTPField.Name("X-Request-ID") { response.headers[id] = context.id }
    if response.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    if settings.corsOrigin != "none" {
      response.headers[.accessControlAllowOrigin] = settings.corsOrigin
      response.headers[.vary] = "Origin"
    }
  }

  /// Whether `If-None-Match` names the entity tag.
  private static func lists(_ header: String, _ tag: String) -> Bool {
    header.split(separator: ",").contains { part in
      let part = part.drop { $0 == " " }
      return part == "*" || part == tag || part == "W/" + tag
    }
  }

  private static func problem(_ error: HTTPError, _ request: Request) -> Problem {
    switch error.status {
    case .notFound: .notFound(String(request.uri.path.prefix(200)))
    case .contentTooLarge:
      Problem(.contentTooLarge, "server.body_too_long", "the body is too long", hint: "send less at once")
    default: Problem(error.status, "server.request", error.body ?? error.status.reasonPhrase)
    }
  }
}
