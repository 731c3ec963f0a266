import Records
import Statistics
import Store

/// How much two columns of numbers agree in order and in line.
public struct CorrelationRow: Hashable, Sendable, Codable {
  /// What the two columns are, for example a data set or an epoch.
  public let first: String
  public let second: String
  public let firstContext: AnswerContext
  public let secondContext: AnswerContext
  /// Pairs of which both are there.
  public let count: Int
  /// Pairs of which one is absent or NaN.
  public let dropped: Int
  /// Absent where a column is constant or there are fewer than two pairs.
  public let kendallTauB: Double?
  public let spearman: Double?
  public let pearson: Double?

  init(
    _ first: (name: String, context: AnswerContext), _ second: (name: String, context: AnswerContext),
    _ pairs: PairedValues
  ) {
    self.first = first.name
    self.second = second.name
    firstContext = first.context
    secondContext = second.context
    count = pairs.count
    dropped = pairs.dropped
    kendallTauB = pairs.kendallTauB()
    spearman = pairs.spearman()
    pearson = pairs.pearson()
  }
}

extension Benchmark {
  /// Rank correlations between every two of `lookups`, over the architectures that both have.
  ///
  /// Throws as ``Lookup/requireAnswers()`` for a lookup that nothing answers, and `noRunPasses` for a filter that no run
  /// passes.
  public func correlations(
    between lookups: [(name: String, lookup: Lookup)], where filter: String? = nil
  ) throws -> [CorrelationRow] {
    let columns = try lookups.map { try values($0.lookup, filter) }
    var rows: [CorrelationRow] = []
    for first in lookups.indices {
      for second in lookups.indices.dropFirst(first + 1)
      where lookups[first].lookup.setting.space == lookups[second].lookup.setting.space {
        rows.append(
          CorrelationRow(
            (lookups[first].name, lookups[first].lookup.context),
            (lookups[second].name, lookups[second].lookup.context), PairedValues(columns[first], columns[second])))
      }
    }
    return rows
  }

  /// Rank correlations between the values of epochs and the last ones, over the runs of a setting that are complete.
  ///
  /// `epochs` nil takes up to twelve of those that curves have, spread evenly. Throws `unknownEpoch` for one that no
  /// curve has.
  public func correlationsWithFinal(
    _ lookup: Lookup, epochs: [Int]? = nil, where filter: String? = nil
  ) throws -> [CorrelationRow] {
    let setting = lookup.setting
    let filter = try filter.map { try self.filter($0, for: setting) }
    let reader = try FieldReader(filter?.fields ?? [], benchmark: self, setting: setting)
    let choice = try RunFilter(seeds: lookup.seeds, filter: filter, reader: reader)
    var curves: [Curve] = []
    var taken: [Int: Bool] = [:]
    for run in 0..<setting.runCount where try setting.status(ofRun: run) == .completed {
      guard try choice.takes(run, taken: &taken) else { continue }
      if let curve = try setting.curve(ofRun: run, lookup.metric, lookup.split) { curves.append(curve) }
    }
    if curves.isEmpty { try choice.requireRuns() }
    let known = Self.epochs(of: curves)
    for epoch in epochs ?? [] where !known.contains(epoch) {
      throw BenchmarkError.unknownEpoch(epoch: epoch, run: name(setting), known: known)
    }
    let finals = curves.map(\.values.last)
    return (epochs ?? Self.spread(known.dropLast(), count: 12)).map { epoch in
      CorrelationRow(
        ("epoch \(epoch)", Lookup(lookup, epoch: .number(epoch), seeds: .all).context),
        ("last epoch", Lookup(lookup, epoch: .last, seeds: .all).context),
        PairedValues(curves.map { $0.value(at: epoch) }, finals))
    }
  }

  /// The epochs that at least one curve has, ascending.
  private static func epochs(of curves: [Curve]) -> [Int] {
    let lists = curves.compactMap(\.at)
    let dense = curves.filter { $0.at == nil }.map(\.values.count).max() ?? 0
    return lists.reduce(into: Set(1..<dense + 1)) { $0.formUnion($1) }.sorted()
  }

  /// Means of all architectures of the setting's space, by row.
  private func values(_ lookup: Lookup, _ filter: String?) throws -> [Double?] {
    let setting = lookup.setting
    let filter = try filter.map { try self.filter($0, for: setting) }
    let reader = try FieldReader(filter?.fields ?? [], benchmark: self, setting: setting)
    let choice = try RunFilter(seeds: lookup.seeds, filter: filter, reader: reader)
    let values = try setting.spaceRows.map { try mean(lookup, $0, choice)?.value }
    if values.allSatisfy({ $0 == nil }) {
      try lookup.requireAnswers()
      try choice.requireRuns()
    }
    return values
  }

  /// Up to `count` of the numbers, spread evenly.
  private static func spread(_ numbers: some Collection<Int>, count: Int) -> [Int] {
    let numbers = Array(numbers)
    if numbers.count <= count { return numbers }
    return (1...count).map { numbers[numbers.count * $0 / (count + 1)] }
  }
}
