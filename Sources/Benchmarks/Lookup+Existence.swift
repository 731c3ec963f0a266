import Records
import Store

/// Epochs that values of a measure belong to, by setting and measure; found where a question has no answer.
final class EpochTable: Sendable {
  struct Key: Hashable {
    let setting: Int
    let measure: Setting.Measure
  }
  let epochs = Guarded<[Key: [Int]]>([:])
}

extension Lookup {
  /// Throws where nothing in the setting can answer: no run has the seed, no run has a value at the epoch, or no run was
  /// completed. The error lists the seeds or epochs that exist.
  ///
  /// Ends at the first run with a value; where there is none it looks at all curves once, and remembers their epochs.
  public func requireAnswers() throws {
    var (isOfSeed, isComplete) = (false, false)
    for run in 0..<setting.runCount {
      if run.isMultiple(of: 1_024) { try Task.checkCancellation() }
      if case .one(let seed) = seeds, try setting.seed(ofRun: run) != seed { continue }
      isOfSeed = true
      if case .mean = seeds, try setting.status(ofRun: run) != .completed { continue }
      isComplete = true
      if case .number(let number) = epoch, let known = knownEpochs, !known.contains(number) { break }
      if try value(ofRun: run) != nil { return }
    }
    let name = benchmark.name(setting)
    if case .one(let seed) = seeds, !isOfSeed {
      throw BenchmarkError.unknown(what: "seed", found: "\(seed)", known: try setting.seeds().map { "\($0)" })
    }
    guard isComplete else { throw BenchmarkError.noCompletedRuns(setting: name) }
    switch epoch {
    case .number(let number), .bestSoFar(let number?):
      let known = try findEpochs()
      guard case .one(let seed) = seeds, known.contains(number) else {
        throw BenchmarkError.unknownEpoch(epoch: number, run: name, known: known)
      }
      throw BenchmarkError.unknownEpoch(
        epoch: number, run: "seed \(seed) of \(name)", known: try epochs { try setting.seed(ofRun: $0) == seed })
    case .best: throw BenchmarkError.noEpoch(run: name, status: "\(setting.runCount) runs")
    case .last, .bestSoFar(nil):
      throw BenchmarkError.noValues(of: "\(metric) on \(split.rawValue)", setting: name, omitted: [])
    }
  }

  /// Throws `unknownEpoch`, listing the epochs that exist, where every curve of the setting ends before `number`.
  func requireEpoch(atLeast number: Int) throws {
    for run in 0..<setting.runCount where try setting.lastEpoch(ofRun: run, metric, split) ?? 0 >= number { return }
    throw BenchmarkError.unknownEpoch(epoch: number, run: benchmark.name(setting), known: try findEpochs())
  }

  /// The same, and throws `noRunPasses` where no run passes the part of `filter` that chooses runs.
  public func requireAnswers(where filter: String?) throws {
    try requireAnswers()
    guard let filter = try filter.map({ try benchmark.filter($0, for: setting) }) else { return }
    let reader = try FieldReader(filter.fields, benchmark: benchmark, setting: setting)
    try RunFilter(seeds: seeds, filter: filter, reader: reader).requireRuns()
  }

  private var epochKey: EpochTable.Key { .init(setting: setting.id, measure: Setting.Measure(metric, split)) }

  /// The epochs of all curves, where they were looked for before.
  private var knownEpochs: [Int]? { benchmark.epochTable.epochs.withLock { $0[epochKey] } }

  private func findEpochs() throws -> [Int] {
    if let knownEpochs { return knownEpochs }
    let found = try epochs { _ in true }
    benchmark.epochTable.epochs.withLock { $0[epochKey] = found }
    return found
  }

  /// The epochs of the curves of runs, ascending.
  private func epochs(where isAsked: (Int) throws -> Bool) throws -> [Int] {
    var found: Set<Int> = []
    var dense = 0
    for run in 0..<setting.runCount {
      if run.isMultiple(of: 1_024) { try Task.checkCancellation() }
      guard try isAsked(run), let curve = try setting.curve(ofRun: run, metric, split) else { continue }
      if let epochs = curve.at { found.formUnion(epochs) } else { dense = max(dense, curve.values.count) }
    }
    return found.union(1..<dense + 1).sorted()
  }
}

extension Setting {
  /// The distinct seeds of all runs, ascending.
  func seeds() throws -> [Seed] {
    var seeds: Set<Seed> = []
    for run in 0..<runCount { seeds.insert(try seed(ofRun: run)) }
    return seeds.sorted()
  }
}
