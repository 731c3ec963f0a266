import Benchmarks
import Records
import Store

/// Parts of the runs of a setting, each with a link to a page about it alone.
struct Facet {
  struct Part {
    let label: String
    let count: String
    let link: String
  }

  let name: String
  let parts: [Part]

  /// Where runs come from, and architectures by thirds of what stands on the other axis; only what has two parts or more.
  static func all(_ question: PageQuestion) throws -> [Facet] {
    let setting = question.setting
    var counts: [(name: String, counts: [String: Int])] = [("origin", [:]), ("source", [:]), ("status", [:])]
    for run in 0..<setting.runCount {
      if let origin = try setting.origin(ofRun: run) { counts[0].counts[origin.rawValue, default: 0] += 1 }
      if let source = try setting.source(ofRun: run) { counts[1].counts[source, default: 0] += 1 }
      counts[2].counts[try setting.status(ofRun: run).rawValue, default: 0] += 1
    }
    let told = counts.filter { $0.counts.count > 1 }.map { name, counts in
      Facet(
        name: name,
        parts: counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.prefix(12).map {
          part(
            $0.key, NumberWords.count($0.value, "run"), "\(name) = '\($0.key.replacing("'", with: "''"))'", question)
        })
    }
    return try told + (question.against.flatMap { try thirds(of: $0, question) }.map { [$0] } ?? [])
  }

  private static func thirds(of field: FilterField, _ question: PageQuestion) throws -> Facet? {
    let setting = question.setting
    // As a filter sees it: the means of architectures.
    let table = try question.atlas.benchmark.table(of: [field], rows: Array(setting.spaceRows), in: setting)
    let numbers = table.values.compactMap { $0[0] }.filter { !$0.isNaN }.sorted()
    guard let first = numbers.first, let last = numbers.last else { return nil }
    let (low, high) = (numbers[numbers.count / 3], numbers[2 * numbers.count / 3])
    guard first < low, low < high, high <= last else { return nil }
    let parts = [
      ("below \(NumberWords.value(low))", numbers.count { $0 < low }, "\(field.text) < \(low)"),
      ("between", numbers.count { $0 >= low && $0 < high }, "\(field.text) >= \(low) and \(field.text) < \(high)"),
      ("from \(NumberWords.value(high))", numbers.count { $0 >= high }, "\(field.text) >= \(high)"),
    ]
    return Facet(
      name: question.heading(field),
      parts: parts.map { part($0.0, NumberWords.count($0.1, "architecture"), $0.2, question) })
  }

  private static func part(_ label: String, _ count: String, _ condition: String, _ question: PageQuestion) -> Part {
    let whole = question.condition.isEmpty ? condition : "(\(question.condition)) and \(condition)"
    let query = question.query.map { $0.0 == "where" ? ("where", whole) : $0 }
    return Part(label: label, count: count, link: HTML.link(question.atlas.path, query))
  }
}
