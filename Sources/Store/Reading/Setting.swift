public import Records
import Synchronization

/// The runs of one space on one data set under one protocol, as columns.
///
/// Runs are numbered from 0 in the order of architecture and seed; architectures by their rows in the atlas, from 1 on.
public final class Setting: Sendable {
  /// Number within the atlas, counted from 1.
  public let id: Int
  public let space: String
  public let dataset: String
  public let datasetDigest: Digest256?
  public let datasetCard: DatasetCard?
  /// Nil where no card of the protocol was given.
  public let protocolName: String?
  public let protocolDigest: Digest256
  public let runCount: Int
  /// Rows of the architectures of its space.
  public let spaceRows: Range<Int>
  /// What the positions of curves count; nil for epochs.
  public let fidelity: FidelityAxis?

  /// What was measured at all, sorted by name and split.
  public let measures: [Measure]

  /// A metric on a split.
  public struct Measure: Hashable, Sendable {
    public let metric: Metric
    public let split: Split

    public init(_ metric: Metric, _ split: Split) {
      self.metric = metric
      self.split = split
    }
  }

  private let columns: [ColumnKey: Column]
  let pieces: [ColumnKey: PieceColumnReader]
  let positionLists: [[Int]]
  let sources: [String]
  let metricNames: [Metric]
  private let index = LazyReference<RunIndex>()
  /// 0 not looked at; 1 published means alone, or none; 2 both.
  private let seedKinds = Atomic<Int>(0)
  private let sourceList = LazyReference<NameList>()

  private final class NameList: Sendable {
    let names: [String]
    init(_ names: [String]) { self.names = names }
  }

  init(
    id: Int, directory: AtlasDirectory, source: BlockSource
  ) {
    let entry = directory.settings[id - 1]
    let space = directory.spaces[entry.space]
    let dataset = directory.datasets[entry.dataset]
    let trainingProtocol = directory.protocols[entry.protocolIndex]
    self.id = id
    self.space = space.name
    self.dataset = dataset.name
    datasetDigest = dataset.digest
    datasetCard = dataset.card
    protocolName = trainingProtocol.name
    protocolDigest = trainingProtocol.digest
    fidelity = trainingProtocol.card?.fidelity
    runCount = entry.runs
    spaceRows = space.rows
    positionLists = directory.positionLists
    sources = directory.sources.map(\.name)
    metricNames = directory.metrics.map { Metric($0.name) }
    var columns: [ColumnKey: Column] = [:]
    var pieces: [ColumnKey: PieceColumnReader] = [:]
    for column in directory.settingColumns[id - 1] {
      switch column.key.kind {
      case .curve, .epochCost: pieces[column.key] = PieceColumnReader(entry: column, rows: entry.runs, source: source)
      default: columns[column.key] = Column(column, rows: entry.runs, source: source)
      }
    }
    self.columns = columns
    hasOnlyCompletedRuns = columns[ColumnKey(.status)] == nil
    self.pieces = pieces
    measures = columns.keys.filter { $0.kind == .final }.compactMap { key in
      key.split.map { Measure(Metric(key.name), $0) }
    }.sorted { ($0.metric.name, $0.split.number) < ($1.metric.name, $1.split.number) }
  }

  // MARK: Runs

  /// The runs of the architecture with this row.
  public func runs(ofArchitecture row: Int) throws -> Range<Int> {
    try index.read { $0.runs(row) } ?? runIndex().runs(row)
  }

  /// The row of a run's architecture.
  public func architecture(ofRun run: Int) throws -> Int { try whole(.architecture, run) }

  public func seed(ofRun run: Int) throws -> Seed {
    let number = UInt64(try whole(.seedHigh, run)) << 32 | UInt64(try whole(.seedLow, run))
    return Seed(kind: UInt8(truncatingIfNeeded: try whole(.seedKind, run)), number: number) ?? .unnamed(number)
  }

  public func status(ofRun run: Int) throws -> RunStatus {
    RunStatus(number: UInt8(truncatingIfNeeded: try whole(.status, run))) ?? .failed
  }

  public func origin(ofRun run: Int) throws -> Origin.Kind? {
    try number(.origin, run) == nil ? nil : Origin.Kind(number: try whole(.origin, run))
  }

  public func source(ofRun run: Int) throws -> String? {
    let place = try whole(.source, run) - 1
    return sources.indices.contains(place) ? sources[place] : nil
  }

  /// True when no run of the setting ended otherwise than completed.
  public let hasOnlyCompletedRuns: Bool

  /// Whether a run stands for a published mean in a setting that also has single runs (see ``RunMean``).
  @inline(__always)
  public func isMeanBesideRuns(_ run: Int) throws -> Bool {
    guard try hasMeansBesideRuns(), case .mean = try seed(ofRun: run) else { return false }
    return true
  }

  /// Names of the cards that tell where the runs come from, sorted; empty for runs of our own.
  public func sourceNames() throws -> [String] {
    if let known = sourceList.load() { return known.names }
    let names = try places(in: .source).filter { sources.indices.contains($0) }.map { sources[$0] }.sorted()
    return sourceList.storeIfNil(NameList(names)).names
  }

