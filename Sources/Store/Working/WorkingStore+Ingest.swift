import Foundation
import GRDB
import Records

extension WorkingStore {
  /// Adds what `files` hold: journals, and NDJSON files, which are told apart by how they begin. All or nothing: whatever
  /// this throws, and whenever the process ends, the working file is as it was before. Repeatable: what is there already
  /// is counted as a duplicate.
  ///
  /// Equal numerics under one key with other timings are a duplicate, and the run that started first stays. A failed or
  /// timed-out run gives way to every other run of its key. Unequal numerics under one key are a conflict, as are
  /// differing cards of one thing and values of one measurement: `conflicts`, unless `options` decides. Every metric,
  /// data set and source that a run names needs a card at the end: `missingCards`. A record that contradicts itself or
  /// cannot be stored is `invalidRecord`; for NDJSON files, `badLines` lists every such line.
  ///
  /// `progress` is called after each piece that was read; nothing of it is on the disk yet.
  @discardableResult
  public func ingest(
    files: [String], reading: any ArchitectureReading, options: IngestOptions = IngestOptions(),
    progress: (IngestReport) -> Void = { _ in }
  ) throws -> IngestReport {
    try whole(options) { transaction in
      try defineSpaces(transaction.db, reading)
      for path in options.ordered(files) {
        if try Self.isJournal(path) {
          transaction.begin(path)
          try ingestJournal(path, reading, &transaction, progress)
        } else {
          transaction.begin(path, hasLines: true)
          try ingestLines(path, reading, &transaction)
          progress(transaction.report)
        }
      }
    }
  }

  /// Adds entries of an old atlas whose architectures are canonical, as they are; `origin` names where they come from.
  @discardableResult
  func restore(_ entries: some Sequence<JournalEntry>, of origin: String) throws -> IngestReport {
    var options = IngestOptions()
    options.isChecked = false
    return try whole(options) { transaction in
      transaction.begin(origin)
      for (place, entry) in entries.enumerated() {
        do { try transaction.add(entry, place: place) } catch let defect as EntryDefect {
          throw StoreError.invalidRecord(file: origin, place: place, reason: defect.reason)
        }
      }
    }
  }

  /// One transaction that adds what `body` reads, and checks it as a whole.
  func whole(
    _ options: IngestOptions, _ body: (inout IngestTransaction) throws -> Void
  ) throws -> IngestReport {
    try StoreError.typed(path) {
      // Rows that were there before stay when conflicts are skipped. While this transaction is open, another connection
      // sees the file as it was.
      let hasRows = try runCount() + measurementCount() > 0
      let before = options.conflicts == .skip && hasRows ? try SettledRows(path: path) : nil
      return try queue.write { db in
        var transaction = try IngestTransaction(db: db, path: path, options: options, before: before)
        try body(&transaction)
        try transaction.finish()
        return transaction.report
      }
    }
  }

  func defineSpaces(_ db: Database, _ reading: any ArchitectureReading) throws {
    for card in try Self.cards(db, "space", SpaceCard.self, path: path) { try reading.define(card) }
  }

  private static func isJournal(_ path: String) throws -> Bool {
    let file = try SystemFile(path, .read)
    let head = try file.read(at: 0, count: 8)
    return head.isEmpty || JournalFormat.header.starts(with: head.prefix(8))
      || head.prefix(4).elementsEqual("NASA".utf8)
  }

  private func ingestJournal(
    _ file: String, _ reading: any ArchitectureReading, _ transaction: inout IngestTransaction,
    _ progress: (IngestReport) -> Void
  ) throws {
    var reader = try JournalReader(path: file)
    var spellings = Spellings(reading: reading)
    while true {
      let batch = try reader.next(atMost: runsPerPiece, bytes: AtlasFormat.workingBatchBytes)
      if batch.isEmpty { break }
      var runs: [(record: RunRecord, encoded: EncodedRun?, place: Int)] = []
      for item in batch {
        do {
          switch try spellings.canonical(item.entry) {
          case .run(let record): runs.append((record, spellings.isUnchanged ? item.encoded : nil, item.offset))
          case let entry: try transaction.add(entry, place: item.offset)
          }
        } catch let error where Self.isOfTheDatabase(error) {
          throw error
        } catch {
          throw StoreError.invalidRecord(file: file, place: item.offset, reason: Self.reason(error))
        }
      }
      try transaction.add(runs)
      progress(transaction.report)
    }
    transaction.count { $0.tornBytes = reader.tornBytes }
  }

  private func ingestLines(
    _ file: String, _ reading: any ArchitectureReading, _ transaction: inout IngestTransaction
  ) throws {
    var protocols: [String: Digest256] = [:]
    var ambiguous: Set<String> = []
    for card in try Self.cards(transaction.db, "protocol", ProtocolCard.self, path: path) {
      if protocols.updateValue(card.digest, forKey: card.name) != nil { ambiguous.insert(card.name) }
    }
    // A name that two files gave to two protocols says nothing in a third.
    for name in ambiguous { protocols[name] = nil }
    var reader = try InterchangeReader(path: file, protocols: protocols)
    var spellings = Spellings(reading: reading)
    var bad: [StoreError.BadLine] = []
    var badCount = 0
    var followers = 0
    while let item = try reader.next() {
      let line = reader.line
      do {
        switch item {
        case .bad(let reason): throw EntryDefect(reason: reason)
        case .follows: followers += 1
        case .entry(let entry):
          do { try transaction.add(spellings.canonical(entry), place: line) } catch {
            if case .space(let card) = entry { reader.lose(space: card.name) }
            throw error
          }
        }
      } catch let error where Self.isOfTheDatabase(error) {
        throw error
      } catch {
        badCount += 1
        if bad.count < StoreError.listedBadLines { bad.append(.init(line: line, reason: Self.reason(error))) }
      }
    }
    guard badCount == 0 else {
      throw StoreError.badLines(path: file, count: badCount, first: bad, unchecked: followers)
    }
  }

  /// Whether an error is about the working file and not about the entry that is read.
  private static func isOfTheDatabase(_ error: any Error) -> Bool {
    error is DatabaseError || error is StoredRow.Damage
  }

  private static func reason(_ error: any Error) -> String {
    DecodingWords.reason(error, whole: "the line")
  }
}

extension IngestTransaction {
  /// Adds runs in the order of the key, which touches each page of the table once; their digests are worked out on all
  /// processors.
  mutating func add(_ runs: [(record: RunRecord, encoded: EncodedRun?, place: Int)]) throws {
    for run in runs { names.note(run.record) }
    let incoming = try runs.concurrentMap { [rules = isChecked ? rules : nil, file] run in
      do { return try IncomingRun(run.record, encoded: run.encoded, place: run.place, rules: rules) } catch {
        throw StoreError.invalidRecord(file: file, place: run.place, reason: DecodingWords.reason(error, whole: "it"))
      }
    }.sorted { ($0.keyDigest, $0.place) < ($1.keyDigest, $1.place) }
    for run in incoming { try add(run) }
  }
}
