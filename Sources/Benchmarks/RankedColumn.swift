import Records

/// What the architectures of a setting are ranked by, computed once: a mean over the runs that count, or why there is
/// none. Architectures are numbered from 0 in the order of the setting's rows.
final class RankedColumn: Sendable {
  /// An architecture without a finite mean.
  struct Gap: Sendable {
    let architecture: Int32
    /// Nil where the filter leaves out all its runs.
    let reason: Omission.Reason?

    /// Whether runs of the architecture count, so that a filter may still leave it out.
    var hasRuns: Bool {
      switch reason {
      case .noValue, .noEpoch, .notFinite: true
      default: false
      }
    }
  }

  /// Means; NaN where there is none. Infinite ones are not ranked.
  let values: [Double]
  /// How many runs each mean is of.
  let counts: [Int32]
  /// Architectures with a finite mean in ascending order of it, equal means in the order of rows.
  let ascending: [Int32]
  /// The others, in the order of rows.
  let gaps: [Gap]

  /// O(N log N) for N architectures. Throws `CancellationError` where the task is cancelled, and what `outcome` throws.
  init(_ rows: Range<Int>, _ outcome: (Int) throws -> Benchmark.Outcome) throws {
    var values = [Double](repeating: .nan, count: rows.count)
    var counts = [Int32](repeating: 0, count: rows.count)
    var ascending: [Int32] = []
    var gaps: [Gap] = []
    for row in rows {
      if row.isMultiple(of: 256) { try Task.checkCancellation() }
      let architecture = Int32(row - rows.lowerBound)
      switch try outcome(row) {
      case .mean(let mean, let runs):
        values[Int(architecture)] = mean
        counts[Int(architecture)] = Int32(runs)
        if mean.isFinite {
          ascending.append(architecture)
        } else {
          gaps.append(Gap(architecture: architecture, reason: .notFinite))
        }
      case .lacking(let reason): gaps.append(Gap(architecture: architecture, reason: reason))
      case .filtered: gaps.append(Gap(architecture: architecture, reason: nil))
      }
    }
    ascending.sort { left, right in
      let (one, other) = (values[Int(left)], values[Int(right)])
      return one == other ? left < right : one < other
    }
    self.values = values
    self.counts = counts
    self.ascending = ascending
    self.gaps = gaps
  }

  /// About how many bytes it takes.
  var bytes: Int { values.count * 12 + ascending.count * 4 + gaps.count * 8 }

  /// The best `count` architectures among those that `passes` takes, equal means in the order of rows, and how many
  /// there are in all. `passes` nil takes all. O(N).
  func best(_ count: Int, largerIsBetter: Bool, where passes: [Bool]?) -> (architectures: [Int], candidates: Int) {
    var found: [Int] = []
    var candidates = 0
    func visit(_ architecture: Int32) {
      guard passes?[Int(architecture)] ?? true else { return }
      candidates += 1
      if found.count < count { found.append(Int(architecture)) }
    }
    guard largerIsBetter else {
      for architecture in ascending { visit(architecture) }
      return (found, candidates)
    }
    var end = ascending.count
    while end > 0 {
      let value = values[Int(ascending[end - 1])]
      var start = end - 1
      while start > 0, values[Int(ascending[start - 1])] == value { start -= 1 }
      for place in start..<end { visit(ascending[place]) }
      end = start
    }
    return (found, candidates)
  }

  /// The points of several columns over the architectures that have a finite mean in each and that `passes` takes: rows,
  /// N×K values, and what is left out.
  static func points(
    _ columns: [RankedColumn], of rows: Range<Int>, where passes: [Bool]?
  ) -> (rows: [Int], values: [Double], tally: OmissionTally) {
    var reasons = [Omission.Reason?](repeating: nil, count: rows.count)
    var isFiltered = [Bool](repeating: false, count: rows.count)
    for gap in columns.flatMap(\.gaps) {
      let place = Int(gap.architecture)
      switch (gap.reason, reasons[place]) {
      case (nil, _): isFiltered[place] = true
      // A value that is absent says more than one that is not finite.
      case (let reason?, nil), (let reason?, .notFinite?): reasons[place] = reason
      default: break
      }
    }
    var tally = OmissionTally()
    var found: [Int] = []
    var values: [Double] = []
    values.reserveCapacity(rows.count * columns.count)
    for place in 0..<rows.count {
      let reason = reasons[place]
      if isFiltered[place]
        || Gap(architecture: Int32(place), reason: reason ?? .noValue).hasRuns && passes?[place] == false
      {
        tally.filtered += 1
      } else if let reason {
        tally.add(reason)
      } else {
        found.append(rows.lowerBound + place)
        for column in columns { values.append(column.values[place]) }
      }
    }
    return (found, values, tally)
  }

  /// Counts what is left out, and why, where the filter takes the architectures of `passes`.
  func tally(where passes: [Bool]?) -> OmissionTally {
    var tally = OmissionTally()
    for gap in gaps {
      if let reason = gap.reason, !gap.hasRuns || passes?[Int(gap.architecture)] ?? true {
        tally.add(reason)
      } else {
        tally.filtered += 1
      }
    }
    guard let passes else { return tally }
    for architecture in ascending where !passes[Int(architecture)] { tally.filtered += 1 }
    return tally
  }
}