  /// The metrics that runs are scored by.
  public func scoreMetrics() throws -> Set<Metric> {
    Set(try places(in: .scoreMetric).filter { metricNames.indices.contains($0) }.map { metricNames[$0] })
  }

  /// The distinct places of a list, counted from 0, that a column names by numbers from 1.
  private func places(in field: RunField) throws -> [Int] {
    var found: Set<Double> = []
    var last = 0.0
    try columns[ColumnKey(field)]?.forEach { _, place in
      // Most runs name the same place as the run before.
      guard let place, place != last else { return }
      last = place
      found.insert(place)
    }
    return found.compactMap { UInt32(exactly: $0).map { Int($0) - 1 } }
  }

  /// The values of a measure of all runs, N runs × E epochs, where every run has a dense curve of the same E epochs; nil
  /// else, and where the curves take more than `byteLimit` bytes. Decodes every curve.
  package func curves(_ metric: Metric, _ split: Split, atMost byteLimit: Int) throws -> (
    values: [Double], epochs: Int
  )? {
    guard runCount > 0, let pieces = pieces[ColumnKey(.curve, metric.name, split)],
      columns[ColumnKey(.curveAt, metric.name, split)] == nil
    else { return nil }
    let epochs = try pieces.values(0).count
    guard epochs > 0, epochs <= byteLimit / 8 / runCount else { return nil }
    var values: [Double] = []
    values.reserveCapacity(runCount * epochs)
    for run in 0..<runCount {
      if run.isMultiple(of: 256) { try Task.checkCancellation() }
      let curve = try pieces.values(run)
      guard curve.count == epochs else { return nil }
      values += curve
    }
    return (values, epochs)
  }

  /// True when some seeds are those of single runs and others stand for published means. Found once, by one look at all
  /// seeds.
  package func hasMeansBesideRuns() throws -> Bool {
    switch seedKinds.load(ordering: .relaxed) {
    case 1: return false
    case 2: return true
    default:
      var means = 0
      try columns[ColumnKey(.seedKind)]?.forEach { if $1 == Double(Seed.mean(of: 0).kind) { means += 1 } }
      let isMixed = means > 0 && means < runCount
      seedKinds.store(isMixed ? 2 : 1, ordering: .relaxed)
      return isMixed
    }
  }

  /// A number of the score of a run: `score_epoch`, `score_validation` or `score_test`; nil where it is absent.
  public func scoreNumber(_ field: String, ofRun run: Int) throws -> Double? {
    try RunField(rawValue: field).flatMap { try number($0, run) }
  }

  /// Names of the fields of ``scoreNumber(_:ofRun:)`` that at least one run has, sorted.
  public var scoreFields: [String] {
    [RunField.scoreEpoch, .scoreTest, .scoreValidation].filter { columns[ColumnKey($0)] != nil }.map(\.rawValue)
  }

  /// A size of the network of a run by its name, for example `parameters`; nil where it is absent.
  public func count(_ name: String, ofRun run: Int) throws -> Double? {
    try columns[ColumnKey(.count, name)]?.value(run)
  }

  /// Names of the counts that at least one run has, sorted.
  public var countNames: [String] { columns.keys.filter { $0.kind == .count }.map(\.name).sorted() }

  /// A cost of a run by its name, for example `train_seconds`: as told, or the sum over epochs; nil where it is absent.
  public func cost(_ name: String, ofRun run: Int) throws -> Double? {
    if let total = try totalCost(name, ofRun: run) { return total }
    return try epochCosts(name, ofRun: run).map { $0.reduce(0, +) }
  }

  /// A cost of each epoch of a run by its name; nil if the record lists none.
  public func epochCosts(_ name: String, ofRun run: Int) throws -> [Double]? {
    guard let values = try pieces[ColumnKey(.epochCost, name)]?.values(run), !values.isEmpty else { return nil }
    return values
  }

  /// Names of the costs that at least one run has, sorted.
  public var costNames: [String] {
    Set(totalCostNames).union(epochCostNames).sorted()
  }

  func totalCost(_ name: String, ofRun run: Int) throws -> Double? { try columns[ColumnKey(.cost, name)]?.value(run) }

  var totalCostNames: [String] { columns.keys.filter { $0.kind == .cost }.map(\.name) }

  /// Names of the costs of epochs that at least one run has, sorted.
  public var epochCostNames: [String] { pieces.keys.filter { $0.kind == .epochCost }.map(\.name).sorted() }

  /// A number that a source tells beside the rest; nil where it is absent.
  public func attribute(_ name: String, ofRun run: Int) throws -> Double? {
    try columns[ColumnKey(.attribute, name)]?.value(run)
  }

  public var attributeNames: [String] { columns.keys.filter { $0.kind == .attribute }.map(\.name).sorted() }

  func number(_ field: RunField, _ run: Int) throws -> Double? { try columns[ColumnKey(field)]?.value(run) }

