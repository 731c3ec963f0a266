import Records
import Store

/// The columns that rankings and fronts of one setting are made of. Over the completed runs of an immutable atlas a
/// column is computed once and remembered; where a filter or a seed chooses runs, it is computed anew.
struct RankingTable {
  let benchmark: Benchmark
  let choice: RunFilter
  private var setting: Setting { choice.reader.setting }

  init(_ benchmark: Benchmark, _ choice: RunFilter) {
    self.benchmark = benchmark
    self.choice = choice
  }

  /// Ranked by the value that a question asks for.
  func column(_ lookup: Lookup) throws -> RankedColumn {
    try remembered(.value(setting.id, Setting.Measure(lookup.metric, lookup.split), lookup.epoch)) {
      if case .number(let epoch) = lookup.epoch, let curves = try curves(lookup), (1...curves.epochs).contains(epoch) {
        return try column(curves, at: epoch)
      }
      return try RankedColumn(setting.spaceRows) { try benchmark.outcome(lookup, $0, choice) }
    }
  }

  /// All curves of a measure, where every run of the setting counts and all curves have the same epochs; nil else.
  private func curves(_ lookup: Lookup) throws -> CurveTable? {
    guard choice.countsAllCompletedRuns, setting.hasOnlyCompletedRuns, try !setting.hasMeansBesideRuns() else {
      return nil
    }
    let table = try remembered(.curves(setting.id, Setting.Measure(lookup.metric, lookup.split))) {
      let found = try setting.curves(lookup.metric, lookup.split, atMost: RankingColumns.byteLimit / 4)
      return CurveTable(values: found?.values ?? [], epochs: found?.epochs ?? 0)
    }
    return table.epochs > 0 ? table : nil
  }

  private func column(_ curves: CurveTable, at epoch: Int) throws -> RankedColumn {
    try RankedColumn(setting.spaceRows) { row in
      let runs = try setting.runs(ofArchitecture: row)
      var mean = RunMean()
      for run in runs { mean.add(curves.values[run * curves.epochs + epoch - 1]) }
      return mean.result.map { .mean($0.value, $0.count) } ?? .lacking(.noRun)
    }
  }

  /// Ranked by the mean of a field.
  func column(_ field: FilterField) throws -> RankedColumn {
    try remembered(.field(setting.id, field)) {
      try RankedColumn(setting.spaceRows) { row in
        switch try choice.counted(ofArchitecture: row) {
        case .filtered: .filtered
        case .lacking(let reason): .lacking(reason)
        case .runs(let runs):
          try choice.reader.mean(field, runs: runs).map { .mean($0.value, $0.count) } ?? .lacking(.noValue)
        }
      }
    }
  }

  /// Which architectures the filter takes; nil where it has no part about architectures.
  func passing() throws -> [Bool]? {
    guard let condition = choice.parts.architectures else { return nil }
    if let truths = try condition.truths(setting.spaceRows.count, column: numbers) {
      return truths.map { $0 == .holds }
    }
    return try setting.spaceRows.map { row in
      if row.isMultiple(of: 256) { try Task.checkCancellation() }
      if case .runs = try choice.choice(ofArchitecture: row) { return true }
      return false
    }
  }

  /// What a condition compares, NaN where it is absent; nil for a field that holds texts.
  private func numbers(_ field: FilterField) throws -> [Double]? {
    try remembered(.condition(setting.id, field)) {
      var values = [Double](repeating: .nan, count: setting.spaceRows.count)
      for (architecture, row) in setting.spaceRows.enumerated() {
        if row.isMultiple(of: 256) { try Task.checkCancellation() }
        guard case .runs(let runs) = try choice.counted(ofArchitecture: row) else { continue }
        switch try choice.reader.value(field, runs: runs) {
        case .number(let number): values[architecture] = number
        case .text: return ConditionColumn(values: nil)
        case nil: break
        }
      }
      return ConditionColumn(values: values)
    }.values
  }

  private func remembered<Column: RememberedColumn>(
    _ key: RankingColumns.Key, _ make: () throws -> Column
  ) throws -> Column {
    guard choice.countsAllCompletedRuns else { return try make() }
    if let known = benchmark.rankingColumns.columns.withLock({ $0.value(key) }) as? Column { return known }
    let made = try make()
    benchmark.rankingColumns.columns.withLock { $0.keep(made, key, bytes: made.bytes + 256) }
    return made
  }
}

/// The columns that an atlas has been ranked by.
final class RankingColumns: Sendable {
  enum Key: Hashable, Sendable {
    case value(Int, Setting.Measure, EpochChoice)
    case field(Int, FilterField)
    case condition(Int, FilterField)
    case curves(Int, Setting.Measure)
  }

  /// 256 MiB: four measures of 15,625 curves of 200 epochs, and some 500 columns of as many architectures.
  static let byteLimit = 1 << 28
  fileprivate let columns = Guarded(RecentValues<Key, any RememberedColumn>(byteLimit: byteLimit))
}

/// A column that takes so many bytes.
protocol RememberedColumn: Sendable {
  var bytes: Int { get }
}

extension RankedColumn: RememberedColumn {}

/// The values of a measure, N runs × E epochs; no epochs where curves have different ones.
private struct CurveTable: RememberedColumn {
  let values: [Double]
  let epochs: Int
  var bytes: Int { 8 * values.count }
}

/// What a filter compares of each architecture; nil for texts.
private struct ConditionColumn: RememberedColumn {
  let values: [Double]?
  var bytes: Int { 8 * (values?.count ?? 0) }
}
