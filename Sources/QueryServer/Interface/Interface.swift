import HTTPTypes
import Hummingbird
import Records

/// All operations, and the router that leads to them.
struct Interface: Sendable {
  let endpoints: [Endpoint]
  let shelf: AtlasShelf
  let book: LedgerBook?
  let kept: KeptAnswers
  let settings: ServerSettings
  let memory: AnswerMemory

  init(settings: ServerSettings, shelf: AtlasShelf, book: LedgerBook?) {
    self.book = book
    self.settings = settings
    kept = KeptAnswers(byteLimit: settings.keptAnswerBytes)
    self.shelf = shelf
    memory = AnswerMemory(limit: settings.answerBytes)
    endpoints = Self.endpoints(settings)
  }

  /// In the order of the documentation.
  static func endpoints(_ settings: ServerSettings) -> [Endpoint] {
    AtlasRoutes(settings: settings).endpoints + AnswerRoutes(settings: settings).endpoints
      + RankingRoutes(settings: settings).endpoints + EvaluationRoutes(settings: settings).endpoints
      + PredictionRoutes(settings: settings).endpoints + FieldRoutes(settings: settings).endpoints
      + LedgerRoutes().endpoints + SpaceRoutes().endpoints + ExportRoutes().endpoints + DescriptionRoutes().endpoints
  }

  func add(to router: Router<RequestState>) {
    for endpoint in endpoints {
      router.on(RouterPath(endpoint.routerPath), method: endpoint.method) { request, context in
        try await respond(endpoint, request, context)
      }
    }
  }

  private func respond(_ endpoint: Endpoint, _ request: Request, _ context: RequestState) async throws -> Response {
    let call = Call(
      request: request, context: context,
      parameters: try QueryParameters(request.uri.query, endpoint.parameters), settings: settings, shelf: shelf,
      book: book, memory: memory)
    switch endpoint.handler {
    case .plain(let handle): return try await limited(endpoint) { try await handle(call) }
    case .posted(let check): return try await answer(endpoint, call, check(call))
    case .atlas(let handle):
      return try await about(endpoint, call) { atlas in try await limited(endpoint) { try await handle(call, atlas) } }
    case .postedToAtlas(let check):
      return try await about(endpoint, call) { atlas in try await answer(endpoint, call, check(call, atlas)) }
    }
  }

  private func about(
    _ endpoint: Endpoint, _ call: Call, _ answer: @escaping @Sendable (ServedAtlas) async throws -> Response
  ) async throws -> Response {
    let (atlas, isPinned) = try shelf.atlas(call.path("atlas"))
    let described: @Sendable () async throws -> Response = {
      var response = try await answer(atlas)
      if endpoint.followsFromAtlas, response.headers[.eTag] == nil { response.headers[.eTag] = atlas.entityTag }
      response.headers[.cacheControl] = endpoint.cacheControl(isPinned: isPinned, settings)
      return response
    }
    guard endpoint.isKept else { return try await described() }
    return try await kept.response(
      KeptAnswers.Key(atlas, target: call.request.uri.string), route: endpoint.path,
      isPacked: Compression.takesGzip(call.request.headers[.acceptEncoding]), described)
  }

  /// Waits for the body, then answers it; the time that a slow client takes to send it does not count.
  private func answer(
    _ endpoint: Endpoint, _ call: Call, _ answering: @escaping Endpoint.Answering
  ) async throws -> Response {
    let body = try await call.body()
    return try await limited(endpoint) { try answering(body) }
  }

  private func limited(
    _ endpoint: Endpoint, _ answer: @escaping @Sendable () async throws -> Response
  ) async throws -> Response {
    guard let work = endpoint.work else { return try await answer() }
    return try await TimeLimit(milliseconds: settings.queryMilliseconds, work: work).run(answer)
  }

  /// Why no operation answers: another method would, or there is nothing at the path.
  func refusal(_ method: HTTPRequest.Method, _ path: String) -> (problem: Problem, allow: String?) {
    let methods = allowedMethods(path)
    guard !methods.isEmpty else { return (Problem.notFound(String(path.prefix(200))), nil) }
    let problem = Problem(
      .methodNotAllowed, "server.method", "\(path.prefix(200)) does not support \(method.rawValue.prefix(50))",
      allowed: methods)
    return (problem, methods.joined(separator: ", "))
  }

  /// Whether the operation at a path changes what the server keeps.
  func writes(_ method: HTTPRequest.Method, _ path: String) -> Bool {
    endpoints.contains { $0.writes && $0.method == method && $0.matches(path) }
  }

  func allowedMethods(_ path: String) -> [String] {
    let methods = Set(endpoints.filter { $0.matches(path) }.map(\.method.rawValue))
    return (methods.contains("GET") ? methods.union(["HEAD"]) : methods).sorted()
  }
}
