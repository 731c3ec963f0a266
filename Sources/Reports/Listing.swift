/// `name  value` lines, names in one column, long values wrapped at blanks to fit 80 columns.
package struct Listing {
  private var entries: [(name: String, value: String)] = []

  package init() {}

  package mutating func add(_ name: String, _ value: String) { entries.append((name, value)) }

  package var text: String {
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
  package static func wrap(_ text: String, width: Int) -> [String] {
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
