import Benchmarks
import Records
import Store

/// The ledgers of the server, without what would open them, and how to open one.
struct LedgerList {
  private struct View {
    let ledgers: [PageLedger.Line]
    let isEmpty: Bool
    let keepsLedgers: Bool
    let curl: String?
    let python: String?
  }

  /// Shown on a page.
  private static let most = 200

  /// Nil where the server keeps no ledgers.
  let lines: [PageLedger.Line]?
  let atlases: [PageAtlas]
  let origin: String

  func page() -> Page {
    let view = View(
      ledgers: Array((lines ?? []).prefix(Self.most)), isEmpty: lines?.isEmpty ?? true,
      keepsLedgers: lines != nil, curl: example?.curl, python: example?.python)
    return Layout.page("ledgers", view, title: "Ledgers", crumbs: [.init(label: "Ledgers", link: "/ledgers")])
  }

  /// Lines to copy for the first atlas with runs.
  private var example: (curl: String, python: String)? {
    for atlas in atlases {
      guard let question = try? PageQuestion(atlas, PageRequest(path: [], query: [], origin: origin)),
        let text = (try? question.places(1, fields: []))?.places.first?.architecture.canonicalText
      else { continue }
      let asked = ArchitectureNames(atlas, space: question.setting.space).short(text)
      let query = Snippets(atlas, question, origin).settingQuery
      let open = "\(origin)\(HTML.link("/v1\(atlas.path)/ledgers", query))"
      let json = "-H 'Content-Type: application/json'"
      let curl = """
        # Open a ledger of 50 queries. The answer has its id.
        curl -X POST \(json) -d '{"queries": 50}' '\(open)'
        # Ask. Every new architecture costs one query.
        curl -X POST \(json) -d '{"architecture": "\(asked)"}' '\(origin)/v1/ledgers/ID/ask'
        # Close the ledger with your choice. The report has its regret.
        curl -X POST \(json) -d '{"incumbent": "\(asked)"}' '\(origin)/v1/ledgers/ID/close'
        """
      let python = """
        import nasatlas
        atlas = nasatlas.connect("\(origin)", "\(atlas.name)")
        ledger = atlas.ledger(queries=50, \(Snippets.arguments(query)))
        print(ledger.ask("\(asked)"))
        print(ledger.close("\(asked)"))
        """
      return (curl, python)
    }
    return nil
  }
}
