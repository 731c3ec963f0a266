import Benchmarks
import Foundation
import Records
import Reports

/// The pages that people look at in a browser: HTML that reads without scripts, and charts as Vega-Lite specifications.
public struct WebPages: Sendable {
  /// The JavaScript that draws charts; nil where it is not installed.
  private let chartBundle: String?
  private let glances = AtlasGlances()

  /// Reads the chart bundle at `bundlePath`, where there is one.
  public init(bundlePath: String) {
    chartBundle = FileManager.default.contents(atPath: bundlePath).map { String(decoding: $0, as: UTF8.self) }
  }

  public var hasCharts: Bool { chartBundle != nil }

  /// What scripts and styles pages may use, and nothing else: the header `Content-Security-Policy`.
  public static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

  /// The page for a request; what is wrong with the request is a page too.
  ///
  /// - Parameters:
  ///   - atlases: in the order in which the first page lists them.
  ///   - ledger: the ledger with an id; nil where there is none.
  ///   - ledgers: all ledgers; nil where the server keeps none.
  public func page(
    _ request: PageRequest, atlases: [PageAtlas], ledger: (String) throws -> PageLedger? = { _ in nil },
    ledgers: () -> [PageLedger.Line]? = { nil }
  ) -> Page {
    do {
      if request.path == ["ledgers"], request.value("id") == nil {
        return LedgerList(lines: ledgers(), atlases: atlases, origin: request.origin).page()
      }
      if request.path.first == "ledgers" { return try ledgerPage(request, ledger) }
      return try found(request, atlases)
    } catch let error as any UserFacingError {
      let isAbsence = (error as? PageError)?.isAbsence ?? false
      let status = isAbsence ? 404 : error is DisclosureError ? 403 : 400
      if request.path.contains("charts") { return Self.problem(error, status) }
      let atlas = request.path.count > 1 ? atlases.first { $0.name == request.path[1] } : nil
      return Layout.page(
        "error",
        ErrorView(
          heading: isAbsence ? "Not found" : "That cannot be shown", message: Self.sentence(error.message),
          remedy: error.remedy.map(Self.sentence), code: error.code,
          form: atlas.flatMap { QuestionForm($0, refused: request) }, whole: atlas?.path), title: "Error",
        crumbs: atlas.map { [.init(label: $0.name, link: $0.path)] } ?? [], status: status)
    } catch {
      return Layout.page(
        "error",
        ErrorView(
          heading: "Something failed", message: "\(error)", remedy: nil, code: "page.failed", form: nil, whole: nil),
        title: "Error", status: 500)
    }
  }

  /// The page for a path that has none.
  public func absence(of path: String) -> Page {
    page(PageRequest(path: path.split(separator: "/").map(String.init), query: [], origin: ""), atlases: [])
  }

  /// The page for a request that the server refuses, such as one that takes too long; `again` is its address.
  public func refusal(status: Int, message: String, remedy: String?, code: String, again: String) -> Page {
    Layout.page(
      "error",
      ErrorView(
        heading: "That cannot be shown", message: Self.sentence(message), remedy: remedy.map(Self.sentence), code: code,
        form: nil, whole: nil, again: again), title: "Error", status: status)
  }

  /// A body in the frame of every page, without scripts.
  public static func plainPage(title: String, link: String, body: String) -> String {
    Layout.frame(title: title, crumbs: [.init(label: title, link: link)], body: body, isScripted: false)
  }

  private struct ErrorView {
    let heading: String
    let message: String
    let remedy: String?
    let code: String
    /// What was asked, to be changed; nil where the request is not about an atlas.
    let form: QuestionForm?
    let whole: String?
    var again: String?
  }

  /// With a capital letter and a full stop.
  private static func sentence(_ text: String) -> String {
    let ended = text.last.map { ".!?:".contains($0) } ?? true
    return text.prefix(1).uppercased() + text.dropFirst() + (ended ? "" : ".")
  }

  private static func problem(_ error: any UserFacingError, _ status: Int) -> Page {
    let members: [String: JSONValue] = [
      "type": .string("about:blank"), "title": .string(error.code), "status": .integer(Int64(status)),
      "code": .string(error.code), "detail": .string(error.message), "hint": error.remedy.map { .string($0) } ?? .null,
    ]
    return Page(
      (try? CanonicalJSON.text(JSONValue.object(members))) ?? "{}", type: "application/problem+json", status: status)
  }

