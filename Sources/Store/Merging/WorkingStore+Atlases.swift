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
      for path in options.ordered(atlases) { try add(Atlas(path: path), part: nil, reading, &transaction) }
    }
  }

  /// Adds a part of an atlas: of each setting the runs that `part` takes, one flag a run; of the architectures that it
  /// takes, one flag a row, what was measured; the cards of what is taken. The rules are those of
  /// ``ingest(atlases:reading:options:)``.
  @discardableResult
  public func ingest(
    _ atlas: Atlas, runs: [(setting: Setting, isTaken: [Bool])], architectures: [Bool],
    reading: any ArchitectureReading
  ) throws -> IngestReport {
    try whole(IngestOptions()) { transaction in
      try defineSpaces(transaction.db, reading)
      try add(atlas, part: (runs, architectures), reading, &transaction)
    }
  }

  private func add(
    _ atlas: Atlas, part: (runs: [(setting: Setting, isTaken: [Bool])], architectures: [Bool])?,
    _ reading: any ArchitectureReading, _ transaction: inout IngestTransaction
  ) throws {
    transaction.begin(atlas.path)
    for space in atlas.spaces { if let card = space.card { try reading.define(card) } }
    let settings = part?.runs ?? atlas.settings.map { ($0, []) }
    let digests = Set(settings.map(\.setting.id))
    // What belongs to settings that are left out, and to no other, is left out too.
    let (kept, leftOut) = (settings.map(\.setting), atlas.settings.filter { !digests.contains($0.id) })
    for entry in atlas.cardEntries where entry.isOf(kept) || !entry.isOf(leftOut) {
      try transaction.add(entry, place: 0)
    }
    for card in atlas.manifest.cardHistory ?? [] { try transaction.add(card) }
    var place = 0
    for (setting, isTaken) in settings {
      var pending: [(record: RunRecord, encoded: EncodedRun?, place: Int)] = []
      try atlas.forEachRecord(in: setting) { run, record in
        defer { place += 1 }
        guard part == nil || isTaken[run] else { return }
        pending.append((record, nil, place))
        if pending.count >= runsPerPiece {
          try transaction.add(pending)
          pending.removeAll(keepingCapacity: true)
        }
      }
      try transaction.add(pending)
    }
    for quantity in atlas.quantities where quantity.isOf(kept) || !quantity.isOf(leftOut) {
      try atlas.forEachMeasurement(of: quantity, architectures: part?.architectures) { measurement in
        do { try transaction.add(measurement, place: 0) } catch let defect as EntryDefect {
          throw StoreError.invalidRecord(file: atlas.path, place: 0, reason: defect.reason)
        }
      }
    }
  }
}

extension JournalEntry {
  /// True for the card of a data set or a protocol that one of these settings has.
  fileprivate func isOf(_ settings: [Setting]) -> Bool {
    switch self {
    case .dataset(let card): settings.contains { $0.dataset == card.name }
    case .trainingProtocol(let card): settings.contains { $0.protocolDigest == card.digest }
    default: false
    }
  }
}

extension MeasuredQuantity {
  /// True where the quantity is of the data and the protocol of one of these settings, or of all.
  fileprivate func isOf(_ settings: [Setting]) -> Bool {
    settings.contains { setting in
      space == setting.space && (quantity.dataset ?? setting.dataset) == setting.dataset
        && (quantity.protocolDigest ?? setting.protocolDigest) == setting.protocolDigest
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

  /// Calls `body` with every value of a quantity, in the order of architectures; with `architectures`, one flag a row,
  /// with those of the architectures that have the flag.
  public func forEachMeasurement(
    of measured: MeasuredQuantity, architectures isTaken: [Bool]? = nil,
    _ body: (ArchitectureMeasurement) throws -> Void
  ) throws {
    var texts: (rows: Range<Int>, entries: [ArchitectureEntry]) = (0..<0, [])
    try measured.forEach { row, value in
      guard isTaken?[row - 1] ?? true else { return }
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
