public import Records
public import Store

/// A question bound to what an atlas has: setting, metric, split, epoch and seeds.
public struct Lookup: Sendable {
  public let benchmark: Benchmark
  public let setting: Setting
  /// Name, unit and direction of the metric.
  public let card: MetricCard
  public let split: Split
  public let epoch: EpochChoice
  public let seeds: SeedChoice
  let finals: FinalValues

  public var metric: Metric { Metric(card.name) }

  /// The value of an architecture: the mean over its completed runs, or that of the one seed asked for. Nil when there
  /// is none: no such architecture, run, seed or epoch. ``answer(_:)`` says which.
  @inline(__always)
  public func value(of id: ArchitectureID) throws -> Double? {
    guard let row = try benchmark.atlas.row(of: id) else { return nil }
    return try value(ofArchitecture: row)
  }

  /// The same by the row of the architecture in the atlas.
  @inline(__always)
  public func value(ofArchitecture row: Int) throws -> Double? {
    if case .last = epoch, case .mean = seeds { return try finals.mean(ofArchitecture: row)?.value }
    let runs = try setting.runs(ofArchitecture: row)
    return try mean(
      of: runs.filter { run in
        if case .one(let seed) = seeds { return try setting.seed(ofRun: run) == seed }
        return try setting.status(ofRun: run) == .completed
      })?.value
  }

  /// The mean over runs of an architecture that have a value, and how many they are; nil when there are none.
  func mean(of runs: some Sequence<Int>) throws -> (value: Double, count: Int)? {
    try setting.mean(of: runs) { try number(ofRun: $0) }
  }

  /// The value of a run, without the epoch that it belongs to.
  private func number(ofRun run: Int) throws -> Double? {
    if case .last = epoch { return try finals.value(ofRun: run) }
    return try value(ofRun: run)?.value
  }

  /// The value of a run and its epoch; nil where there is none.
  public func value(ofRun run: Int) throws -> (value: Double, epoch: Int)? {
    if case .last = epoch {
      guard let value = try finals.value(ofRun: run) else { return nil }
      return (value, try setting.lastEpoch(ofRun: run, metric, split) ?? 0)
    }
    guard let curve = try setting.curve(ofRun: run, metric, split) else { return nil }
    let wanted: Int
    switch epoch {
    case .last: wanted = curve.lastEpoch
    case .number(let number): wanted = number
    case .best:
      guard let best = try bestEpoch(ofRun: run) else { return nil }
      wanted = best
    case .bestSoFar(let limit): return curve.best(upTo: limit ?? .max, largerIsBetter: card.largerIsBetter)
    }
    return curve.value(at: wanted).map { ($0, wanted) }
  }

  /// The epoch where the validation value of the data set's primary metric is best: the recorded one, else the first
  /// with the best value of the curve.
  public func bestEpoch(ofRun run: Int) throws -> Int? {
    if let score = try setting.score(ofRun: run) { return score.epoch }
    let primary = setting.primaryMetric ?? metric
    guard let curve = try setting.curve(ofRun: run, primary, .validation) else { return nil }
    let larger = benchmark.atlas.card(of: primary).largerIsBetter
    return curve.best(upTo: .max, largerIsBetter: larger)?.epoch
  }
}

extension Curve {
  /// The first best value among the epochs up to `limit`, NaN left out, and its epoch.
  func best(upTo limit: Int, largerIsBetter: Bool) -> (value: Double, epoch: Int)? {
    var best: (value: Double, epoch: Int)?
    for (index, value) in values.enumerated() {
      let epoch = at.map { $0[index] } ?? index + 1
      if epoch > limit { break }
      if value.isNaN { continue }
      if let known = best, largerIsBetter ? value <= known.value : value >= known.value { continue }
      best = (value, epoch)
    }
    return best
  }
}
