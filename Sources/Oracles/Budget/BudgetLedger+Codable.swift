import Records

/// A ledger is stored with its runs and draws sorted, so that equal ledgers give equal bytes. Reading checks that the
/// numbers can be those of a ledger and throws ``BudgetError/invalidSnapshot(reason:)`` otherwise.
extension BudgetLedger: Codable {
  private enum CodingKeys: String, CodingKey {
    case version, seed, limits, queries, epochs, simulatedTrainingSeconds, untimedQueries, runs, draws
  }

  private struct StoredRun: Codable {
    var run: RunIdentity
    var epochs: Int
    var seconds: Double
  }

  private struct StoredDraw: Codable {
    var architecture: ArchitectureID
    var context: UInt64
    var count: Int
  }

  private static var version: Int { 1 }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .version)
    try container.encode(seed, forKey: .seed)
    try container.encode(limits, forKey: .limits)
    try container.encode(queries, forKey: .queries)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(simulatedTrainingSeconds, forKey: .simulatedTrainingSeconds)
    try container.encode(untimedQueries, forKey: .untimedQueries)
    let storedRuns = runs.sorted { $0.key < $1.key }
      .map { StoredRun(run: $0.key, epochs: $0.value.epochs, seconds: $0.value.seconds) }
    try container.encode(storedRuns, forKey: .runs)
    let storedDraws = draws.map { StoredDraw(architecture: $0.architecture, context: $0.context, count: $1) }
      .sorted { ($0.architecture, $0.context) < ($1.architecture, $1.context) }
    try container.encode(storedDraws, forKey: .draws)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let version = try container.decode(Int.self, forKey: .version)
    try Self.require(version == Self.version, "version \(version); this one reads \(Self.version)")
    let queries = try container.decode(Int.self, forKey: .queries)
    try Self.require(LedgerBounds.counts.contains(queries), "\(queries) queries")
    let untimedQueries = try container.decode(Int.self, forKey: .untimedQueries)
    try Self.require((0...queries).contains(untimedQueries), "\(untimedQueries) untimed of \(queries) queries")

    var runs: [RunIdentity: SpentOnRun] = [:]
    var epochs = 0
    var seconds = 0.0
    for stored in try container.decode([StoredRun].self, forKey: .runs) {
      try Self.require(LedgerBounds.epochs.contains(stored.epochs), "\(stored.epochs) epochs of run \(stored.run)")
      try Self.require(LedgerBounds.seconds.contains(stored.seconds), "\(stored.seconds) s of run \(stored.run)")
      let earlier = runs.updateValue(SpentOnRun(epochs: stored.epochs, seconds: stored.seconds), forKey: stored.run)
      try Self.require(earlier == nil, "run \(stored.run) twice")
      epochs += stored.epochs
      seconds += stored.seconds
    }
    let storedEpochs = try container.decode(Int.self, forKey: .epochs)
    try Self.require(storedEpochs == epochs, "\(storedEpochs) epochs, and \(epochs) over its runs")
    let storedSeconds = try container.decode(Double.self, forKey: .simulatedTrainingSeconds)
    // The ledger adds in the order of the questions, so the last digits may differ.
    try Self.require(
      abs(storedSeconds - seconds) <= 1e-6 * max(1, seconds), "\(storedSeconds) s, and \(seconds) s over its runs")

    var draws: [NoiseContext: Int] = [:]
    for stored in try container.decode([StoredDraw].self, forKey: .draws) {
      try Self.require(
        stored.count > 0 && LedgerBounds.counts.contains(stored.count),
        "\(stored.count) draws for \(stored.architecture)")
      let context = NoiseContext(architecture: stored.architecture, context: stored.context)
      try Self.require(draws.updateValue(stored.count, forKey: context) == nil, "\(stored.architecture) twice")
    }
    self.init(
      seed: try container.decode(UInt64.self, forKey: .seed),
      limits: try container.decode(BudgetLimits.self, forKey: .limits), queries: queries,
      simulatedTrainingSeconds: storedSeconds, untimedQueries: untimedQueries, runs: runs, draws: draws)
  }

  private static func require(_ holds: Bool, _ reason: @autoclosure () -> String) throws(BudgetError) {
    guard holds else { throw .invalidSnapshot(reason: reason()) }
  }
}
