import Foundation
import GRDB
import Records

/// Writes the tables of an atlas from a working file, everything in one fixed order: the same set of entries gives the
/// same rows, whatever the order in which they were ingested.
struct AtlasWriter {
  private let source: Database
  private let path: String
  private let db: Database
  private let runs: WorkingRuns

  private var names = AtlasNames()
  private var spaceIDs: [String: Int64] = [:]
  /// Row of an architecture, counted from 1, by space and text.
  private var architectureRows: [String: [String: Int]] = [:]
  private var datasetIDs: [DatasetKey: Int64] = [:]
  private var protocolIDs: [Digest256: Int64] = [:]
  private var rules: MetricRules
  private let isChecked: Bool
  private var contradictions = Contradictions()
  private var runCount: Int64 = 0
  private var measurementCount: Int64 = 0
  private var columnCount: Int64 = 0
  private var blockCount: Int64 = 0
  private var detailCount: Int64 = 0

  private struct DatasetKey: Hashable {
    let name: String
    let digest: Digest256?
  }

  /// Writes tables, rows, indexes and table digests into the empty file of `db`. `path` is the working file's, for errors.
  /// `isChecked` refuses runs that contradict themselves and metrics without a card.
  static func write(
    from store: WorkingStore, _ source: Database, title: String?, isChecked: Bool, to db: Database
  ) throws {
    let path = store.path
    let checksums = try WorkingChecksums.checked(source)
    var writer = AtlasWriter(
      source: source, path: path, db: db, runs: try WorkingRuns(source, path: path),
      rules: MetricRules(try WorkingStore.cards(source, "metric", MetricCard.self, path: path)), isChecked: isChecked)
    for statement in AtlasSchema.tables { try db.execute(sql: statement) }
    try writer.writeArchitectures(spaces: Self.cards(source, "space"))
    try writer.writeMeta(title: title)
    try writer.writeDatasetsAndProtocols(datasets: WorkingStore.cards(source, "dataset", DatasetCard.self, path: path))
    for (index, setting) in writer.runs.settings.enumerated() { try writer.write(setting, id: Int64(index + 1)) }
    try writer.contradictions.throwIfAny(path: path)
    try writer.writeQuantities()
    guard writer.runCount == checksums.rows(.runs), writer.measurementCount == checksums.rows(.measurements) else {
      throw StoreError.damaged(path: store.path, reason: "runs or measurements are missing from its tables")
    }
    try writer.writeNames(sources: Self.cards(source, "source"))
    for statement in AtlasSchema.indexes { try db.execute(sql: statement) }
    for table in AtlasSchema.digestedTables {
      let digest = try TableDigest(of: table, in: db)
      try db.execute(
        sql: "INSERT INTO contents VALUES (?, ?, ?)", arguments: [digest.name, digest.rows, digest.digest.hex])
    }
    try db.execute(sql: "PRAGMA application_id = \(AtlasFormat.applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(AtlasFormat.version)")
  }

  private init(
    source: Database, path: String, db: Database, runs: WorkingRuns, rules: MetricRules, isChecked: Bool
  ) {
    self.source = source
    self.path = path
    self.db = db
    self.runs = runs
    self.rules = rules
    self.isChecked = isChecked
  }

  /// Cards of one kind, sorted by name and digest.
  static func cards(_ source: Database, _ kind: String) throws -> [(name: String, digest: Data, card: String)] {
    try source.rows("SELECT name, digest, card FROM cards WHERE kind = ? ORDER BY name, digest", [kind]) {
      (try $0.text(0), try $0.blob(1), try $0.text(2))
    }
  }

  // MARK: Architectures, data sets, protocols

