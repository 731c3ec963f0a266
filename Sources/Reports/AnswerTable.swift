import Records
import Evaluation
import Foundation

/// The rows of an answer, for programs and for papers: named columns of one type each.
package struct AnswerTable: Sendable {
  /// One cell a row; nil where the row has none.
  package enum Cells: Sendable {
    case texts([String?])
    case counts([Int?])
    case numbers([Double?])

    package var count: Int {
      switch self {
      case .texts(let cells): cells.count
      case .counts(let cells): cells.count
      case .numbers(let cells): cells.count
      }
    }

    fileprivate var isText: Bool {
      if case .texts = self { true } else { false }
    }
  }

  package struct Column: Sendable {
    /// What programs call it, such as `latency[raspi4]`.
    package let name: String
    /// What people read, with the unit.
    package let title: String
    package let cells: Cells

    package init(_ name: String, title: String? = nil, _ cells: Cells) {
      self.name = name
      self.title = title ?? name
      self.cells = cells
    }
  }

  /// What the table shows, in one sentence.
  package let caption: String
  package let columns: [Column]
  package let rowCount: Int

  /// All columns have the same number of cells.
  package init(caption: String, _ columns: [Column]) {
    self.caption = caption
    self.columns = columns
    rowCount = columns.first?.cells.count ?? 0
    precondition(columns.allSatisfy { $0.cells.count == rowCount }, "a column has a cell for each row")
  }

  /// Comma-separated values as RFC 4180 describes them: a line of names, then a line a row with all digits of a number.
  /// Absent cells are empty. Ends with a line feed.
  package var csv: String {
    let texts = columns.map { Self.texts($0.cells, absent: "", number: { "\($0)" }, count: { "\($0)" }) }
    return lines(columns.map(\.name), texts) { CSV.line($0) }
  }

  /// A table of Markdown under its caption. `number` and `count` show cells as people read them.
  package func markdown(number: (Double) -> String, count: (Int) -> String) -> String {
    let texts = columns.map { Self.texts($0.cells, absent: "–", number: number, count: count).map(Self.markdown) }
    let marks = columns.map { $0.cells.isText ? ":--" : "--:" }
    let rows = lines(columns.map { Self.markdown($0.title) }, rule: "| \(marks.joined(separator: " | ")) |", texts) {
      "| \($0.joined(separator: " | ")) |"
    }
    return "\(Self.markdown(caption))\n\n" + rows
  }

  /// A table for the LaTeX package booktabs, with its caption. `number` and `count` show cells as people read them.
  package func latex(number: (Double) -> String, count: (Int) -> String) -> String {
    let texts = columns.map {
      Self.texts($0.cells, absent: "--", number: number, count: count).map(PredictorLaTeX.escaped)
    }
    let alignment = columns.map { $0.cells.isText ? "l" : "r" }.joined()
    let head = [
      "% needs \\usepackage{booktabs}", "\\begin{table}", "  \\centering",
      "  \\caption{\(PredictorLaTeX.escaped(caption))}",
      "  \\begin{tabular}{@{}\(alignment)@{}}", "    \\toprule",
    ]
    let titles = columns.map { PredictorLaTeX.escaped($0.title) }
    let body = lines(titles, rule: "    \\midrule", texts) { "    \($0.joined(separator: " & ")) \\\\" }
    return head.joined(separator: "\n") + "\n" + body + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n"
  }

  private func lines(
    _ heading: [String], rule: String? = nil, _ texts: [[String]], _ line: ([String]) -> String
  ) -> String {
    var text = line(heading) + "\n" + (rule.map { $0 + "\n" } ?? "")
    for row in 0..<rowCount { text += line(texts.map { $0[row] }) + "\n" }
    return text
  }

  private static func texts(
    _ cells: Cells, absent: String, number: (Double) -> String, count: (Int) -> String
  ) -> [String] {
    switch cells {
    case .texts(let cells): cells.map { $0 ?? absent }
    case .counts(let cells): cells.map { $0.map(count) ?? absent }
    case .numbers(let cells): cells.map { $0.map(number) ?? absent }
    }
  }

  /// Text in which Markdown takes no character for a mark of its own.
  private static func markdown(_ text: String) -> String {
    text.map { character in
      switch character {
      case "|", "\\", "*", "_", "`", "[", "]", "<", ">", "~": "\\\(character)"
      case "\n": " "
      default: String(character)
      }
    }.joined()
  }
}
