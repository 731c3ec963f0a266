import Records

extension AtlasDifference {
  /// Compares two atlases run by run, architectures by their ids, values bit by bit: status, curves, score, counts,
  /// measurements and cards. Costs, origin and provenance are not compared: they are no part of the numerics of a run.
  ///
  /// Lists at most `listed` of each kind of difference. Linear in the number of runs and measurements.
  public init(_ first: Atlas, _ second: Atlas, listing listed: Int = 10) throws {
    self.first = first.digest
    self.second = second.digest
    let comparison = AtlasComparison(first: first, second: second, listed: max(0, listed))
    cards = try comparison.cards()
    settings = try comparison.settings()
    quantities = try comparison.quantities()
  }
}

private struct AtlasComparison {
  let first: Atlas
  let second: Atlas
  let listed: Int

  // MARK: Runs

  private struct SettingKey: Hashable {
    let space: String
    let dataset: String
    let datasetDigest: Digest256?
    let protocolDigest: Digest256

    init(_ setting: Setting) {
      space = setting.space
      dataset = setting.dataset
      datasetDigest = setting.datasetDigest
      protocolDigest = setting.protocolDigest
    }
  }

  func settings() throws -> [AtlasDifference.SettingTally] {
    let others = Dictionary(second.settings.map { (SettingKey($0), $0) }, uniquingKeysWith: { one, _ in one })
    let own = Set(first.settings.map(SettingKey.init))
    var pairs = first.settings.map { ($0 as Setting?, others[SettingKey($0)]) }
    pairs += second.settings.filter { !own.contains(SettingKey($0)) }.map { (nil, $0) }
    return try pairs.compactMap { left, right in
      guard let one = left ?? right else { return nil }
      return AtlasDifference.SettingTally(
        space: one.space, dataset: one.dataset, datasetDigest: one.datasetDigest, protocolName: one.protocolName,
        protocolDigest: one.protocolDigest, runs: try tally(left, right))
    }
  }

  private func tally(_ left: Setting?, _ right: Setting?) throws -> AtlasDifference.Tally {
    var tally = AtlasDifference.Tally()
    let measures = Set((left?.measures ?? []) + (right?.measures ?? []))
      .sorted { ($0.metric.name, $0.split.rawValue) < ($1.metric.name, $1.split.rawValue) }
    if let left {
      try first.forEachArchitecture(in: left.spaceRows) { entry in
        let others = try right.map { try runs($0, second, entry.id) } ?? [:]
        for (seed, run) in try seeds(left, entry.row) {
          if let right, let other = others[seed] {
            let what = try difference(left, run, right, other, measures)
            add(what == nil ? \.equal : \.different, \.listedDifferent, entry, seed, what, to: &tally)
          } else {
            add(\.onlyInFirst, \.listedOnlyInFirst, entry, seed, nil, to: &tally)
          }
        }
      }
    }
    if let right {
      try second.forEachArchitecture(in: right.spaceRows) { entry in
        let others = try left.map { try runs($0, first, entry.id) } ?? [:]
        for (seed, _) in try seeds(right, entry.row) where others[seed] == nil {
          add(\.onlyInSecond, \.listedOnlyInSecond, entry, seed, nil, to: &tally)
        }
      }
    }
    return tally
  }

  private func runs(_ setting: Setting, _ atlas: Atlas, _ id: ArchitectureID) throws -> [Seed: Int] {
    guard let row = try atlas.row(of: id) else { return [:] }
    return Dictionary(try seeds(setting, row), uniquingKeysWith: { one, _ in one })
  }

  private func seeds(_ setting: Setting, _ row: Int) throws -> [(Seed, Int)] {
    try setting.runs(ofArchitecture: row).map { (try setting.seed(ofRun: $0), $0) }
  }

  /// What differs first between two runs; nil when their numerics are equal.
  private func difference(
    _ left: Setting, _ run: Int, _ right: Setting, _ other: Int, _ measures: [Setting.Measure]
  ) throws -> String? {
    let (status, otherStatus) = (try left.status(ofRun: run), try right.status(ofRun: other))
    if status != otherStatus { return "status: \(status.rawValue), \(otherStatus.rawValue)" }
    for measure in measures {
      let name = "\(measure.metric).\(measure.split.rawValue)"
      let one = try left.curve(ofRun: run, measure.metric, measure.split)
      let two = try right.curve(ofRun: other, measure.metric, measure.split)
      if one == nil, two == nil { continue }
      guard let one else { return "\(name): only in the second" }
      guard let two else { return "\(name): only in the first" }
      if one.lastEpoch != two.lastEpoch || one.values.count != two.values.count || one.at != two.at {
        return "\(name): \(one.values.count) values up to epoch \(one.lastEpoch), "
          + "\(two.values.count) up to \(two.lastEpoch)"
      }
      for place in one.values.indices where one.values[place].bitPattern != two.values[place].bitPattern {
        let epoch = one.at.map { $0[place] } ?? place + 1
        return "\(name) at epoch \(epoch): \(one.values[place]), \(two.values[place])"
      }
    }
    if try left.score(ofRun: run) != right.score(ofRun: other) { return "the score" }
    if try left.counts(ofRun: run) != right.counts(ofRun: other) { return "counts" }
    return nil
  }

