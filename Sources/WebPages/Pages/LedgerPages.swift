import Records
import Reports

/// One ledger.
struct LedgerPages {
  private struct Pair {
    let label: String
    let value: String
  }

  private struct View {
    let id: String
    let subject: String
    let report: String?
    let charts: [ChartView]
    let budget: [Pair]
    let best: String
    let count: String
    let steps: [Step]
  }

  private struct Step {
    let number: Int
    let text: String
    let link: String
    let value: String
    let spent: String
  }

  /// Shown on a page, the last ones.
  private static let shown = 100

  static func page(_ ledger: PageLedger) -> Page {
    let path = "/ledgers/\(HTML.percentEncoded(ledger.id))"
    let values = ledger.steps.compactMap(\.value)
    let best = ledger.largerIsBetter ? values.max() : values.min()
    let view = View(
      id: ledger.id, subject: ledger.subject, report: ledger.report,
      charts: ["queries", "epochs", "seconds"].filter { kind in ledger.steps.contains { spent(kind, $0) > 0 } }.map {
        ChartView(
          source: "\(path)/charts/\($0)", label: "How close the search has come, by \($0)",
          caption: ledger.report == nil ? "Follows the search while it runs." : "", isLive: ledger.report == nil)
      }, budget: ledger.budget.map { Pair(label: $0.name, value: $0.text) },
      best: best.map(NumberWords.value) ?? "–", count: NumberWords.count(ledger.steps.count),
      steps: ledger.steps.enumerated().suffix(shown).reversed().map { index, step in
        Step(
          number: index + 1, text: step.architecture,
          link: HTML.link(
            "/atlases/\(HTML.percentEncoded(ledger.atlas))/architecture", [("a", step.architecture)]),
          value: step.value.map(NumberWords.value) ?? "–", spent: NumberWords.count(step.epochs))
      })
    return Layout.page(
      "ledger", view, title: "Ledger \(ledger.id)",
      crumbs: [.init(label: "Ledgers", link: "/ledgers"), .init(label: ledger.id, link: path)])
  }

  private static func spent(_ kind: String, _ step: PageLedger.Step) -> Double {
    switch kind {
    case "epochs": Double(step.epochs)
    case "seconds": step.seconds
    default: Double(step.queries)
    }
  }

  /// Every better find, and the end; by `kind`, which is `queries`, `epochs` or `seconds`.
  static func chart(_ ledger: PageLedger, by kind: String) throws -> JSONValue {
    let names = ["queries": "queries", "epochs": "epochs", "seconds": "simulated training seconds"]
    guard let name = names[kind] else { throw PageError.noPage(path: "charts/\(kind.prefix(50))") }
    var found: Double?
    var steps: [RegretChart.Step] = []
    for (index, step) in ledger.steps.enumerated() {
      let isBetter = step.value.map { value in
        found.map { ledger.largerIsBetter ? value > $0 : value < $0 } ?? true
      }
      if isBetter == true { found = step.value }
      guard let found, isBetter == true || index == ledger.steps.count - 1 else { continue }
      let value = ledger.best.map { ledger.largerIsBetter ? $0 - found : found - $0 } ?? found
      steps.append(.init(spent: spent(kind, step), value: value))
    }
    return RegretChart(
      [(ledger.id, steps)], title: ledger.subject, budget: name,
      axis: ledger.best == nil ? "best \(ledger.metric)" : "regret of \(ledger.metric)"
    ).specification
  }
}
