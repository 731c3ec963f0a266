import Benchmarks
import Records
import Spaces
import Store

/// What pages call architectures, and how they draw them small.
struct ArchitectureNames {
  /// An architecture in a list.
  struct Entry {
    let text: String
    let short: String
    /// An SVG of 48 pixels; nil where the space has neither a drawing nor choices.
    let glyph: String?
    let link: String
    /// Whether the canonical text says more than the short name.
    let isLong: Bool
  }

  struct LegendItem {
    let label: String
    let style: String
  }

  private let space: (any TextualSpace)?
  private let name: String
  let colours: OperationColours

  /// Canonical texts of this length are short enough themselves.
  private static let shortText = 20

  init(_ atlas: PageAtlas, space name: String) {
    self.name = name
    space = try? atlas.benchmark.spaces.space(name)
    colours = OperationColours(space)
  }

  /// A form that the atlas reads too: the number in a published table, such as `nats:6111`; else a short canonical text,
  /// a short published identifier, or the first digits of the id.
  func short(_ text: String) -> String {
    let identifiers = (try? space?.identifiers(of: text)) ?? []
    if let index = space?.publishedIndex, let found = identifiers.first(where: { $0.name == index }) {
      return "\(found.name):\(found.value)"
    }
    if text.count <= Self.shortText { return text }
    if let found = identifiers.first(where: { $0.value.count <= 12 }) { return "\(found.name):\(found.value)" }
    return String("\(ArchitectureID(space: name, canonicalText: text))".prefix(10))
  }

  func diagram(_ text: String) -> ArchitectureDiagram? { (try? space?.diagram(of: text)) ?? nil }

  func entry(_ text: String, link: String) -> Entry {
    let short = short(text)
    return Entry(text: text, short: short, glyph: glyph(text), link: link, isLong: short != text)
  }

  /// Sizes and grids are drawn by their choices, all others as graphs.
  func glyph(_ text: String) -> String? {
    if let bars = bars(text) { return CellGlyph.svg(bars: bars) }
    return diagram(text).map { CellGlyph.svg($0, colours) }
  }

  private func bars(_ text: String) -> [(place: Int, count: Int)]? {
    guard let space, ["grid", "size"].contains(space.kind), let choices = space.choices?.choices,
      let configuration = try? space.configuration(of: text)
    else { return nil }
    return choices.map { choice in
      let value = configuration[choice.name]
      guard let range = choice.range else {
        return (value.flatMap(choice.values.firstIndex) ?? 0, choice.values.count)
      }
      let position = range.position(of: value?.number ?? range.minimum)
      return (Int(position * Double(Self.rangeSteps - 1)), Self.rangeSteps)
    }
  }

  /// The steps in which a bar shows a number of a range.
  private static let rangeSteps = 20

  /// Which colour is which operation, for these architectures.
  func legend(_ texts: some Sequence<String>) -> [LegendItem] {
    guard let space, !["grid", "size"].contains(space.kind) else { return [] }
    return colours.legend(of: texts.compactMap(diagram)).map { LegendItem(label: $0.label, style: $0.style) }
  }

  /// What the bars of a small drawing are, in their order; nil where drawings are graphs.
  var barLegend: String? {
    guard let space, ["grid", "size"].contains(space.kind), let choices = space.choices?.choices else { return nil }
    return choices.map(\.name).joined(separator: ", ")
  }
}
