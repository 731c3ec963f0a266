import Records
import Reports
import Store

/// The cards of an atlas as Markdown of at most 80 columns.
struct CardText {
  private var lines: [String] = []
  var text: String { lines.joined(separator: "\n") }

  init(_ atlas: Atlas) throws {
    lines += Listing.wrap("# " + (atlas.title ?? atlas.name), width: 80) + [""]
    lines += Listing.wrap(
      "\(NumberText.count(try atlas.architectureCount())) architectures, \(NumberText.count(atlas.runCount)) runs, "
        + "\(NumberText.count(atlas.measurementCount)) measurements; SHA-256 of the file:", width: 80)
    lines.append(atlas.digest.hex)
    for card in atlas.sourceCards { add(card) }
    for card in atlas.datasetCards { add(card) }
    for card in atlas.protocolCards {
      heading("Protocol \(card.name)")
      item("digest", card.digest.hex)
      if let axis = card.fidelity { item("positions", axis.words) }
      item("settings", (try? CanonicalJSON.text(card.settings)) ?? "")
    }
    for card in atlas.metricCards {
      heading("Metric \(card.name)")
      item("unit", "\(card.unit), \(card.largerIsBetter ? "larger" : "smaller") is better")
      item("meaning", card.meaning)
      item("target", card.target ?? "")
    }
  }

  private mutating func add(_ card: SourceCard) {
    heading("Source \(card.name)")
    item("title", card.title + (card.version.map { ", version \($0)" } ?? ""))
    item("origin", card.origin)
    item("license", card.license ?? "not stated: do not redistribute the numbers")
    item("cite", card.citation)
    for note in card.notes { item("note", note) }
    for defect in card.knownDefects { item("known defect", defect) }
    for made in card.madeUp { item("made up by the source", made) }
    for file in card.files {
      item("file", file.name)
      lines.append("  " + file.sha256.hex)
    }
  }

  private mutating func add(_ card: DatasetCard) {
    heading("Data set \(card.name)")
    item("title", card.title)
    item("task", card.task)
    item("about", card.about ?? "")
    if let input = card.input { item("input", input.words) }
    item("source", card.source)
    item("license", card.license ?? "not stated")
    item("cite", card.citation)
    item("metric", card.primaryMetric.name)
    item("split", card.splitMeaning)
    for target in card.targets { if let name = target.name { item("target", "\(name), a \(target.kind)") } }
    if !card.classNames.isEmpty { item("classes", card.classNames.joined(separator: ", ")) }
    if !card.classCounts.isEmpty { item("rows", card.splitSizes) }
    for defect in card.knownDefects { item("known defect", defect) }
    if let digest = card.digest { item("digest", digest.hex) }
  }

  private mutating func heading(_ text: String) { lines += ["", "## " + text, ""] }

  private mutating func item(_ name: String, _ value: String) {
    guard !value.isEmpty else { return }
    for (index, line) in Listing.wrap("\(name): \(value)", width: 78).enumerated() {
      // A word longer than a line, such as the JSON of a protocol, is broken behind its separators.
      for (part, piece) in ArchitectureText.lines(line, width: 78, most: .max).enumerated() {
        lines.append((index == 0 && part == 0 ? "- " : "  ") + piece)
      }
    }
  }
}

extension Atlas {
  /// The file's name without folder and ending.
  var name: String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.hasSuffix(".atlas") ? String(file.dropLast(6)) : file
  }
}

extension DatasetInput {
  /// For example `image, channels 3, height 32, width 32`.
  var words: String {
    ([kind] + shape.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      + (features.isEmpty ? [] : ["\(features.count) features"])).joined(separator: ", ")
  }
}

extension FidelityAxis {
  /// For example `step, in step` or `data_fraction, in fraction: 0.1, 0.5, 1.0`.
  var words: String {
    "\(name), in \(unit)" + (levels.isEmpty ? "" : ": " + levels.map { "\($0)" }.joined(separator: ", "))
  }
}
