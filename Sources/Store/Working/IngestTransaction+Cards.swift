import Foundation
import GRDB
import Records

/// What an ingest knows of the cards that its files brought.
struct CardLedger {
  struct Key: Hashable {
    let kind: String
    let name: String
    let digest: Digest256?
  }

  /// The sources whose cards came before in the file that is read.
  private(set) var sourcesOfFile: Set<String> = []
  /// The cards of this ingest, each with the sources of the file that brought it.
  private(set) var brought: [Key: Set<String>] = [:]
  /// Metrics whose stored runs must be checked anew: their cards now say something else.
  var changedMetrics: Set<String> = []

  mutating func begin() { sourcesOfFile = [] }

  mutating func bring(_ key: Key) {
    if key.kind == "source" { sourcesOfFile.insert(key.name) }
    brought[key, default: []].formUnion(sourcesOfFile)
  }
}

extension IngestTransaction {
  mutating func add(_ entry: JournalEntry, place: Int) throws {
    switch entry {
    case .source(let card): try add("source", card.name, card, place: place)
    case .space(let card): try add("space", card.name, card, place: place)
    case .metric(let card):
      guard try add("metric", card.name, card, place: place) else { return }
      noteChange(from: rules[Metric(card.name)], to: card)
      rules.set(card)
    case .dataset(let card): try add("dataset", card.name, card, digest: card.digest, place: place)
    case .trainingProtocol(let card): try add("protocol", card.name, card, digest: card.digest, place: place)
    case .run(let record):
      names.note(record)
      try add(IncomingRun(record, encoded: nil, place: place, rules: isChecked ? rules : nil))
    case .measurement(let measurement): try add(measurement, place: place)
    }
  }

  /// Adds a card that was replaced before its atlas was published.
  mutating func add(_ card: ReplacedCard) throws {
    try keepReplaced(
      card.kind, card.name, card.digest?.bytes ?? Data(), card.cardDigest, try CanonicalJSON.text(card.card))
  }

  private mutating func keepReplaced(
    _ kind: String, _ name: String, _ digest: Data, _ cardDigest: Digest256, _ card: String
  ) throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO replaced_cards VALUES (?, ?, ?, ?, ?)",
      arguments: [kind, name, digest, cardDigest.bytes, card])
    guard db.changesCount == 1 else { return }
    try addChecksum(
      of: .replacedCards, where: "kind = ? AND name = ? AND digest = ? AND card_digest = ?",
      [kind, name, digest, cardDigest.bytes])
  }

  /// True when the working file has the card now and did not have it before.
  @discardableResult
  private mutating func add(
    _ kind: String, _ name: String, _ card: some Encodable, digest: Digest256? = nil, place: Int
  ) throws -> Bool {
    count { $0.cards += 1 }
    let text = try CanonicalJSON.text(card)
    let cardDigest = Digest256(of: text)
    let key = CardLedger.Key(kind: kind, name: name, digest: digest)
    let earlier = cards.brought[key]
    cards.bring(key)
    let condition = "kind = ? AND name = ? AND digest = ?"
    let arguments: StatementArguments = [kind, name, digest?.bytes ?? Data()]
    let known = try db.firstRow("SELECT card_digest, card FROM cards WHERE \(condition)", arguments) {
      (digest: try $0.digest(0), card: try $0.text(1))
    }
    if let known {
      let existing = known.digest
      guard existing != cardDigest else { return false }
      if options.replacesCards, earlier == nil {
        try keepReplaced(kind, name, digest?.bytes ?? Data(), existing, known.card)
        report.replacedCards.append(.init(kind: kind, name: name, old: existing, new: cardDigest, file: file))
      } else {
        let kept = keptCard(first: earlier, second: cards.sourcesOfFile)
        report.add(
          .init(kind: kind, name: name, first: existing, second: cardDigest, kept: kept, file: file, place: place),
          to: \.cardConflicts, kept)
        guard kept == .second else { return false }
      }
    }
    try removeChecksum(of: .cards, where: condition, arguments)
    try db.execute(
      sql: "REPLACE INTO cards VALUES (?, ?, ?, ?, ?)",
      arguments: [kind, name, digest?.bytes ?? Data(), cardDigest.bytes, text])
    try addChecksum(of: .cards, where: condition, arguments)
    return true
  }

  /// Which of two cards stays. A card belongs to the sources whose cards came before it in its file; nil for a card that
  /// the working file had before.
  private func keptCard(first: Set<String>?, second: Set<String>) -> IngestReport.Kept {
    switch options.conflicts {
    case .refuse: .undecided
    // What a card describes needs one, so the card that came first stays where rows are left out.
    case .first, .skip: .first
    case .second: .second
    case .source(let name):
      switch (first?.contains(name), second.contains(name)) {
      case (false?, true): .second
      case (true?, false): .first
      default: .undecided
      }
    }
  }

  /// Remembers that stored runs must be checked against the new card of their metric.
  private mutating func noteChange(from old: MetricCard?, to new: MetricCard) {
    guard hadRuns || hasAddedRuns, old != nil || names.metrics.contains(new.name) else { return }
    let isStricter = new.range != nil && new.range != old?.range
    let isTurned = old.map { $0.largerIsBetter != new.largerIsBetter } ?? false
    if isStricter || isTurned { cards.changedMetrics.insert(new.name) }
  }
}
