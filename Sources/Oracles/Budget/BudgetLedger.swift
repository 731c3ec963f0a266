public import Records

/// What a client has spent, and the noise it has drawn.
///
/// A query counts each time it is asked. Training counts once: of a run that was looked at up to epoch 10, epoch 20
/// costs ten more epochs (and the seconds between the two), and epoch 10 again costs nothing.
///
/// A value, not a lock-protected object: reading the answer and charging for it must be one step, so whoever owns the
/// ledger needs a lock (or an actor) around both anyhow; and a copy is a snapshot. The order of charges is part of the
/// history that the noise follows from, so concurrent use of one ledger without such an owner would not be repeatable.
public struct BudgetLedger<RunIdentity: Hashable & Comparable & Codable & Sendable>: Hashable, Sendable {
  /// What the noise follows from.
  public let seed: UInt64
  public var limits: BudgetLimits
  /// How many questions were charged.
  public private(set) var queries = 0
  /// How many epochs were charged, each epoch of a run once.
  public private(set) var epochs = 0
  /// The training time of those epochs, as far as the sources tell it.
  public private(set) var simulatedTrainingSeconds = 0.0
  /// How many charged questions looked at a run whose training time is not known; if any, the seconds are a lower bound.
  public private(set) var untimedQueries = 0

  package private(set) var runs: [RunIdentity: SpentOnRun] = [:]
  package private(set) var draws: [NoiseContext: Int] = [:]

  /// The furthest that a run was looked at.
  package struct SpentOnRun: Hashable, Sendable {
    package var epochs = 0
    package var seconds = 0.0
  }

  package struct NoiseContext: Hashable, Sendable {
    package var architecture: ArchitectureID
    package var context: UInt64
  }

  public init(seed: UInt64, limits: BudgetLimits = .unlimited) {
    self.seed = seed
    self.limits = limits
  }

  // MARK: Charging

  /// Charges one query that looks at one run up to `epoch` (0 for what needs no training). `secondsUpToEpoch` is the
  /// training time from the start of the run; nil where the source does not tell.
  ///
  /// Throws ``BudgetError`` and leaves the ledger as it was where a limit does not suffice. O(1).
  public mutating func charge(run: RunIdentity, epoch: Int, secondsUpToEpoch: Double?) throws(BudgetError) {
    let charge = RunCharge(run: run, epoch: epoch, secondsUpToEpoch: secondsUpToEpoch)
    var asked = Asked()
    let reached = try asked.add(charge, to: runs[run] ?? SpentOnRun(), limits: limits)
    try spend(asked)
    runs[run] = reached
  }

  /// Charges one query that looks at all of `charges`, for example every seed of a mean; none is a query that needs no
  /// run.
  ///
  /// Throws ``BudgetError`` and leaves the ledger as it was where a limit does not suffice.
  public mutating func charge(_ charges: some Collection<RunCharge<RunIdentity>>) throws(BudgetError) {
    var asked = Asked()
    var reached: [RunIdentity: SpentOnRun] = [:]
    for charge in charges {
      let before = reached[charge.run] ?? runs[charge.run] ?? SpentOnRun()
      reached[charge.run] = try asked.add(charge, to: before, limits: limits)
    }
    try spend(asked)
    for (run, spent) in reached { runs[run] = spent }
  }

  /// What one query adds to what was spent.
  private struct Asked {
    var epochs = 0
    var seconds = 0.0
    var isUntimed = false

    /// Adds what `charge` asks beyond `spent` and gives how far its run is looked at then.
    mutating func add(
      _ charge: RunCharge<RunIdentity>, to spent: SpentOnRun, limits: BudgetLimits
    ) throws(BudgetError) -> SpentOnRun {
      guard LedgerBounds.epochs.contains(charge.epoch) else {
        throw .invalidCharge(
          reason: "epoch \(charge.epoch) of run \(charge.run); allowed: 0 to \(LedgerBounds.epochs.upperBound)")
      }
      var reached = spent
      epochs += max(0, charge.epoch - spent.epochs)
      reached.epochs = max(spent.epochs, charge.epoch)
      guard let upToEpoch = charge.secondsUpToEpoch else {
        if let limit = limits.simulatedTrainingSeconds { throw .timeUnknown(run: "\(charge.run)", limit: limit) }
        isUntimed = true
        return reached
      }
      guard LedgerBounds.seconds.contains(upToEpoch) else {
        throw .invalidCharge(
          reason: "\(upToEpoch) training seconds of run \(charge.run); "
            + "allowed: 0 to \(LedgerBounds.seconds.upperBound)")
      }
      seconds += max(0, upToEpoch - spent.seconds)
      reached.seconds = max(spent.seconds, upToEpoch)
      return reached
    }
  }

