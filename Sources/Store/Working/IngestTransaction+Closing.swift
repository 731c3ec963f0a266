import Foundation
import GRDB
import Records

extension IngestTransaction {
  /// Checks what only the end of an ingest can tell, since cards may follow runs. What it throws undoes the ingest.
  mutating func finish() throws {
    try flush()
    try checksums.store(db)
    guard report.undecidedCount == 0 else { throw StoreError.conflicts(path: path, report: report) }
    guard isChecked else { return }
    if case .source(let name) = options.conflicts {
      let known = try cardNames("source")
      guard known.contains(name) else {
        throw StoreError.unknownPreference(
          path: path, name: name, known: known.sorted(), nearest: NearestName.of(name, among: known))
      }
    }
    let missing = try missingCards()
    guard missing.isEmpty else { throw StoreError.missingCards(path: path, missing: missing) }
    try checkBestEpochs()
    try checkStoredRuns()
  }

  private func cardNames(_ kind: String) throws -> Set<String> {
    Set(try db.rows("SELECT name FROM cards WHERE kind = ?", [kind]) { try $0.text(0) })
  }

  private func missingCards() throws -> [StoreError.MissingCard] {
    func missing(_ kind: StoreError.MissingCard.Kind, _ used: [String], _ known: [String]) -> [StoreError.MissingCard] {
      Set(used).subtracting(known).sorted().enumerated().map { index, name in
        // Only as many as an error lists: the time of an edit distance is a product of lengths.
        let nearest = index < 20 ? NearestName.of(name, among: known) : nil
        return StoreError.MissingCard(kind: kind, name: name, nearest: nearest)
      }
    }
    let measured = quantities.keys.map(\.quantity)
    let datasets = names.datasets.map(\.name) + measured.compactMap(\.dataset)
    let sources = Array(names.sources) + measured.compactMap(\.source)
    var found = missing(.metric, Array(names.metrics), rules.names)
    found += missing(.dataset, datasets, try cardNames("dataset").sorted())
    found += try datasetsOfOtherData()
    found += missing(.source, sources, try cardNames("source").sorted())
    return found
  }

  /// Data sets that have cards, yet none for the digest of the data that runs name.
  private func datasetsOfOtherData() throws -> [StoreError.MissingCard] {
    var described: Set<UsedNames.Dataset> = []
    try db.forEachRow("SELECT name, digest FROM cards WHERE kind = 'dataset'") { row in
      described.insert(UsedNames.Dataset(name: try row.text(0), digest: try row.digestOrEmpty(1)))
    }
    let known = Set(described.map(\.name))
    let others = names.datasets.filter { known.contains($0.name) && !described.contains($0) }
    return others.map { dataset in
      StoreError.MissingCard(
        kind: .dataset, name: dataset.name, nearest: nil, digest: dataset.digest?.hex ?? "none")
    }.sorted { ($0.name, $0.digest ?? "") < ($1.name, $1.digest ?? "") }
  }

  /// The epochs of scores whose metric had no card when they were read.
  private func checkBestEpochs() throws {
    let runs =
      names.highest.filter { rules[$0.key]?.largerIsBetter == false }.map(\.value)
      + names.lowest.filter { rules[$0.key]?.largerIsBetter == true }.map(\.value)
    for run in runs.sorted(by: { ($0.file, $0.place) < ($1.file, $1.place) }) {
      guard let reason = run.best.contradiction(largerIsBetter: rules[run.best.metric]?.largerIsBetter) else {
        continue
      }
      throw run.hasLines
        ? StoreError.badLines(path: run.file, count: 1, first: [.init(line: run.place, reason: reason)])
        : StoreError.invalidRecord(file: run.file, place: run.place, reason: reason)
    }
  }

  /// All runs, where a card of a metric now says something else than when they were read.
  private func checkStoredRuns() throws {
    guard !cards.changedMetrics.isEmpty else { return }
    let runs = try WorkingRuns(db, path: path)
    var found = Contradictions()
    for setting in runs.settings {
      try runs.forEach(of: setting) { found.check(try RunRecord.decode($0).record, rules) }
    }
    try found.throwIfAny(path: path)
  }
}

/// The runs that contradict themselves or the cards of their metrics.
public struct Contradictions: Hashable, Sendable, Codable {
  /// A run in words, and what contradicts what.
  public struct Item: Hashable, Sendable, Codable {
    public let run: String
    public let reason: String
  }

  public private(set) var count = 0
  /// The first ones.
  public private(set) var first: [Item] = []
  private static let listed = 20

  mutating func check(_ record: RunRecord, _ rules: MetricRules) {
    guard let reason = RunConsistency.contradiction(in: record, rules: rules) else { return }
    count += 1
    guard first.count < Self.listed else { return }
    let key = record.key
    first.append(.init(run: "\(key.architecture) on \(key.dataset), seed \(key.seed)", reason: reason))
  }

  /// Throws ``StoreError/contradictions(path:_:)`` where there are any in the file `path`.
  public func throwIfAny(path: String) throws {
    if count > 0 { throw StoreError.contradictions(path: path, self) }
  }
}
