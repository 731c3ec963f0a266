import Foundation
import GRDB
public import Records

/// Reads the spellings of architectures of the spaces that an ingest meets.
public protocol ArchitectureReading: AnyObject {
  /// Takes the rules of a space that is not built in.
  func define(_ space: SpaceCard) throws
  /// The canonical text of an architecture that is given in any form that its space reads.
  func canonicalText(space: String, of text: String) throws -> String
}

/// The working file: where journals and NDJSON files are gathered before an atlas is published. One process at a time.
///
/// Every distinct run is kept as its whole record. What the file holds is a function of the set of entries it was given:
/// the order of files, repetitions and overlaps leave no trace.
public final class WorkingStore {
  public let path: String
  let queue: DatabaseQueue
  private let lock: SystemFile
  let runsPerTransaction: Int
  private var settings: [IngestTransaction.SettingKey: Int64] = [:]
  private var quantities: [IngestTransaction.QuantityKey: Int64] = [:]

  /// Opens or creates the working file at `path`, and holds the lock `PATH.lock` until released. An ingest commits after
  /// every `runsPerTransaction` entries of a journal.
  ///
  /// Throws `RecordsError.locked`, naming the holder, while another process has it.
  public init(path: String, runsPerTransaction: Int = 32_768) throws {
    self.path = path
    self.runsPerTransaction = max(1, runsPerTransaction)
    lock = try SystemFile(path + ".lock", .readWrite)
    try lock.lock()
    try WorkingSchema.checkHeader(path: path)
    queue = try StoreError.typed(path) {
      var configuration = Configuration()
      configuration.label = "working"
      configuration.prepareDatabase { db in
        try WorkingSchema.check(db, path: path)
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(sql: "PRAGMA cache_size = -131072")
      }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.write { try WorkingSchema.prepare($0) }
      return queue
    }
    try SystemFile.synchronizeFolder(of: path)
  }

  /// Number of runs.
  public func runCount() throws -> Int { try count("runs") }

  /// Number of measurements.
  public func measurementCount() throws -> Int { try count("measurements") }

  private func count(_ table: String) throws -> Int {
    try read { try $0.firstRow("SELECT count(*) FROM \(table)") { try $0.count(0) } ?? 0 }
  }

  /// Numerics digests under each key that has more than one, by the first sixteen bytes of the key's digest in hex.
  public func conflicts() throws -> [ArchitectureID: [Digest256]] {
    try read { db in
      var found: [ArchitectureID: [Digest256]] = [:]
      try db.forEachRow("SELECT key, numerics FROM conflicts ORDER BY key, numerics") { row in
        found[try row.architectureID(0), default: []].append(try row.digest(1))
      }
      return found
    }
  }

  /// Checks that every row has its checksum, and every batch of runs its own. Throws `StoreError.damaged` and
  /// `damagedBlock`.
  public func verify() throws {
    try read { db in
      _ = try WorkingChecksums.checked(db)
      let runs = try WorkingRuns(db, path: path)
      for setting in runs.settings { try runs.forEach(of: setting) { _ in } }
    }
  }

