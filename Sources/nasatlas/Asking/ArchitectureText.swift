import Benchmarks
import Foundation
import Records
import Reports

/// Architectures in texts for people.
enum ArchitectureText {
  /// The digits of an id that tables show: enough to ask with.
  static func short(_ id: ArchitectureID) -> String { String(id.hex.prefix(12)) }

  /// A canonical text in lines of at most `width`, broken behind separators; what is beyond `most` lines is left out and
  /// marked. The whole text is in the answer of `query`, and in JSON.
  static func lines(_ text: String, width: Int, most: Int = 3) -> [String] {
    var lines: [String] = []
    var rest = text[...]
    while rest.count > width {
      if lines.count == most - 1 { return lines + [rest.prefix(width - 1) + "…"] }
      let window = rest.prefix(width)
      let end = window.lastIndex { "+/,;|}".contains($0) }.map { rest.index(after: $0) }
      let cut = end.flatMap { rest.distance(from: rest.startIndex, to: $0) > width / 2 ? $0 : nil } ?? window.endIndex
      lines.append(String(rest[..<cut]))
      rest = rest[cut...]
    }
    return lines + [String(rest)]
  }

  /// What an architecture is called elsewhere, where that is short enough for a table: `nats:6111`.
  static func shortName(_ identifiers: [(name: String, value: String)]) -> String? {
    let preferred = identifiers.first { $0.name == "nats" } ?? identifiers.first
    return preferred.flatMap { $0.value.count <= 12 ? "\($0.name):\($0.value)" : nil }
  }
}

/// A table of architectures: a line of cells each, and the canonical text beside it where all fit into 80 columns, else
/// below.
struct ArchitectureTable {
  private var table: TextTable
  private var texts: [String] = []
  private let hasNames: Bool

  /// `columns` stand before the id. `names` tells whether the space has short names of its own.
  init(_ columns: [(title: String, alignment: TextTable.Alignment)], names: Bool) {
    hasNames = names
    table = TextTable(columns + (names ? [("known as", .left)] : []) + [("id", .left)])
  }

  mutating func add(_ cells: [String], _ architecture: Answer.Architecture, name: String?) {
    table.add(cells + (hasNames ? [name ?? "-"] : []) + [ArchitectureText.short(architecture.id)])
    texts.append(architecture.canonicalText)
  }

  var lines: [String] {
    let heading = table.headingLines
    let rows = table.rowLines
    let width = (heading + rows).map(\.count).max() ?? 0
    if texts.allSatisfy({ width + 2 + $0.count <= 80 }) {
      return heading.dropLast() + [heading.last ?? ""]
        + zip(rows, texts).map { row, text in
          row + String(repeating: " ", count: width - row.count + 2) + text
        }
    }
    return heading
      + zip(rows, texts).flatMap { row, text in
        [row] + ArchitectureText.lines(text, width: 74).map { "      " + $0 }
      }
  }
}

extension FilterField {
  /// The field as the title of a column: what distinguishes it on a line of its own, and so its unit.
  func title(unit: String?) -> String { title + (unit.map { $0 == "1" ? "" : "\n(\($0))" } ?? "") }

  private var title: String {
    let selectors = text.dropFirst(pathText.count)
    let path = path.count > 1 ? path.dropLast().joined(separator: ".") + "\n." + path[path.count - 1] : pathText
    return selectors.isEmpty ? path : "\(path)\n\(selectors)"
  }
}

extension AnswerContext {
  /// `accuracy_percent (percent) on test of cifar10 under 200 epochs`.
  var words: String {
    "\(metric) (\(unit)) on \(split.rawValue) of \(dataset)" + (protocolName.map { " under \($0)" } ?? "")
  }

  /// What positions are called: `epoch`, or the name of another axis of fidelity.
  var axisName: String { (fidelity ?? .epochs).name.replacingOccurrences(of: "_", with: " ") }

  /// `best epoch`, `last epoch`, `epoch 12`.
  var epochWords: String {
    switch epoch {
    case "best": "\(axisName) of the best validation value"
    case "last": "last \(axisName)"
    case let text where text.hasPrefix("best-so-far"): text.replacingOccurrences(of: "best-so-far", with: "best so far")
    default: "\(axisName) \(Int(epoch).map((fidelity ?? .epochs).words) ?? epoch)"
    }
  }

  /// `mean over completed runs where seed = 777`, or the seed. `filter` is the part of a filter that chooses runs.
  func seedWords(where filter: String? = nil) -> String {
    ["mean", "all"].contains(seeds)
      ? RunWords.mean(where: filter) : "seed \(seeds)" + (filter.map { " where \($0)" } ?? "")
  }
}

/// Which runs and architectures an answer is about, in words.
enum RunWords {
  /// `mean over completed runs`, or over those that a filter chooses.
  static func mean(where filter: String?) -> String {
    guard let filter else { return "mean over completed runs" }
    let isOfStatus = (try? FilterExpression(parsing: filter))?.fields.contains(FilterField("status")) ?? false
    return "mean over \(isOfStatus ? "" : "completed ")runs where \(filter)"
  }

  /// `; left out: 3 without a finite value`; empty for nothing.
  static func leftOut(_ omitted: [Omission]) -> String {
    omitted.isEmpty ? "" : "; " + leftOutAlone(omitted)
  }

  /// `left out: 3 without a finite value`.
  static func leftOutAlone(_ omitted: [Omission]) -> String {
    "left out: "
      + omitted.map { "\(NumberText.count($0.architectures)) \($0.reason.words)" }
      .joined(separator: ", ")
  }
}

extension Output {
  /// A sentence over lines of at most 80 columns.
  static func wrapped(_ text: String) -> String { Listing.wrap(text, width: 80).joined(separator: "\n") }
}
