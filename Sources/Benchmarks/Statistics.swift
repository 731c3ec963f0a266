import Records
import Store

/// How much two columns of numbers agree in order and in line.
public struct CorrelationRow: Hashable, Sendable, Codable {
  /// What the two columns are, for example a data set or an epoch.
  public let first: String
  public let second: String
  /// Pairs of which both are there.
  public let count: Int
  /// Pairs of which one is absent or NaN.
  public let dropped: Int
  /// Absent where a column is constant or there are fewer than two pairs.
  public let kendallTauB: Double?
  public let spearman: Double?
  public let pearson: Double?

  init(_ first: String, _ second: String, _ pairs: PairedValues) {
    self.first = first
    self.second = second
    count = pairs.count
    dropped = pairs.dropped
    kendallTauB = pairs.kendallTauB()
    spearman = pairs.spearman()
    pearson = pairs.pearson()
  }
}

extension Benchmark {
  /// Rank correlations between every two of `lookups`, over the architectures that both have.
  public func correlations(
    between lookups: [(name: String, lookup: Lookup)], where filter: String? = nil
  ) throws -> [CorrelationRow] {
    let columns = try lookups.map { entry -> (name: String, space: String, values: [Double?]) in
      (entry.name, entry.lookup.setting.space, try values(entry.lookup, filter))
    }
    var rows: [CorrelationRow] = []
    for first in columns.indices {
      for second in columns.indices.dropFirst(first + 1) where columns[first].space == columns[second].space {
        rows.append(
          CorrelationRow(
            columns[first].name, columns[second].name,
            PairedValues(columns[first].values, columns[second].values)))
      }
    }
    return rows
  }

  /// Rank correlations between the values of epochs and the last ones, over the runs of a setting that are complete.
  ///
  /// `epochs` nil takes up to twelve of those that curves have, spread evenly.
  public func correlationsWithFinal(
    _ lookup: Lookup, epochs: [Int]? = nil, where filter: String? = nil
  ) throws -> [CorrelationRow] {
    let setting = lookup.setting
    let filter = try filter.map { try self.filter($0, for: setting) }
    let reader = try FieldReader(filter?.fields ?? [], benchmark: self, setting: setting)
    var curves: [Curve] = []
    for run in 0..<setting.runCount where try setting.status(ofRun: run) == .completed {
      if let filter, try !filter.evaluate({ try reader.value($0, run: run) }) { continue }
      if let curve = try setting.curve(ofRun: run, lookup.metric, lookup.split) { curves.append(curve) }
    }
    let longest = curves.map(\.lastEpoch).max() ?? 0
    let chosen = epochs ?? Self.spread(upTo: longest, count: 12)
    let finals = curves.map(\.values.last)
    return chosen.map { epoch in
      CorrelationRow("epoch \(epoch)", "last epoch", PairedValues(curves.map { $0.value(at: epoch) }, finals))
    }
  }

  /// Means of all architectures of the setting's space, by row.
  private func values(_ lookup: Lookup, _ filter: String?) throws -> [Double?] {
    let setting = lookup.setting
    guard let filter = try filter.map({ try self.filter($0, for: setting) }) else {
      return try setting.spaceRows.map { try lookup.value(ofArchitecture: $0) }
    }
    let reader = try FieldReader(filter.fields, benchmark: self, setting: setting)
    return try setting.spaceRows.map { row in
      try lookup.mean(ofArchitecture: row) { run in try filter.evaluate { try reader.value($0, run: run) } }?.value
    }
  }

  /// Up to `count` numbers from 1 to below `last`, spread evenly.
  private static func spread(upTo last: Int, count: Int) -> [Int] {
    guard last > 1 else { return [] }
    if last - 1 <= count { return Array(1..<last) }
    return (1...count).map { max(1, last * $0 / (count + 1)) }
  }
}