  private mutating func spend(_ asked: Asked) throws(BudgetError) {
    if let limit = limits.queries, queries >= limit {
      throw .queriesExceeded(spent: queries, asked: 1, limit: limit)
    }
    if let limit = limits.epochs, epochs + asked.epochs > limit {
      throw .epochsExceeded(spent: epochs, asked: asked.epochs, limit: limit)
    }
    if let limit = limits.simulatedTrainingSeconds, simulatedTrainingSeconds + asked.seconds > limit {
      throw .simulatedTrainingSecondsExceeded(spent: simulatedTrainingSeconds, asked: asked.seconds, limit: limit)
    }
    queries += 1
    epochs += asked.epochs
    simulatedTrainingSeconds += asked.seconds
    untimedQueries += asked.isUntimed ? 1 : 0
  }

  /// What is left of each limit, never below zero; nil where there is none.
  public var remaining: BudgetLimits {
    BudgetLimits(
      queries: limits.queries.map { max(0, $0 - queries) }, epochs: limits.epochs.map { max(0, $0 - epochs) },
      simulatedTrainingSeconds: limits.simulatedTrainingSeconds.map { max(0, $0 - simulatedTrainingSeconds) })
  }

  /// Forgets what was spent and drawn; seed and limits stay, so the noise begins again.
  public mutating func reset() {
    self = BudgetLedger(seed: seed, limits: limits)
  }

  // MARK: Noise

  /// The index below `count` of a recorded seed, drawn at random; `count` must be positive.
  ///
  /// A function of the ledger's seed, the architecture, the context (what else the question is about: data set, protocol)
  /// and how often this ledger drew for that pair: asking again draws again, and the same history gives the same draws.
  public mutating func noisySeedIndex(architecture: ArchitectureID, context: UInt64, count: Int) -> Int {
    let index = nextNoisySeedIndex(architecture: architecture, context: context, count: count)
    draws[NoiseContext(architecture: architecture, context: context), default: 0] += 1
    return index
  }

  /// What ``noisySeedIndex(architecture:context:count:)`` would draw, without drawing it; for charging first.
  public func nextNoisySeedIndex(architecture: ArchitectureID, context: UInt64, count: Int) -> Int {
    precondition(count > 0, "there must be a seed to draw")
    let earlier = draws[NoiseContext(architecture: architecture, context: context)] ?? 0
    // FNV-1a takes the 32 digits; xoshiro's own seeding mixes what is left.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in architecture.hex.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var state = seed
    for word in [hash, context, UInt64(earlier)] {
      var generator = SeededGenerator(seed: state ^ word)
      state = generator.next()
    }
    var generator = SeededGenerator(seed: state)
    return generator.integer(below: count)
  }

  // MARK: Snapshots

  package init(
    seed: UInt64, limits: BudgetLimits, queries: Int, simulatedTrainingSeconds: Double, untimedQueries: Int,
    runs: [RunIdentity: SpentOnRun], draws: [NoiseContext: Int]
  ) {
    self.init(seed: seed, limits: limits)
    self.queries = queries
    self.untimedQueries = untimedQueries
    self.simulatedTrainingSeconds = simulatedTrainingSeconds
    self.runs = runs
    self.draws = draws
    epochs = runs.values.reduce(0) { $0 + $1.epochs }
  }
}

/// What a ledger takes, so that no sum of a real history overflows.
enum LedgerBounds {
  /// Of one run.
  static let epochs = 0...1_000_000_000
  /// Of one run; 10¹² s are thirty thousand years.
  static let seconds = 0.0...1e12
  /// Queries of a ledger and draws of one pair.
  static let counts = 0...1_000_000_000_000_000
}
