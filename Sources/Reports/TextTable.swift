/// Rows of text in aligned columns.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private let headings: [[String]]
  private var rows: [[String]] = []

  /// A title may have several lines; the last ones stand directly above the rows.
  init(_ header: [(title: String, alignment: Alignment)]) {
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

  mutating func add(_ cells: [String]) {
    precondition(cells.count == alignments.count, "a row needs a cell for each column")
    rows.append(cells)
  }

  var headingLines: [String] { lines(of: headings) }
  var rowLines: [String] { lines(of: rows) }

  /// Columns two spaces apart, no space at the end of a line.
  var lines: [String] { headingLines + rowLines }

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

  var text: String { lines.joined(separator: "\n") }
}

/// `name  value` lines, names in one column, long values wrapped at blanks to fit 80 columns.
struct Listing {
  private var entries: [(name: String, value: String)] = []

  mutating func add(_ name: String, _ value: String) { entries.append((name, value)) }

  var text: String {
    let width = (entries.map(\.name.count).max() ?? 0) + 2
    return entries.map { entry in
      let padding = String(repeating: " ", count: width - entry.name.count)
      let indent = String(repeating: " ", count: width)
      // A digest does not fit beside long names; then it stands below, whole.
      if width > 16, entry.value.count <= 78, !entry.value.contains(" "), width + entry.value.count > 80 {
        return entry.name + "\n  " + entry.value
      }
      return entry.name + padding + Self.wrap(entry.value, width: 80 - width).joined(separator: "\n" + indent)
    }.joined(separator: "\n")
  }

  /// Breaks at blanks; a word longer than `width` stays whole.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.isEmpty ? [""] : lines
  }
}