  /// A field that holds whole numbers of at most 32 bits; 0 where it is absent.
  func whole(_ field: RunField, _ run: Int) throws -> Int {
    try number(field, run).flatMap { UInt32(exactly: $0) }.map { Int($0) } ?? 0
  }

  /// Seconds that training of the whole run took, where they are known.
  public func trainSeconds(ofRun run: Int) throws -> Double? {
    try cost(Costs.trainSeconds, ofRun: run)
  }

  /// Seconds that training of each epoch took, where epochs are told apart.
  public func epochTrainSeconds(ofRun run: Int) throws -> [Double]? {
    try epochCosts(Costs.trainSeconds, ofRun: run)
  }

  // MARK: Values

  /// The last values of a metric on a split; nil when no run has any.
  public func finals(_ metric: Metric, _ split: Split) -> FinalValues? {
    columns[ColumnKey(.final, metric.name, split)].map { FinalValues(setting: self, column: $0) }
  }

  /// The curve of a run; nil when the run has none of this metric and split.
  public func curve(ofRun run: Int, _ metric: Metric, _ split: Split) throws -> Curve? {
    let name = metric.name
    var values = try pieces[ColumnKey(.curve, name, split)]?.values(run) ?? []
    if values.isEmpty {
      guard let last = try columns[ColumnKey(.final, name, split)]?.value(run) else { return nil }
      values = [last]
    }
    let list = try positionList(run, metric, split)
    guard list > 0 else { return Curve(metric: metric, split: split, values: values) }
    guard positionLists.indices.contains(list - 1), positionLists[list - 1].count == values.count else {
      throw StoreError.damagedRecord(path: dataset, run: "\(run)", reason: "its positions do not fit its values")
    }
    return Curve(metric: metric, split: split, values: values, at: positionLists[list - 1])
  }

  /// The epoch that a run's last value belongs to.
  public func lastEpoch(ofRun run: Int, _ metric: Metric, _ split: Split) throws -> Int? {
    let list = try positionList(run, metric, split)
    if list > 0 { return positionLists.indices.contains(list - 1) ? positionLists[list - 1].last : nil }
    return try curve(ofRun: run, metric, split)?.lastEpoch
  }

  private func positionList(_ run: Int, _ metric: Metric, _ split: Split) throws -> Int {
    try columns[ColumnKey(.curveAt, metric.name, split)]?.value(run).flatMap { UInt32(exactly: $0) }
      .map { Int($0) } ?? 0
  }

  // MARK: Preparing

  func forEachColumn(_ body: (Column) throws -> Void) rethrows {
    for column in columns.values { try body(column) }
  }

  func runIndex() throws -> RunIndex {
    if let index = index.load() { return index }
    guard let column = columns[ColumnKey(.architecture)] else {
      throw StoreError.damagedRecord(path: dataset, run: "0", reason: "the column of architectures is missing")
    }
    return index.storeIfNil(try RunIndex(column, rows: spaceRows, path: dataset))
  }
}

/// Which runs an architecture has.
final class RunIndex: Sendable {
  private let firstRow: Int
  /// The first run of each architecture of the space, and behind the last one the number of runs.
  private let starts: [UInt32]

  init(_ architectures: Column, rows: Range<Int>, path: String) throws {
    firstRow = rows.lowerBound
    var starts = [UInt32](repeating: 0, count: rows.count + 1)
    var before = -1
    try architectures.forEach { run, row in
      let place = (row.flatMap { UInt32(exactly: $0) }.map { Int($0) } ?? 0) - rows.lowerBound
      guard place >= before, place < rows.count, place >= 0 else {
        throw StoreError.damagedRecord(
          path: path, run: "\(run)", reason: "runs are not in the order of architectures")
      }
      before = place
      starts[place + 1] += 1
    }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    self.starts = starts
  }

  @inline(__always)
  func runs(_ row: Int) -> Range<Int> {
    // Compared before it is subtracted: a row may be any number.
    guard row >= firstRow, row - firstRow < starts.count - 1 else { return 0..<0 }
    let place = row - firstRow
    return Int(starts[place])..<Int(starts[place + 1])
  }
}

/// The last values of a metric on a split of all runs of a setting: what most questions are about.
public struct FinalValues: Sendable {
  let setting: Setting
  let column: Column

  /// The value of a run; nil where it is absent.
  @inline(__always)
  public func value(ofRun run: Int) throws -> Double? { try column.value(run) }

  /// ``RunMean`` over the completed runs of the architecture with this row, and how many they are; nil when there are none.
  public func mean(ofArchitecture row: Int) throws -> (value: Double, count: Int)? {
    let onlyCompleted = setting.hasOnlyCompletedRuns
    let isMixed = try setting.hasMeansBesideRuns()
    var mean = RunMean()
    for run in try setting.runs(ofArchitecture: row) {
      if !onlyCompleted, try setting.status(ofRun: run) != .completed { continue }
      guard let value = try column.value(run) else { continue }
      mean.add(value, isPublishedMean: isMixed ? try setting.isMeanBesideRuns(run) : false)
    }
    return mean.result
  }
}