  private func add(
    _ count: WritableKeyPath<AtlasDifference.Tally, Int>,
    _ list: WritableKeyPath<AtlasDifference.Tally, [AtlasDifference.Item]>, _ entry: ArchitectureEntry, _ seed: Seed?,
    _ what: String?, to tally: inout AtlasDifference.Tally
  ) {
    tally[keyPath: count] += 1
    guard count != \.equal, tally[keyPath: list].count < listed else { return }
    tally[keyPath: list].append(.init(id: entry.id, canonicalText: entry.canonicalText, seed: seed, what: what))
  }

  // MARK: Measurements

  private struct QuantityKey: Hashable {
    let space: String
    let quantity: Quantity
  }

  func quantities() throws -> [AtlasDifference.QuantityTally] {
    func keyed(_ atlas: Atlas) -> [(QuantityKey, MeasuredQuantity)] {
      atlas.quantities.map { (QuantityKey(space: $0.space, quantity: $0.quantity), $0) }
    }
    let others = Dictionary(keyed(second), uniquingKeysWith: { one, _ in one })
    let own = Set(keyed(first).map(\.0))
    var pairs = keyed(first).map { ($0, $1 as MeasuredQuantity?, others[$0]) }
    pairs += keyed(second).filter { !own.contains($0.0) }.map { ($0, nil, $1) }
    return try pairs.map { key, left, right in
      AtlasDifference.QuantityTally(space: key.space, quantity: key.quantity, values: try tally(left, right))
    }
  }

  private func tally(_ left: MeasuredQuantity?, _ right: MeasuredQuantity?) throws -> AtlasDifference.Tally {
    var tally = AtlasDifference.Tally()
    let rows = first.spaces.first { $0.name == left?.space }?.rows
    let otherRows = second.spaces.first { $0.name == right?.space }?.rows
    if let left, let rows {
      try first.forEachArchitecture(in: rows) { entry in
        guard let value = try left.value(ofArchitecture: entry.row) else { return }
        guard let right, let row = try second.row(of: entry.id), let other = try right.value(ofArchitecture: row) else {
          return add(\.onlyInFirst, \.listedOnlyInFirst, entry, nil, nil, to: &tally)
        }
        let what = value.bitPattern == other.bitPattern ? nil : "\(value), \(other)"
        add(what == nil ? \.equal : \.different, \.listedDifferent, entry, nil, what, to: &tally)
      }
    }
    if let right, let otherRows {
      try second.forEachArchitecture(in: otherRows) { entry in
        guard try right.value(ofArchitecture: entry.row) != nil else { return }
        if let left, let row = try first.row(of: entry.id), try left.value(ofArchitecture: row) != nil { return }
        add(\.onlyInSecond, \.listedOnlyInSecond, entry, nil, nil, to: &tally)
      }
    }
    return tally
  }

  // MARK: Cards

  private struct CardKey: Hashable {
    let kind: AtlasDifference.Card.Kind
    let name: String
    let digest: Digest256?
  }

  func cards() throws -> [AtlasDifference.Card] {
    func keyed(_ atlas: Atlas) -> [(CardKey, JournalEntry)] {
      atlas.cardEntries.compactMap { entry in
        switch entry {
        case .source(let card): (CardKey(kind: .source, name: card.name, digest: nil), entry)
        case .space(let card): (CardKey(kind: .space, name: card.name, digest: nil), entry)
        case .metric(let card): (CardKey(kind: .metric, name: card.name, digest: nil), entry)
        case .dataset(let card): (CardKey(kind: .dataset, name: card.name, digest: card.digest), entry)
        case .trainingProtocol(let card):
          (CardKey(kind: .trainingProtocol, name: card.name, digest: card.digest), entry)
        case .run, .measurement: nil
        }
      }
    }
    let others = Dictionary(keyed(second), uniquingKeysWith: { one, _ in one })
    let own = Set(keyed(first).map(\.0))
    var found: [AtlasDifference.Card] = []
    for (key, entry) in keyed(first) {
      guard let other = others[key] else {
        found.append(.init(kind: key.kind, name: key.name, state: .onlyInFirst))
        continue
      }
      if entry != other { found.append(.init(kind: key.kind, name: key.name, state: .different)) }
    }
    for (key, _) in keyed(second) where !own.contains(key) {
      found.append(.init(kind: key.kind, name: key.name, state: .onlyInSecond))
    }
    return found
  }
}

extension Atlas {
  /// Calls `body` with the architectures of rows, in order, read a thousand at a time.
  func forEachArchitecture(in rows: Range<Int>, _ body: (ArchitectureEntry) throws -> Void) throws {
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 1_024) {
      for entry in try architectures(rows: start..<min(rows.upperBound, start + 1_024)) { try body(entry) }
    }
  }
}
