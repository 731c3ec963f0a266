import Records

/// The cards of metrics by name, those of the known metrics included.
struct MetricRules: Sendable {
  private var cards: [String: MetricCard]
  /// True where a card states a range, so that values must be looked at.
  private(set) var hasRanges: Bool

  init(_ given: [MetricCard] = []) {
    cards = Dictionary(MetricCard.known.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    hasRanges = false
    for card in given { set(card) }
  }

  mutating func set(_ card: MetricCard) {
    cards[card.name] = card
    if card.range != nil { hasRanges = true }
  }

  /// The card of a metric; nil for a metric that has none and is not known.
  subscript(metric: Metric) -> MetricCard? { cards[metric.name] }

  var names: [String] { cards.keys.sorted() }
}