  private mutating func writeArchitectures(spaces: [(name: String, digest: Data, card: String)]) throws {
    var texts: [String: Set<String>] = [:]
    for setting in runs.settings {
      var found = texts.removeValue(forKey: setting.space) ?? []
      try runs.forEach(of: setting) { bytes in
        var reader = ByteReader(bytes)
        _ = try reader.text()
        found.insert(try reader.text())
      }
      texts[setting.space] = found
    }
    let measured = "SELECT q.space, m.architecture FROM measurements m JOIN quantities q ON q.id = m.quantity"
    try source.forEachRow(measured) { texts[try $0.text(0), default: []].insert(try $0.text(1)) }
    for card in spaces { _ = texts[card.name, default: []] }
    let insert = try db.makeStatement(sql: "INSERT INTO architectures VALUES (?, ?, ?, ?)")
    var row = 0
    for (index, space) in texts.keys.sorted(by: Self.precedes).enumerated() {
      let id = Int64(index + 1)
      spaceIDs[space] = id
      try db.execute(
        sql: "INSERT INTO spaces VALUES (?, ?, ?)",
        arguments: [id, space, spaces.first { $0.name == space }?.card])
      let sorted = (texts[space] ?? []).sorted(by: Self.precedes)
      let ids = try sorted.concurrentMap { ArchitectureID(space: space, canonicalText: $0) }
      var rows: [String: Int] = Dictionary(minimumCapacity: sorted.count)
      for (text, digest) in zip(sorted, ids) {
        row += 1
        rows[text] = row
        try insert.execute(arguments: [row, id, text, digest.bytes])
      }
      architectureRows[space] = rows
    }
  }

