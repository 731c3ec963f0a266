import Benchmarks
import HTTPTypes
import Hummingbird
import NIOCore
import Oracles
import Records
import WebPages

/// Pages for people, beside the interface for programs.
struct PageRoutes: Sendable {
  let pages: WebPages
  let shelf: AtlasShelf
  let book: LedgerBook?
  let kept: KeptAnswers
  let settings: ServerSettings

  func add(to router: Router<RequestState>) {
    for path in ["/", "/atlases", "/atlases/**", "/assets/**", "/search", "/ledgers", "/ledgers/**"] {
      router.get(RouterPath(path)) { request, _ in
        try await respond(request)
      }
    }
  }

  /// People get a page whatever goes wrong; charts and tables have the problems of the interface.
  private func respond(_ request: Request) async throws -> Response {
    do { return try await found(request) } catch let problem as Problem {
      let path = request.uri.path
      guard !path.contains("/charts/"), !path.contains("/table."), !path.hasPrefix("/assets/") else { throw problem }
      var response = Reply.page(
        pages.refusal(
          status: problem.status, message: problem.detail, remedy: problem.hint, code: problem.code,
          again: request.uri.string))
      if let seconds = problem.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
      return response
    }
  }

  /// Pages of an atlas are kept; the first page and ledgers follow what the server has now.
  private func found(_ request: Request) async throws -> Response {
    let path = try request.uri.path.split(separator: "/").map {
      try QueryParameters.decoded(String($0), plusIsSpace: false)
    }
    let origin = Self.origin(
      authority: request.head.authority,
      isForwardedFromHTTPS: request.headers[HTTPField.Name.forwardedProtocol] == "https", settings)
    let atlases = shelf.atlases
    guard path.count >= 2, path[0] == "atlases", let atlas = atlases.first(where: { $0.name == path[1] }) else {
      return try await respond(request, path, origin, atlases)
    }
    return try await kept.response(
      KeptAnswers.Key(atlas, target: request.uri.string, origin: origin), route: "/atlases/**",
      isPacked: Compression.takesGzip(request.headers[.acceptEncoding])
    ) { try await respond(request, path, origin, [atlas]) }
  }

  private func respond(
    _ request: Request, _ path: [String], _ origin: String, _ atlases: [ServedAtlas]
  ) async throws -> Response {
    let limit = TimeLimit(milliseconds: settings.queryMilliseconds, work: .rankings)
    return Reply.page(try await limit.run { try page(request, path, origin, atlases) })
  }

  private func page(_ request: Request, _ path: [String], _ origin: String, _ atlases: [ServedAtlas]) throws -> Page {
    let query = try (request.uri.query ?? "").split(separator: "&").map { part in
      let ends = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        name: try QueryParameters.decoded(String(ends[0]), plusIsSpace: true),
        value: ends.count > 1 ? try QueryParameters.decoded(String(ends[1]), plusIsSpace: true) : ""
      )
    }
    let asked = PageRequest(path: path, query: query, origin: origin)
    return pages.page(asked, atlases: atlases.map(\.page), ledger: { try ledger($0) }, ledgers: { ledgers })
  }

  /// All ledgers but those whose answers their atlas withholds.
  private var ledgers: [PageLedger.Line]? {
    book?.all.compactMap { ledger -> PageLedger.Line? in
      guard (try? ledger.check(shelf)) != nil else { return nil }
      let (terms, summary) = (ledger.terms, ledger.summary)
      return PageLedger.Line(
        id: terms.id, atlas: terms.atlas, subject: Self.subject(terms),
        spent: "\(summary.spent.queries)" + (terms.limits.queries.map { " of \($0)" } ?? ""),
        isClosed: summary.report != nil)
    }
  }

  private static func subject(_ terms: LedgerTerms) -> String {
    "\(terms.question.metric) on \(terms.question.split.rawValue) of \(terms.question.dataset)"
  }

  /// The address of this server as the browser knows it.
  static func origin(authority: String?, isForwardedFromHTTPS: Bool, _ settings: ServerSettings) -> String {
    "\(isForwardedFromHTTPS ? "https" : "http")://\(authority ?? "\(settings.host):\(settings.port)")"
  }

  private func ledger(_ id: String) throws -> PageLedger? {
    guard let book, let ledger = try? book.ledger(id) else { return nil }
    try ledger.check(shelf)
    let (terms, summary) = (ledger.terms, ledger.summary)
    let lookup = try? shelf.atlas(terms.atlas).atlas.lookup(terms.lookupQuestion)
    let best = try lookup.flatMap { try $0.benchmark.top(1, $0).places.first?.value }
    let limits = terms.limits
    func line(_ name: String, _ spent: String, _ limit: String?) -> (name: String, text: String) {
      (name, limit.map { "\(spent) of \($0)" } ?? spent)
    }
    return PageLedger(
      id: id, atlas: terms.atlas, metric: terms.question.metric,
      subject: "\(Self.subject(terms)), \(terms.atlas)",
      largerIsBetter: lookup?.card.largerIsBetter ?? Metric(terms.question.metric).largerIsBetter, best: best,
      steps: ledger.history.map {
        PageLedger.Step(
          architecture: $0.architecture, value: $0.value, queries: $0.spent.queries, epochs: $0.spent.epochs,
          seconds: $0.spent.simulatedTrainingSeconds)
      },
      budget: [
        line("Queries", "\(summary.spent.queries)", limits.queries.map { "\($0)" }),
        line("Epochs", "\(summary.spent.epochs)", limits.epochs.map { "\($0)" }),
        line(
          "Simulated seconds", "\(summary.spent.simulatedTrainingSeconds.rounded())",
          limits.simulatedTrainingSeconds.map { "\($0)" }),
      ], report: summary.report.map(Self.words))
  }

  private static func words(_ report: LedgerReport) -> String {
    "Its client chose \(report.canonicalText): \(report.asked.value), regret \(report.asked.regret)"
      + (report.test.map { "; test \($0.value), regret \($0.regret)" } ?? "") + "."
  }
}

extension HTTPField.Name {
  /// The scheme of the request as a server in front received it.
  static let forwardedProtocol: HTTPField.Name = {
    guard let name = HTTPField.Name("X-Forwarded-Proto") else { preconditionFailure("it is a name of a field") }
    return name
  }()
}

extension ServedAtlas {
  fileprivate var page: PageAtlas { PageAtlas(name: name, benchmark: benchmark) }
}