  private func found(_ request: PageRequest, _ atlases: [PageAtlas]) throws -> Page {
    let path = request.path
    switch path.first {
    case nil: return try HomePage(atlases: atlases, glances: glances).page()
    case "assets" where path.count == 2: return try asset(path[1])
    case "search" where path.count == 1: return SearchPage(request, atlases: atlases).page()
    case "atlases" where path.count == 1: return try HomePage(atlases: atlases, glances: glances).page()
    case "atlases" where path.count >= 2:
      guard let atlas = atlases.first(where: { $0.name == path[1] }) else {
        throw PageError.noAtlas(name: String(path[1].prefix(200)), known: atlases.map(\.name))
      }
      return try page(of: atlas, Array(path.dropFirst(2)), request)
    default: throw PageError.noPage(path: "/" + path.joined(separator: "/").prefix(200))
    }
  }

  private func ledgerPage(_ request: PageRequest, _ ledger: (String) throws -> PageLedger?) throws -> Page {
    let path = request.path
    let id = path.count > 1 ? path[1] : request.value("id") ?? ""
    guard let found = try ledger(id) else { throw PageError.noLedger(id: String(id.prefix(100))) }
    if path.count <= 2 { return LedgerPages.page(found) }
    guard path.count == 4, path[2] == "charts" else {
      throw PageError.noPage(path: "/" + path.joined(separator: "/").prefix(200))
    }
    return Page(try CanonicalJSON.text(LedgerPages.chart(found, by: path[3])), type: "application/json")
  }

  private func page(of atlas: PageAtlas, _ rest: [String], _ request: PageRequest) throws -> Page {
    switch (rest.first, rest.count) {
    case (nil, _) where !atlas.showsMetrics: return try MeasurementsPage(atlas, request).page()
    case ("architecture", 1) where !atlas.showsMetrics: return try MeasuredArchitecturePage(atlas, request).page()
    case (nil, _): return try AtlasPage(atlas, request).page()
    case ("architecture", 1): return try ArchitecturePage(atlas, request).page()
    case ("compare", 1): return try ComparePage(atlas, request).page()
    case ("surrogates", 1): return SurrogatesPage(atlas: atlas).page()
    case ("table.csv", 1): return try TableFile(question: PageQuestion(atlas, request)).csv()
    case ("table.json", 1): return try TableFile(question: PageQuestion(atlas, request)).json()
    case ("charts", 2):
      let chart = try chart(rest[1], atlas, request)
      return Page(try CanonicalJSON.text(chart), type: "application/json")
    default: throw PageError.noPage(path: "/" + request.path.joined(separator: "/").prefix(200))
    }
  }

  private func chart(_ name: String, _ atlas: PageAtlas, _ request: PageRequest) throws -> JSONValue {
    let question = try PageQuestion(atlas, request)
    let charts = AtlasCharts(question)
    switch name {
    case "distribution": return try charts.distribution()
    case "trade-off": return try charts.tradeOff()
    case "correlation": return try charts.correlation()
    case "curves": return charts.curves(of: try ComparePage.architectures(atlas, question, request))
    case "splits":
      guard let entry = try ComparePage.architectures(atlas, question, request).first else {
        throw PageError.noArchitecture
      }
      return charts.splits(of: entry)
    case "neighbors":
      guard let text = request.value("a") else { throw PageError.noArchitecture }
      return try charts.neighbors(of: text)
    case "prediction": return try SurrogatesPage.prediction(question)
    case "calibration": return try SurrogatesPage.calibration(question)
    default: throw PageError.noPage(path: "charts/\(name.prefix(100))")
    }
  }

  private func asset(_ name: String) throws -> Page {
    switch name {
    case "page.css": Page(Assets.style, type: "text/css; charset=utf-8", maximumAgeSeconds: 3_600)
    case "page.js": Page(Assets.script, type: "text/javascript; charset=utf-8", maximumAgeSeconds: 3_600)
    case "icon.svg": Page(Assets.icon, type: "image/svg+xml", maximumAgeSeconds: 86_400)
    case "charts.js":
      Page(
        chartBundle ?? "", type: "text/javascript; charset=utf-8", maximumAgeSeconds: chartBundle == nil ? 0 : 86_400)
    default: throw PageError.noPage(path: "/assets/\(name.prefix(100))")
    }
  }
}
