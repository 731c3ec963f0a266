import HTTPTypes
import Hummingbird
import Logging
import Records
import WebPages

/// What every request passes before an operation sees it: rate, tokens; and what every answer gets:
/// problems in place of errors, 304, security headers, the request's id.
struct Gate: RouterMiddleware {
  typealias Context = RequestState

  let interface: Interface
  let settings: ServerSettings
  let rate: RateLimit
  let tokens: BearerTokens
  let commonFields: CommonFields
  let log: RequestLog
  let logger: Logger
  let pages: WebPages
  let clock = ContinuousClock()

  func handle(
    _ request: Request, context: RequestState, next: (Request, RequestState) async throws -> Response
  ) async throws -> Response {
    let start = clock.now
    let id = RequestName(request.headers[RequestName.field]) ?? .fresh()
    var response: Response
    do {
      try admit(request, context, start)
      if let answer = preflight(request) { response = answer } else { response = try await next(request, context) }
      settle(&response, request)
      try pace(&response, context)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      response = refusal(error, request, id)
    }
    commonFields.add(to: &response.headers)
    response.headers[RequestName.field] = id.text
    if response.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    log.add(
      id: id, method: request.method.rawValue, path: request.uri.path[...], route: context.endpointPath ?? "none",
      status: response.status.code, duration: clock.now - start)
    return response
  }

  private func admit(_ request: Request, _ context: RequestState, _ now: ContinuousClock.Instant) throws {
    if let seconds = rate.take(context.remoteAddress?.ipAddress ?? "", now: now) {
      throw Problem(
        .tooManyRequests, "server.rate", "more than \(settings.requestsPerSecond) requests per second",
        hint: "wait, or send batches", retryAfterSeconds: seconds)
    }
    let length = request.uri.string.utf8.count
    guard length <= settings.urlBytes else {
      throw Problem(
        .uriTooLong, "server.url_too_long", "the URL has \(length) bytes; allowed: at most \(settings.urlBytes)",
        hint: "use a batch")
    }
    let writes = request.method != .get && interface.writes(request.method, request.uri.path)
    guard settings.readingNeedsToken || writes && tokens.hasFile, request.method != .options else { return }
    guard tokens.accept(request.headers[.authorization]) else {
      throw Problem(
        .unauthorized, "server.unauthorized", "this request needs a bearer token",
        hint: "send Authorization: Bearer TOKEN")
    }
  }

  /// The answer to a browser that asks whether a page of another origin may ask.
  private func preflight(_ request: Request) -> Response? {
    guard request.method == .options, settings.corsOrigin != "none",
      request.headers[.accessControlRequestMethod] != nil
    else { return nil }
    let methods = interface.allowedMethods(request.uri.path)
    guard !methods.isEmpty else { return nil }
    return Response(
      status: .noContent,
      headers: [
        .accessControlAllowMethods: methods.joined(separator: ", "),
        .accessControlAllowHeaders: "Authorization, Content-Type, If-None-Match, Range, X-Request-ID",
        .accessControlMaxAge: "600",
      ])
  }

  /// An answer that the client has already is not sent again.
  private func settle(_ response: inout Response, _ request: Request) {
    guard response.status == .ok, let tag = response.headers[.eTag], let known = request.headers[.ifNoneMatch],
      Self.lists(known, tag)
    else { return }
    var headers: HTTPFields = [.eTag: tag]
    headers[.cacheControl] = response.headers[.cacheControl]
    response = Response(status: .notModified, headers: headers, body: ResponseBody())
  }

  /// Sends a long answer as its client takes it, where other answers leave room for it.
  private func pace(_ response: inout Response, _ context: RequestState) throws {
    let bytes = response.body.contentLength ?? .max
    guard bytes > PacedWriter.pieceBytes else { return }
    var hold: AnswerMemory.Hold?
    // A file and a stream are not in memory as a whole.
    if bytes > AnswerMemory.freeBytes, response.body.contentLength != nil, response.headers[.acceptRanges] == nil {
      hold = interface.memory.hold(bytes)
      guard hold != nil else {
        throw Problem(
          .serviceUnavailable, "server.busy", "too many long answers wait for their clients",
          hint: "try again later; the operator can raise answer-bytes", retryAfterSeconds: 1)
      }
    }
    response.body = PacedWriter.body(response.body, on: context.eventLoop, holding: hold)
  }

  private func refusal(_ error: any Error, _ request: Request, _ id: RequestName) -> Response {
    switch error {
    case let problem as Problem: return Reply.problem(problem)
    case let error as any UserFacingError:
      let problem = Problem(error)
      if problem.status >= 500 {
        logger.error("\(error.code): \(error.message)", metadata: ["id": "\(id.text)"])
      }
      return Reply.problem(problem)
    case let error as any HTTPResponseError where error.status == .notFound:
      let (problem, allow) = interface.refusal(request.method, request.uri.path)
      if allow == nil, isOfABrowser(request) { return Reply.page(pages.absence(of: request.uri.path)) }
      var response = Reply.problem(problem)
      response.headers[.allow] = allow
      return response
    case let error as any HTTPResponseError where error.status == .contentTooLarge:
      return Reply.problem(Problem.bodyTooLong(limit: settings.bodyBytes))
    case let error as any HTTPResponseError where error.status.code < 500:
      return Reply.problem(Problem(error.status, "server.request", error.status.reasonPhrase))
    default:
      logger.error("unforeseen error: \(error)", metadata: ["id": "\(id.text)"])
      return Reply.problem(
        Problem(
          .internalServerError, "server.fault", "internal error", hint: "report it with the id of the request"))
    }
  }

  /// Whether a person asks for something that is no operation.
  private func isOfABrowser(_ request: Request) -> Bool {
    let path = request.uri.path
    return request.method == .get && path != "/v1" && !path.hasPrefix("/v1/")
      && request.headers[.accept]?.contains("text/html") == true
  }

  /// Whether `If-None-Match` names the entity tag; weakly, as RFC 9110 13.1.2 has it.
  private static func lists(_ header: String, _ tag: String) -> Bool {
    func opaque(_ tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
    return header.split(separator: ",").contains { part in
      let part = part.drop { $0 == " " }.prefix { $0 != " " }
      return part == "*" || opaque(part) == opaque(tag[...])
    }
  }
}
