import Benchmarks
import Records
import Store

/// What the first page shows of an atlas besides its counts.
struct AtlasGlance: Sendable {
  struct Best: Sendable {
    let value: String
    /// What the value is.
    let words: String
    let short: String
    let glyph: String?
    let link: String
  }

  /// A histogram as SVG; nil where the values are too few.
  let histogram: String?
  let measure: String
  let best: Best?
  /// One line on where the numbers come from.
  let making: String

  /// What the cards of the atlas say alone: no value is read.
  init(cardsOf atlas: PageAtlas) {
    making = Self.making(atlas)
    (histogram, measure, best) = (nil, "", nil)
  }

  init(_ atlas: PageAtlas) {
    making = Self.making(atlas)
    let request = PageRequest(path: [], query: [], origin: "")
    guard let question = try? PageQuestion(atlas, request), let values = try? AtlasCharts(question).values() else {
      (histogram, measure) = Self.measurements(atlas)
      best = nil
      return
    }
    measure = "\(question.heading(question.own)) on \(question.setting.dataset)"
    histogram = HistogramDrawing(values, title: "Distribution of \(measure)").svg
    best = (try? question.places(1, fields: []).places.first).flatMap { place in
      let text = place.architecture.canonicalText
      let names = ArchitectureNames(atlas, space: question.setting.space)
      let link = HTML.link("\(atlas.path)/architecture", [("a", text)] + question.measureQuery)
      return Best(
        value: NumberWords.value(place.value) + question.unitMark,
        words: "\(question.measureWords) on \(question.setting.dataset)", short: names.short(text),
        glyph: names.glyph(text), link: link)
    }
  }

  /// The histogram of the first quantity that is shown, for an atlas without values of metrics.
  private static func measurements(_ atlas: PageAtlas) -> (histogram: String?, measure: String) {
    for space in atlas.benchmark.atlas.spaces.map(\.name) {
      guard let (field, measured) = atlas.benchmark.measuredFields(of: space).first else { continue }
      var values: [Double] = []
      try? measured.forEach { _, value in if value.isFinite { values.append(value) } }
      let measure = field.heading(unit: measured.quantity.unit)
      return (HistogramDrawing(values, title: "Distribution of \(measure)").svg, measure)
    }
    return (nil, "")
  }

  private static func making(_ atlas: PageAtlas) -> String {
    let table = atlas.benchmark.atlas
    var origins: [String] = []
    for card in table.sourceCards {
      let version = card.version.map { card.origin.contains($0) ? "" : " \($0)" } ?? ""
      let line = card.origin + version
      if !line.isEmpty, !origins.contains(line) { origins.append(line) }
    }
    if !origins.isEmpty { return "Imported from \(origins.joined(separator: "; "))." }
    var protocols: [String] = []
    for name in table.settings.map(atlas.benchmark.protocolName) where !protocols.contains(name) {
      protocols.append(name)
    }
    guard !protocols.isEmpty else { return "Measured without training." }
    return "Trained with NASAtlas under \(protocols.prefix(4).joined(separator: ", "))."
  }
}

/// Glances that were worked out: an atlas never changes, so each is worked out once.
final class AtlasGlances: Sendable {
  private struct Key: Hashable {
    let digest: Digest256
    let disclosure: Disclosure
    let name: String
  }

  private let known = Guarded<[Key: AtlasGlance]>([:])
  private static let most = 256

  /// Works it out where that begins before `end`; after that, what the cards say alone must do for this time.
  func glance(_ atlas: PageAtlas, until end: ContinuousClock.Instant) -> AtlasGlance {
    let key = Key(digest: atlas.benchmark.atlas.digest, disclosure: atlas.benchmark.disclosure, name: atlas.name)
    if let found = known.withLock({ $0[key] }) { return found }
    guard ContinuousClock.now < end else { return AtlasGlance(cardsOf: atlas) }
    let made = AtlasGlance(atlas)
    // Work that was cut off has not seen everything.
    guard !Task.isCancelled else { return made }
    known.withLock {
      if $0.count >= Self.most { $0.removeAll() }
      $0[key] = made
    }
    return made
  }
}
