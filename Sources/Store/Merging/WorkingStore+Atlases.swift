import GRDB
public import Records

extension WorkingStore {
  /// Adds all that published atlases hold: cards, runs and measurements. Repeatable, with the rules of an ingest: equal
  /// numerics under one key are a duplicate, unequal ones a conflict, and the run that started first stays; of two cards
  /// of one thing the one with the smaller digest stays, and of two measurements the smaller value.
  ///
  /// Committed piece by piece. Throws what `reading` says of two definitions of one space, and `StoreError` for an atlas
  /// that is damaged.
  @discardableResult
  public func ingest(atlases: [String], reading: any ArchitectureReading) throws -> IngestReport {
    var report = IngestReport()
    return try StoreError.typed(path) {
      for card in try cards("space", SpaceCard.self) { try reading.define(card) }
      for path in atlases.sorted() {
        let atlas = try Atlas(path: path)
        report.files.append(.init(path: path))
        for space in atlas.spaces { if let card = space.card { try reading.define(card) } }
        report = try transaction(file: path, report) { transaction in
          for entry in atlas.cardEntries { try Self.add(entry, place: 0, to: &transaction) }
        }
        var place = 0
        for setting in atlas.settings {
          var pending: [(record: RunRecord, place: Int)] = []
          try atlas.forEachRecord(in: setting) { _, record in
            pending.append((record, place))
            place += 1
            if pending.count >= runsPerTransaction {
              report = try commit(pending, of: path, report)
              pending.removeAll(keepingCapacity: true)
            }
          }
          report = try commit(pending, of: path, report)
        }
        for quantity in atlas.quantities {
          report = try transaction(file: path, report) { transaction in
            try atlas.forEachMeasurement(of: quantity) { try transaction.add($0, place: 0) }
          }
        }
      }
      return report
    }
  }

  private func commit(
    _ runs: [(record: RunRecord, place: Int)], of path: String, _ report: IngestReport
  ) throws -> IngestReport {
    let incoming = try runs.concurrentMap { run in
      do { return try IncomingRun(run.record, encoded: nil, place: run.place) } catch {
        throw StoreError.invalidRecord(file: path, place: run.place, reason: "\(error)")
      }
    }.sorted { ($0.keyDigest, $0.place) < ($1.keyDigest, $1.place) }
    return try transaction(file: path, report) { transaction in
      for run in incoming { try transaction.add(run) }
    }
  }
}

extension Atlas {
  /// The cards that sources gave; those of metrics that no source described are left out, since readers make them anew.
  var cardEntries: [JournalEntry] {
    sourceCards.map { .source($0) } + spaces.compactMap(\.card).map { .space($0) }
      + metricCards.filter { $0 != MetricCard(of: Metric($0.name)) }.map { .metric($0) }
      + datasetCards.map { .dataset($0) } + protocolCards.map { .trainingProtocol($0) }
  }

  /// Calls `body` with every value of a quantity, in the order of architectures.
  public func forEachMeasurement(
    of measured: MeasuredQuantity, _ body: (ArchitectureMeasurement) throws -> Void
  ) throws {
    var texts: (rows: Range<Int>, entries: [ArchitectureEntry]) = (0..<0, [])
    try measured.forEach { row, value in
      if !texts.rows.contains(row) {
        texts.rows = row..<row + 1_024
        texts.entries = try architectures(rows: texts.rows)
      }
      guard texts.entries.indices.contains(row - texts.rows.lowerBound) else {
        throw StoreError.damagedRecord(path: path, run: "\(row)", reason: "its architecture is missing")
      }
      try body(
        ArchitectureMeasurement(
          space: measured.space, architecture: texts.entries[row - texts.rows.lowerBound].canonicalText,
          quantity: measured.quantity, value: value, costSeconds: measured.costSeconds(ofArchitecture: row)))
    }
  }
}
