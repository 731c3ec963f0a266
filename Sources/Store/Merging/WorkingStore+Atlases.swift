public import Records

extension WorkingStore {
  /// Adds all that published atlases hold: cards, the history of replaced cards, runs and measurements. All or nothing,
  /// and repeatable, with the rules of ``ingest(files:reading:options:progress:)``.
  ///
  /// Throws what `reading` says of two definitions of one space, and `StoreError` for an atlas that is damaged.
  @discardableResult
  public func ingest(
    atlases: [String], reading: any ArchitectureReading, options: IngestOptions = IngestOptions()
  ) throws -> IngestReport {
    try whole(options) { transaction in
      try defineSpaces(transaction.db, reading)
      for path in options.ordered(atlases) {
        let atlas = try Atlas(path: path)
        transaction.begin(path)
        for space in atlas.spaces { if let card = space.card { try reading.define(card) } }
        for entry in atlas.cardEntries { try transaction.add(entry, place: 0) }
        for card in atlas.manifest.cardHistory ?? [] { try transaction.add(card) }
        var place = 0
        for setting in atlas.settings {
          var pending: [(record: RunRecord, encoded: EncodedRun?, place: Int)] = []
          try atlas.forEachRecord(in: setting) { _, record in
            pending.append((record, nil, place))
            place += 1
            if pending.count >= runsPerPiece {
              try transaction.add(pending)
              pending.removeAll(keepingCapacity: true)
            }
          }
          try transaction.add(pending)
        }
        for quantity in atlas.quantities {
          try atlas.forEachMeasurement(of: quantity) { measurement in
            do { try transaction.add(measurement, place: 0) } catch let defect as EntryDefect {
              throw StoreError.invalidRecord(file: path, place: 0, reason: defect.reason)
            }
          }
        }
      }
    }
  }
}

extension Atlas {
  /// The cards that sources gave, those of sources first. The cards of known metrics are left out, since they go without
  /// saying, and so is what readers of an old atlas guess of a metric that no source described.
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
