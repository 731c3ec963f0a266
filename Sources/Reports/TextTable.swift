/// Rows of text in aligned columns.
package struct TextTable {
  package enum Alignment { case left, right }

  private let alignments: [Alignment]
  private let headings: [[String]]
  private var rows: [[String]] = []

  /// A title may have several lines; the last ones stand directly above the rows.
  package init(_ header: [(title: String, alignment: Alignment)]) {
    alignments = header.map(\.alignment)
    let titles = header.map { $0.title.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    let height = titles.map(\.count).max() ?? 1
    headings = (0..<height).map { line in
      titles.map { title in
        let place = line - (height - title.count)
        return place < 0 ? "" : title[place]
      }
    }
  }

  package mutating func add(_ cells: [String]) {
    precondition(cells.count == alignments.count, "a row needs a cell for each column")
    rows.append(cells)
  }

  package var headingLines: [String] { lines(of: headings) }
  package var rowLines: [String] { lines(of: rows) }

  /// Columns two spaces apart, no space at the end of a line.
  package var lines: [String] { headingLines + rowLines }

  private func lines(of rows: [[String]]) -> [String] {
    let widths = alignments.indices.map { column in (headings + self.rows).map { $0[column].count }.max() ?? 0 }
    return rows.map { Self.line($0, widths, alignments) }
  }

  private static func line(_ row: [String], _ widths: [Int], _ alignments: [Alignment]) -> String {
    var line = ""
    for (column, cell) in row.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      line += (column == 0 ? "" : "  ") + (alignments[column] == .left ? cell + padding : padding + cell)
    }
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  package var text: String { lines.joined(separator: "\n") }
}
