import Benchmarks
import HTTPTypes
import Hummingbird
import NIOCore
import Records
import WebPages

/// Pages for people, beside the interface for programs.
struct PageRoutes: Sendable {
  let pages: WebPages
  let shelf: AtlasShelf
  let book: LedgerBook?
  let settings: ServerSettings

  func add(to router: Router<RequestState>) {
    for path in ["/", "/atlases", "/atlases/**", "/assets/**", "/ledgers", "/ledgers/**"] {
      router.get(RouterPath(path)) { request, _ in
        let limit = TimeLimit(milliseconds: settings.queryMilliseconds)
        return response(try await limit.run { try self.page(request) })
      }
    }
  }

  private func page(_ request: Request) throws -> Page {
    let path = try request.uri.path.split(separator: "/").map {
      try QueryParameters.decoded(String($0), plusIsSpace: false)
    }
    let query = try (request.uri.query ?? "").split(separator: "&").map { part in
      let ends = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        name: try QueryParameters.decoded(String(ends[0]), plusIsSpace: true),
        value: ends.count > 1 ? try QueryParameters.decoded(String(ends[1]), plusIsSpace: true) : ""
      )
    }
    let asked = PageRequest(path: path, query: query, origin: origin(request))
    return pages.page(asked, atlases: shelf.atlases.map(\.page)) { try ledger($0) }
  }

  /// As the browser knows this server.
  private func origin(_ request: Request) -> String {
    let scheme = HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[$0] } == "https" ? "https" : "http"
    return "\(scheme)://\(request.head.authority ?? "\(settings.host):\(settings.port)")"
  }

  private func ledger(_ id: String) throws -> PageLedger? {
    guard let book, let ledger = try? book.ledger(id) else { return nil }
    let (terms, summary) = (ledger.terms, ledger.summary)
    let lookup = try? shelf.atlas(terms.atlas).atlas.lookup(terms.lookupQuestion)
    let best = try lookup.flatMap { try $0.benchmark.top(1, $0).places.first?.value }
    let limits = terms.limits
    func line(_ name: String, _ spent: String, _ limit: String?) -> (name: String, text: String) {
      (name, limit.map { "\(spent) of \($0)" } ?? spent)
    }
    return PageLedger(
      id: id, atlas: terms.atlas, metric: terms.question.metric,
      subject:
        "\(terms.question.metric) on \(terms.question.split.rawValue) of \(terms.question.dataset), \(terms.atlas)",
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

  private func response(_ page: Page) -> Response {
    var headers: HTTPFields = [
      .contentType: page.type, .contentSecurityPolicy: WebPages.contentSecurityPolicy,
      .cacheControl: page.maximumAgeSeconds > 0 ? "public, max-age=\(page.maximumAgeSeconds)" : "no-cache",
    ]
    if page.status >= 400 { headers[.cacheControl] = "no-store" }
    return Response(
      status: HTTPResponse.Status(code: page.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
  }
}

extension ServedAtlas {
  fileprivate var page: PageAtlas { PageAtlas(name: name, benchmark: benchmark, isSealed: isSealed) }
}
