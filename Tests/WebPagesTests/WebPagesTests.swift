import Benchmarks
import Foundation
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

  @Test func theFirstPageNamesEveryAtlasAndWhatToCite() throws {
    let page = try page("")
    #expect(page.status == 200)
    #expect(page.text.contains("<a href=\"/atlases/nasbench201\">nasbench201</a>"))
    #expect(page.text.contains("15\u{202F}625") && page.text.contains("<strong>Cite</strong>"))
  }

  @Test func rowsAreThoseOfTheRanking() throws {
    let page = try page("atlases/nasbench201", [("setting", try settingName("cifar10"))])
    let benchmark = try atlas.benchmark
    let ranking = try benchmark.top(25, benchmark.lookup(Question(dataset: "cifar10")))
    let rows = page.text.components(separatedBy: "<tr>").filter { $0.contains("type=\"checkbox\"") }
    #expect(rows.count == 25)
    for (row, place) in zip(rows, ranking.places) {
      #expect(row.contains("<code>\(place.architecture.canonicalText)</code>"))
      #expect(row.contains(">\(String(format: "%.4f", place.value))</td>"))
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
    #expect(reversed.text.contains("aria-sort=\"ascending\"") && !reversed.text.contains("<code>\(Self.best)</code>"))
  }

  @Test func facetsLeadToTheirRuns() throws {
    let page = try page("atlases/nasbench201", [("setting", try settingName("cifar10")), ("against", "parameters")])
    let parts = page.text.components(separatedBy: "<dl class=\"facets\">")[1].components(separatedBy: "</dl>")[0]
    #expect(parts.contains("<dt>parameters</dt>") && parts.components(separatedBy: "<a href").count >= 4, "\(parts)")
    let condition = "parameters < 344346.0"
    let third = try self.page("atlases/nasbench201", [("setting", try settingName("cifar10")), ("where", condition)])
    #expect(third.text.contains("architectures where parameters &lt; 344346") && third.text.contains(">All</a>"))
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
    let shown = html.components(separatedBy: "<tr>").filter { $0.contains("type=\"checkbox\"") }
    for (row, html) in zip(table.rows, shown) { #expect(html.contains("<code>\(row.architecture)</code>")) }
    #expect(html.contains("by=train_seconds%3Amax") && !html.contains("The same in Python"))
  }

  @Test func chartsHoldTheNumbersOfTheAtlas() throws {
    let setting = [("setting", try settingName("cifar10"))]
    let counts = rows(try chart("distribution", setting)).map { row -> Int64 in
      if case .integer(let count)? = row["count"] { count } else { 0 }
    }
    #expect(counts.reduce(0, +) == 15_625 && counts.count > 10)
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
    let changes = rows(try chart("neighbours", setting + [("a", Self.best)]))
    #expect(changes.count == 24)
    #expect(rows(try chart("curves", setting + [("a", "nats:6111"), ("a", Self.best)])).count == 6)
  }

  @Test func anArchitectureIsDrawnAndNamed() throws {
    let page = try page("atlases/nasbench201/architecture", [("a", "nats:6111")])
    #expect(page.status == 200)
    #expect(page.text.contains("<svg class=\"diagram\"") && page.text.contains("nor_conv_3x3</text>"))
    #expect(page.text.contains("6111") && page.text.contains("24 neighbors in the space, 24 of them"))
    #expect(page.text.components(separatedBy: "completed").count == 10, "three seeds of three data sets")
  }

  @Test func severalAreComparedOnce() throws {
    let page = try page("atlases/nasbench201/compare", [("a", "nats:6111"), ("a", Self.best), ("a", "nats:6111")])
    #expect(page.text.contains("2 of up to 10 architectures"))
  }

  @Test func whatIsAskedWronglyIsTold() throws {
    for (path, query, status, said) in [
      ("atlases/nothing", [], 404, "There is no atlas nothing; known: nasbench201."),
      ("nowhere", [], 404, "There is no page /nowhere."),
      ("atlases/nasbench201/charts/pie", [], 404, "charts/pie"),
      ("atlases/nasbench201", [("where", "accuracy >> 3")], 400, "That cannot be shown"),
      ("atlases/nasbench201", [("setting", "mnist")], 400, "There is no setting mnist"),
      ("atlases/nasbench201", [("measure", "loss.test")], 400, "There is no loss.test"),
      ("atlases/nasbench201", [("page", "0")], 400, "page is 0; allowed: a number from 1"),
      ("atlases/nasbench201/architecture", [], 400, "No architecture was named"),
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

  @Test func pagesTellHowToGetCharts() throws {
    #expect(!pages.hasCharts)
    #expect(try page("assets/charts.js").text.isEmpty)
    #expect(try page("assets/page.js").text.contains("tools/setup --charts"))
    #expect(try page("assets/page.css").type.hasPrefix("text/css"))
  }
}