  /// Texts in the order of their bytes.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  private func writeMeta(title: String?) throws {
    var meta = ["format": String(AtlasFormat.version), "page_bytes": String(AtlasFormat.pageBytes)]
    meta["title"] = title
    for (key, value) in meta.sorted(by: { $0.key < $1.key }) {
      try db.execute(sql: "INSERT INTO meta VALUES (?, ?)", arguments: [key, value])
    }
    for split in Split.allCases {
      try db.execute(sql: "INSERT INTO splits VALUES (?, ?)", arguments: [Int64(split.number), split.rawValue])
    }
  }

  /// Data sets and protocols that runs or cards name. A card without digest describes the runs whose data has none.
  private mutating func writeDatasetsAndProtocols(datasets: [DatasetCard]) throws {
    var cards: [DatasetKey: String] = [:]
    for card in datasets {
      cards[DatasetKey(name: card.name, digest: card.digest)] = try CanonicalJSON.text(card)
    }
    let used = runs.settings.map { DatasetKey(name: $0.dataset, digest: $0.datasetDigest) }
    let keys = Set(used).union(cards.keys).sorted { ($0.name, $0.digest?.hex ?? "") < ($1.name, $1.digest?.hex ?? "") }
    for (index, key) in keys.enumerated() {
      datasetIDs[key] = Int64(index + 1)
      try db.execute(
        sql: "INSERT INTO datasets VALUES (?, ?, ?, ?)",
        arguments: [index + 1, key.name, key.digest?.bytes, cards[key]])
    }
    var protocols: [Digest256: (name: String, card: String)] = [:]
    for card in try Self.cards(source, "protocol") {
      if let digest = Digest256(bytes: card.digest), protocols[digest] == nil {
        protocols[digest] = (card.name, card.card)
      }
    }
    for (index, digest) in Set(runs.settings.map(\.protocolDigest)).union(protocols.keys).sorted().enumerated() {
      protocolIDs[digest] = Int64(index + 1)
      try db.execute(
        sql: "INSERT INTO protocols VALUES (?, ?, ?, ?)",
        arguments: [index + 1, protocols[digest]?.name, digest.bytes, protocols[digest]?.card])
    }
  }

  private mutating func writeNames(sources: [(name: String, digest: Data, card: String)]) throws {
    for source in sources { _ = names.source(source.name) }
    for (index, name) in names.sources.enumerated() {
      try db.execute(
        sql: "INSERT INTO sources VALUES (?, ?, ?)",
        arguments: [index + 1, name, sources.first { $0.name == name }?.card])
    }
    for (index, metric) in names.metrics.enumerated() {
      let card = try card(of: metric)
      try db.execute(
        sql: "INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          index + 1, metric.name, card.unit, card.largerIsBetter ? 1 : 0, card.meaning, card.range?.minimum,
          card.range?.maximum, card.target,
        ])
    }
    for (index, positions) in names.positionLists.enumerated() {
      try db.execute(
        sql: "INSERT INTO position_lists VALUES (?, ?)",
        arguments: [index + 1, "[" + positions.map(String.init).joined(separator: ",") + "]"])
    }
  }

  private func card(of metric: Metric) throws -> MetricCard {
    if let card = rules[metric] { return card }
    guard isChecked else { return MetricCard(of: metric) }
    let nearest = NearestName.of(metric.name, among: rules.names)
    throw StoreError.missingCards(path: path, missing: [.init(kind: .metric, name: metric.name, nearest: nearest)])
  }

  // MARK: Runs

  private mutating func write(_ setting: WorkingRuns.Setting, id: Int64) throws {
    var columns = SettingColumns()
    let rows = architectureRows[setting.space] ?? [:]
    try runs.forEach(of: setting) { bytes in
      let record = try RunRecord.decode(bytes).record
      guard let row = rows[record.key.architecture] else {
        throw StoreError.damagedRecord(path: path, run: record.key.architecture, reason: "its architecture is missing")
      }
      if isChecked { contradictions.check(record, rules) }
      columns.add(record, architecture: row)
    }
    try db.execute(
      sql: "INSERT INTO settings VALUES (?, ?, ?, ?, ?)",
      arguments: [
        id, spaceIDs[setting.space], datasetIDs[DatasetKey(name: setting.dataset, digest: setting.datasetDigest)],
        protocolIDs[setting.protocolDigest], columns.count,
      ])
    runCount += Int64(columns.count)
    let order = columns.finish(naming: &names)
    for key in columns.scalars.keys.sorted(by: Self.precedes) {
      guard let column = columns.scalars[key] else { continue }
      try write(
        key, BlockPacker.pack(column, order: order), rowsPerBlock: AtlasFormat.rowsPerBlock, setting: id)
    }
    for key in columns.curves.keys.sorted(by: Self.precedes) {
      guard let column = columns.curves[key] else { continue }
      try write(key, BlockPacker.pack(column, order: order), rowsPerBlock: column.rowsPerBlock, setting: id)
    }
    try writeDetails(columns, order: order, setting: id)
    try writeTop(columns, order: order, setting: id)
  }

  private static func precedes(_ left: ColumnKey, _ right: ColumnKey) -> Bool {
    (left.kind.rawValue, left.name, left.split?.number ?? 0)
      < (right.kind.rawValue, right.name, right.split?.number ?? 0)
  }

  private mutating func write(
    _ key: ColumnKey, _ blocks: [Data], rowsPerBlock: Int, setting: Int64? = nil, quantity: Int64? = nil
  ) throws {
    columnCount += 1
    try db.execute(
      sql: "INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        columnCount, setting, quantity, key.kind.rawValue, key.name, key.split.map { Int64($0.number) }, rowsPerBlock,
        blockCount + 1, blocks.count,
      ])
    let insert = try db.cachedStatement(sql: "INSERT INTO blocks VALUES (?, ?, ?)")
    for block in blocks {
      blockCount += 1
      let checksum = block.withUnsafeBytes { Int64(Checksum.crc32($0)) }
      try insert.execute(arguments: [blockCount, checksum, block])
    }
  }

  private mutating func writeDetails(_ columns: SettingColumns, order: [Int], setting: Int64) throws {
    guard !columns.details.isEmpty else { return }
    for first in stride(from: 0, to: order.count, by: AtlasFormat.runsPerDetailBlock) {
      let details = order[first..<min(first + AtlasFormat.runsPerDetailBlock, order.count)].map { columns.details[$0] }
      guard details.contains(where: { $0 != nil }) else { continue }
      let json = try [UInt8](CanonicalJSON.encode(details))
      let data = try Deflate.pack(json, level: AtlasFormat.publishingLevel)
      detailCount += 1
      try db.execute(
        sql: "INSERT INTO details VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          detailCount, setting, first, json.count, data.withUnsafeBytes { Int64(Checksum.crc32($0)) }, data,
        ])
    }
  }

  // MARK: Top

  private mutating func writeTop(_ columns: SettingColumns, order: [Int], setting: Int64) throws {
    let statuses = columns.scalars[ColumnKey(.status)]
    for key in columns.scalars.keys.filter({ $0.kind == .final }).sorted(by: Self.precedes) {
      guard let column = columns.scalars[key], let split = key.split else { continue }
      let metric = Metric(key.name)
      var means: [(architecture: Int, value: Double, runs: Int)] = []
      var index = 0
      while index < order.count {
        let architecture = columns.architectures[order[index]]
        var mean = RunMean()
        while index < order.count, columns.architectures[order[index]] == architecture {
          let run = order[index]
          index += 1
          guard statuses?.values[run] ?? 0 == 0, column.isPresent(run) else { continue }
          var isPublishedMean = false
          if case .mean = columns.seeds[run] { isPublishedMean = true }
          mean.add(column.values[run], isPublishedMean: isPublishedMean)
        }
        if let found = mean.result, !found.value.isNaN { means.append((architecture, found.value, found.count)) }
      }
      let larger = try card(of: metric).largerIsBetter
      means.sort { left, right in
        left.value == right.value
          ? left.architecture < right.architecture : (left.value > right.value) == larger
      }
      let insert = try db.cachedStatement(sql: "INSERT INTO top VALUES (?, ?, ?, ?, ?, ?, ?)")
      for (rank, entry) in means.prefix(AtlasFormat.topCount).enumerated() {
        try insert.execute(arguments: [
          setting, names.metric(metric), Int64(split.number), rank + 1, entry.architecture, entry.value, entry.runs,
        ])
      }
    }
  }

  // MARK: Measurements

  private mutating func writeQuantities() throws {
    let rows = try source.rows("SELECT id, space, quantity FROM quantities NOT INDEXED ORDER BY space, quantity") {
      (id: try $0.integer(0), space: try $0.text(1), text: try $0.text(2))
    }
    var written: Int64 = 0
    for (id, space, text) in rows {
      guard let quantity = try? CanonicalJSON.decode(Quantity.self, from: Data(text.utf8)) else {
        throw StoreError.damaged(path: path, reason: "a quantity cannot be read")
      }
      let values = try source.rows("SELECT architecture, value, cost FROM measurements WHERE quantity = ?", [id]) {
        row in
        let text = try row.text(0)
        guard let architecture = architectureRows[space]?[text] else {
          throw StoreError.damagedRecord(path: path, run: text, reason: "its architecture is missing")
        }
        return (
          architecture: architecture, value: Double(bitPattern: UInt64(bitPattern: try row.integer(1))),
          cost: try row.optional(2, row.integer).map { Double(bitPattern: UInt64(bitPattern: $0)) }
        )
      }.sorted { $0.architecture < $1.architecture }
      measurementCount += Int64(values.count)
      guard !values.isEmpty else { continue }
      written += 1
      try db.execute(
        sql: "INSERT INTO quantities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          written, spaceIDs[space], quantity.name, quantity.unit, quantity.device,
          try CanonicalJSON.text(quantity.conditions), quantity.dataset, quantity.protocolDigest?.bytes,
          quantity.source.map { names.source($0) }, values.count,
        ])
      try write(values, split: quantity.split, quantity: written)
    }
  }

  private mutating func write(
    _ values: [(architecture: Int, value: Double, cost: Double?)], split: Split?, quantity: Int64
  ) throws {
    let order = Array(values.indices)
    var columns = [
      (ColumnKey(.measurement, "architecture"), SparseColumn(values.map { Double($0.architecture) })),
      (ColumnKey(.measurement, "value", split), SparseColumn(values.map(\.value))),
    ]
    if values.contains(where: { $0.cost != nil }) {
      var costs = SparseColumn()
      for (index, value) in values.enumerated() { if let cost = value.cost { costs.set(cost, at: index) } }
      costs.pad(to: values.count)
      columns.append((ColumnKey(.measurement, "cost_seconds"), costs))
    }
    for (key, column) in columns {
      try write(
        key, BlockPacker.pack(column, order: order), rowsPerBlock: AtlasFormat.rowsPerBlock, quantity: quantity)
    }
  }
}
