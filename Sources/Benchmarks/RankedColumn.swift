import Records
import Synchronization

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

  /// Means; NaN for an architecture without a mean. Infinite means are not ranked.
  let values: [Double]
  /// How many runs each mean is of.
  let counts: [Int32]
  /// Architectures without a finite mean, in the order of rows.
  let gaps: [Gap]
  private let lacking: Lacking
  private let order = AtomicLazyReference<Order>()

  /// The gaps by what a filter about architectures can change: nothing where no run counts.
  private struct Lacking {
    var filteredRuns = 0
    var withoutRuns: [Omission.Reason: Int] = [:]
    var withRuns: [Gap] = []

    init(_ gaps: [Gap]) {
      for gap in gaps {
        if gap.hasRuns {
          withRuns.append(gap)
        } else if let reason = gap.reason {
          withoutRuns[reason, default: 0] += 1
        } else {
          filteredRuns += 1
        }
      }
    }
  }

  /// Architectures with a finite mean in ascending order of it, equal means in the order of rows.
  private final class Order: Sendable {
    let ascending: [Int32]
    init(_ ascending: [Int32]) { self.ascending = ascending }
  }

  /// O(N) for N architectures. Throws `CancellationError` where the task is cancelled, and what `outcome` throws.
  init(_ rows: Range<Int>, _ outcome: (Int) throws -> Benchmark.Outcome) throws {
    var values = [Double](repeating: .nan, count: rows.count)
    var counts = [Int32](repeating: 0, count: rows.count)
    var gaps: [Gap] = []
    for row in rows {
      if row.isMultiple(of: 256) { try Task.checkCancellation() }
      let architecture = Int32(row - rows.lowerBound)
      switch try outcome(row) {
      case .mean(let mean, let runs):
        values[Int(architecture)] = mean
        counts[Int(architecture)] = Int32(runs)
        if !mean.isFinite { gaps.append(Gap(architecture: architecture, reason: .notFinite)) }
      case .lacking(let reason): gaps.append(Gap(architecture: architecture, reason: reason))
      case .filtered: gaps.append(Gap(architecture: architecture, reason: nil))
      }
    }
    self.values = values
    self.counts = counts
    self.gaps = gaps
    lacking = Lacking(gaps)
  }

  /// About how many bytes it takes at most.
  var bytes: Int { values.count * 16 + gaps.count * 8 }

  private var ascending: [Int32] {
    if let known = order.load() { return known.ascending }
    let sorted = values.indices.filter { values[$0].isFinite }.map { Int32($0) }.sorted { left, right in
      let (one, other) = (values[Int(left)], values[Int(right)])
      return one == other ? left < right : one < other
    }
    return order.storeIfNil(Order(sorted)).ascending
  }

  /// The best `count` architectures among those that `passes` takes, equal means in the order of rows, and how many
  /// there are in all. `passes` nil takes all. O(N) for a few; for many, O(N log N) the first time.
  func best(_ count: Int, largerIsBetter: Bool, where passes: [Bool]?) -> (architectures: [Int], candidates: Int) {
    count <= Self.few
      ? fewBest(count, largerIsBetter ? -1 : 1, passes) : manyBest(count, largerIsBetter: largerIsBetter, where: passes)
  }

  /// Up to so many a pass over the means is quicker than their order.
  private static let few = 64

  /// `sign` 1 takes the smallest means, -1 the largest.
  private func fewBest(_ count: Int, _ sign: Double, _ passes: [Bool]?) -> (architectures: [Int], candidates: Int) {
    var found: [(cost: Double, architecture: Int)] = []
    var candidates = 0
    var worst = count > 0 ? Double.infinity : -Double.infinity
    for (architecture, value) in values.enumerated() where value.isFinite && passes?[architecture] ?? true {
      candidates += 1
      let cost = sign * value
      // Of equal means the first row stays before the others.
      guard cost < worst else { continue }
      var place = found.count
      while place > 0, found[place - 1].cost > cost { place -= 1 }
      found.insert((cost, architecture), at: place)
      if found.count > count { found.removeLast() }
      if found.count == count { worst = found[count - 1].cost }
    }
    return (found.map(\.architecture), candidates)
  }

  private func manyBest(
    _ count: Int, largerIsBetter: Bool, where passes: [Bool]?
  ) -> (architectures: [Int], candidates: Int) {
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
    tally.filtered = lacking.filteredRuns
    for (reason, count) in lacking.withoutRuns { tally.add(reason, count) }
    for gap in lacking.withRuns {
      guard passes?[Int(gap.architecture)] ?? true, let reason = gap.reason else {
        tally.filtered += 1
        continue
      }
      tally.add(reason)
    }
    guard let passes else { return tally }
    for (architecture, value) in values.enumerated() where value.isFinite && !passes[architecture] {
      tally.filtered += 1
    }
    return tally
  }
}
