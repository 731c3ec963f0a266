import Benchmarks
import Records
import Store

/// All rows of an atlas's page in the order of the page, numbers in full: as CSV and as JSON.
struct TableFile {
  let question: PageQuestion

  private struct Row: Encodable {
    let rank: Int
    let architecture: String
    /// By column; absent where the architecture has no value.
    let values: [String: Double]
  }

  private struct Table: Encodable {
    let atlas: String
    let atlasDigest: Digest256
    let setting: String
    /// The measure first.
    let columns: [String]
    /// The filter in its canonical spelling.
    let filter: String?
    let rows: [Row]
  }

  private var own: FilterField { question.own }

  private func columns() throws -> [FilterField] { try [own] + question.columns() }

  private func rows(_ columns: [FilterField]) throws -> [Row] {
    try question.places(.max, fields: Array(columns.dropFirst())).places.map { place in
      var values = place.fields
      if !question.isSorted { values[own.text] = place.value }
      return Row(rank: place.rank, architecture: place.architecture.canonicalText, values: values)
    }
  }

  func csv() throws -> Page {
    let columns = try columns()
    var lines = [(["rank", "architecture"] + columns.map(\.text)).map(Self.quoted).joined(separator: ",")]
    for row in try rows(columns) {
      let cells = columns.map { row.values[$0.text].map { "\($0)" } ?? "" }
      lines.append((["\(row.rank)", Self.quoted(row.architecture)] + cells).joined(separator: ","))
    }
    return Page(lines.joined(separator: "\n") + "\n", type: "text/csv; charset=utf-8")
  }

  func json() throws -> Page {
    let columns = try columns()
    let atlas = question.atlas
    let table = Table(
      atlas: atlas.name, atlasDigest: atlas.benchmark.atlas.digest, setting: atlas.settingName(question.setting),
      columns: columns.map(\.text), filter: question.filter?.canonicalText, rows: try rows(columns))
    return Page(try CanonicalJSON.text(table) + "\n", type: "application/json")
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
