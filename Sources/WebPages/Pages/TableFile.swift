import Benchmarks
import Records
import Store

/// All rows of an atlas's page as CSV, numbers in full.
struct TableFile {
  let question: PageQuestion

  func page() throws -> Page {
    let costs = PageQuestion.costs(question.atlas, question.setting)
    let own = FilterField(path: [question.measure.metric.name, question.measure.split.rawValue])
    let fields = AtlasPage.columns(question, costs)
    var lines = [(["rank", "architecture", own.text] + fields.map(\.text)).map(Self.quoted).joined(separator: ",")]
    for place in try question.places(.max, fields: fields).places {
      let value = question.sort == nil && !question.isReversed ? place.value : place.fields[own.text]
      let cells = [value] + fields.map { place.fields[$0.text] }
      lines.append(
        (["\(place.rank)", Self.quoted(place.architecture.canonicalText)] + cells.map { $0.map { "\($0)" } ?? "" })
          .joined(separator: ","))
    }
    return Page(lines.joined(separator: "\n") + "\n", type: "text/csv; charset=utf-8")
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
