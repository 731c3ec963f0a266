import Records

/// Brings the architectures of entries into their canonical spelling, each distinct one once.
struct Spellings {
  let reading: any ArchitectureReading
  /// True when the last entry was canonical already.
  private(set) var isUnchanged = true
  private var known: [String: [String: String]] = [:]
  private static let mostKnown = 1 << 18

  init(reading: any ArchitectureReading) { self.reading = reading }

  mutating func canonical(_ entry: JournalEntry) throws -> JournalEntry {
    isUnchanged = true
    switch entry {
    case .space(let card):
      try Self.check(card.name)
      try reading.define(card)
      return entry
    case .run(var record):
      let text = try canonical(record.key.space, record.key.architecture)
      guard text != record.key.architecture else { return entry }
      isUnchanged = false
      record.key.architecture = text
      return .run(record)
    case .measurement(var measurement):
      measurement.architecture = try canonical(measurement.space, measurement.architecture)
      let quantity = measurement.quantity
      if [measurement.space, measurement.architecture, quantity.name, quantity.unit].contains("") {
        throw EntryDefect(reason: "the space, architecture, quantity or unit is empty")
      }
      let others = [quantity.device, quantity.dataset, quantity.source].compactMap { $0 }
      for name in [measurement.space, measurement.architecture, quantity.name, quantity.unit] + others {
        if let defect = EntryDefect(ofName: name) { throw defect }
      }
      return .measurement(measurement)
    case .source(let card): try Self.check(card.name)
    case .metric(let card): try Self.check(card.name)
    case .dataset(let card): try Self.check(card.name)
    case .trainingProtocol(let card): try Self.check(card.name)
    }
    return entry
  }

  private static func check(_ name: String) throws {
    if name.isEmpty { throw EntryDefect(reason: "the name of a card is empty") }
    if let defect = EntryDefect(ofName: name) { throw defect }
  }

  private mutating func canonical(_ space: String, _ text: String) throws -> String {
    if let known = known[space]?[text] { return known }
    let canonical = try reading.canonicalText(space: space, of: text)
    // What is known is only there to save time.
    if known[space]?.count ?? 0 >= Self.mostKnown { known[space] = nil }
    known[space, default: [:]][text] = canonical
    return canonical
  }
}