  /// Runs `body` on the database; its errors become ``StoreError``.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try StoreError.typed(path) { try queue.read(body) }
  }

  /// Adds what `files` hold: journals, and NDJSON files, which are told apart by how they begin. Repeatable: what is
  /// there already is counted as a duplicate.
  ///
  /// Equal numerics under one key with other timings is a duplicate, and the run that started first stays. Unequal
  /// numerics under one key is a conflict, reported with both digests; again the run that started first stays. A journal
  /// is committed piece by piece, and `progress` is called after each commit: what it reports is on the disk. A record
  /// that cannot be stored ends its ingest with `invalidRecord`; what was committed before stays. An NDJSON file is taken
  /// whole or, when any line is bad, not at all: `badLines` lists them.
  @discardableResult
  public func ingest(
    files: [String], reading: any ArchitectureReading, progress: (IngestReport) -> Void = { _ in }
  ) throws -> IngestReport {
    var report = IngestReport()
    return try StoreError.typed(path) {
      for card in try cards("space", SpaceCard.self) { try reading.define(card) }
      for path in files.sorted() {
        report.files.append(.init(path: path))
        if try Self.isJournal(path) {
          try ingestJournal(path, reading, &report, progress)
        } else {
          try ingestLines(path, reading, &report)
          progress(report)
        }
      }
      return report
    }
  }

  /// Adds entries whose architectures are canonical, all or none; `origin` names where they come from.
  @discardableResult
  func ingest(_ entries: some Sequence<JournalEntry>, of origin: String) throws -> IngestReport {
    var report = IngestReport()
    report.files.append(.init(path: origin))
    return try StoreError.typed(path) {
      try transaction(file: origin, report) { transaction in
        for (place, entry) in entries.enumerated() {
          do { try Self.add(entry, place: place, to: &transaction) } catch let defect as EntryDefect {
            throw StoreError.invalidRecord(file: origin, place: place, reason: defect.reason)
          }
        }
      }
    }
  }

  private static func isJournal(_ path: String) throws -> Bool {
    let file = try SystemFile(path, .read)
    let head = try file.read(at: 0, count: 8)
    return head.isEmpty || JournalFormat.header.starts(with: head.prefix(8))
      || head.prefix(4).elementsEqual("NASA".utf8)
  }

  private func ingestJournal(
    _ file: String, _ reading: any ArchitectureReading, _ report: inout IngestReport,
    _ progress: (IngestReport) -> Void
  ) throws {
    var reader = try JournalReader(path: file)
    var spellings = Spellings(reading: reading)
    while true {
      let batch = try reader.next(atMost: runsPerTransaction, bytes: AtlasFormat.workingBatchBytes)
      if batch.isEmpty { break }
      var runs: [(record: RunRecord, encoded: EncodedRun?, place: Int)] = []
      var others: [(entry: JournalEntry, place: Int)] = []
      for item in batch {
        do {
          switch try spellings.canonical(item.entry) {
          case .run(let record): runs.append((record, spellings.isUnchanged ? item.encoded : nil, item.offset))
          case let entry: others.append((entry, item.offset))
          }
        } catch {
          throw StoreError.invalidRecord(file: file, place: item.offset, reason: Self.reason(error))
        }
      }
      let incoming = try runs.concurrentMap { run in
        do { return try IncomingRun(run.record, encoded: run.encoded, place: run.place) } catch {
          throw StoreError.invalidRecord(file: file, place: run.place, reason: "\(error)")
        }
      }.sorted { ($0.keyDigest, $0.place) < ($1.keyDigest, $1.place) }
      report = try transaction(file: file, report) { transaction in
        for other in others { try Self.add(other.entry, place: other.place, to: &transaction) }
        // Inserting in the order of the key touches each page of the table once.
        for run in incoming { try transaction.add(run) }
      }
      progress(report)
    }
    report.files[report.files.count - 1].tornBytes = reader.tornBytes
  }

  private func ingestLines(_ file: String, _ reading: any ArchitectureReading, _ report: inout IngestReport) throws {
    var protocols: [String: Digest256] = [:]
    var ambiguous: Set<String> = []
    for card in try cards("protocol", ProtocolCard.self) {
      if protocols.updateValue(card.digest, forKey: card.name) != nil { ambiguous.insert(card.name) }
    }
    // A name that two files gave to two protocols says nothing in a third.
    for name in ambiguous { protocols[name] = nil }
    var reader = try InterchangeReader(path: file, protocols: protocols)
    report = try transaction(file: file, report) { transaction in
      var spellings = Spellings(reading: reading)
      var bad: [StoreError.BadLine] = []
      var badCount = 0
      while let item = try reader.next() {
        let line = reader.line
        do {
          guard case .entry(let entry) = item else {
            if case .bad(let reason) = item { throw EntryDefect(reason: reason) }
            continue
          }
          switch try spellings.canonical(entry) {
          case .run(let record): try transaction.add(IncomingRun(record, encoded: nil, place: line))
          case let entry: try Self.add(entry, place: line, to: &transaction)
          }
        } catch let error where Self.isOfWorkingFile(error) {
          throw error
        } catch {
          badCount += 1
          if bad.count < StoreError.listedBadLines { bad.append(.init(line: line, reason: Self.reason(error))) }
        }
      }
      guard badCount == 0 else { throw StoreError.badLines(path: file, count: badCount, first: bad) }
    }
  }

  /// One transaction; its changes of the report and of what is known count only if it is committed.
  func transaction(
    file: String, _ report: IngestReport, _ body: (inout IngestTransaction) throws -> Void
  ) throws -> IngestReport {
    try queue.write { db in
      var transaction = try IngestTransaction(
        db: db, file: file, report: report, settings: settings, quantities: quantities)
      do {
        try body(&transaction)
        try transaction.finish()
      } catch {
        settings = [:]
        quantities = [:]
        throw error
      }
      settings = transaction.settings
      quantities = transaction.quantities
      return transaction.report
    }
  }

  static func add(_ entry: JournalEntry, place: Int, to transaction: inout IngestTransaction) throws {
    func add(_ kind: String, _ name: String, _ card: some Encodable, digest: Digest256? = nil) throws {
      try transaction.add(kind: kind, name: name, digest: digest, card: CanonicalJSON.text(card), place: place)
    }
    switch entry {
    case .source(let card): try add("source", card.name, card)
    case .space(let card): try add("space", card.name, card)
    case .metric(let card): try add("metric", card.name, card)
    case .dataset(let card): try add("dataset", card.name, card, digest: card.digest)
    case .trainingProtocol(let card): try add("protocol", card.name, card, digest: card.digest)
    case .run(let record): try transaction.add(IncomingRun(record, encoded: nil, place: place))
    case .measurement(let measurement): try transaction.add(measurement, place: place)
    }
  }

  /// The cards of one kind, sorted by name and digest.
  func cards<Card: Decodable>(_ kind: String, _ type: Card.Type) throws -> [Card] {
    try read { db in try decode(AtlasWriter.cards(db, kind), type) }
  }

  private static func reason(_ error: any Error) -> String {
    (error as? any UserFacingError)?.message ?? "\(error)"
  }

  /// Whether an error speaks of the working file and not of what is added to it.
  private static func isOfWorkingFile(_ error: any Error) -> Bool {
    error is DatabaseError || error is StoredRow.Damage || error is StoreError
  }
}

/// Brings the architectures of entries into their canonical spelling, each distinct one once.
private struct Spellings {
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
