/// Two columns of N numbers of which pairs with an absent number are left out, and how they correlate.
public struct PairedValues: Sendable {
  /// What is left of the first column.
  public let first: [Double]
  /// What is left of the second column, as long as `first`.
  public let second: [Double]
  /// How many pairs were left out because one of their numbers is absent or NaN.
  public let dropped: Int

  /// The pairs of two columns of one length.
  public init(_ first: some Collection<Double?>, _ second: some Collection<Double?>) {
    precondition(first.count == second.count, "the columns must be of one length")
    var kept: (first: [Double], second: [Double]) = ([], [])
    kept.first.reserveCapacity(first.count)
    kept.second.reserveCapacity(first.count)
    for case (let left?, let right?) in zip(first, second) where !left.isNaN && !right.isNaN {
      kept.first.append(left)
      kept.second.append(right)
    }
    (self.first, self.second) = kept
    dropped = first.count - kept.first.count
  }

  /// The pairs of two columns of one length.
  public init(_ first: some Collection<Double>, _ second: some Collection<Double>) {
    self.init(first.lazy.map { Optional($0) }, second.lazy.map { Optional($0) })
  }

  /// How many pairs are left.
  public var count: Int { first.count }

  /// Kendall's tau-b, in -1…1; nil for fewer than two pairs and for a constant column.
  ///
  /// (C - D) / √((P - T₁)(P - T₂)) with C concordant and D discordant of P pairs of pairs, T₁ and T₂ of them tied in the
  /// first and second column. O(N log N) by counting the swaps of a merge sort (Knight, 1966). As
  /// `scipy.stats.kendalltau`.
  public func kendallTauB() -> Double? {
    let order = first.indices.sorted { (first[$0], second[$0]) < (first[$1], second[$1]) }
    let left = order.map { first[$0] }
    var right = order.map { second[$0] }
    let tiedInBoth = Self.tiedPairs(count) { left[$0] == left[$0 - 1] && right[$0] == right[$0 - 1] }
    let tiedInFirst = Self.tiedPairs(count) { left[$0] == left[$0 - 1] }
    let discordant = Self.sortCountingSwaps(&right)
    let tiedInSecond = Self.tiedPairs(count) { right[$0] == right[$0 - 1] }
    let pairs = count * (count - 1) / 2
    guard pairs > tiedInFirst, pairs > tiedInSecond else { return nil }
    let excess = Double(pairs - tiedInFirst - tiedInSecond + tiedInBoth - 2 * discordant)
    let tau = excess / Double(pairs - tiedInFirst).squareRoot() / Double(pairs - tiedInSecond).squareRoot()
    return min(1, max(-1, tau))
  }

  /// Spearman's rho, in -1…1: Pearson's correlation of the ranks, tied numbers sharing the mean of their ranks; nil for
  /// fewer than two pairs and for a constant column. O(N log N). As `scipy.stats.spearmanr`.
  public func spearman() -> Double? {
    Self.pearson(Self.averageRanks(first), Self.averageRanks(second))
  }

  /// Pearson's correlation, in -1…1; nil for fewer than two pairs, for a constant column and where a number is infinite.
  /// O(N). As `scipy.stats.pearsonr`.
  public func pearson() -> Double? {
    Self.pearson(first, second)
  }

  /// The ranks from 1, tied numbers sharing the mean of their ranks.
  package static func averageRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  /// How many pairs lie within the runs of a sorted column, where `continues(i)` says that item i belongs to the run of
  /// the item before it.
  private static func tiedPairs(_ count: Int, _ continues: (Int) -> Bool) -> Int {
    var pairs = 0
    var run = 0
    for index in stride(from: 1, to: count, by: 1) {
      run = continues(index) ? run + 1 : 0
      pairs += run
    }
    return pairs
  }

  /// Sorts by merging and gives the number of pairs that stood in descending order.
  private static func sortCountingSwaps(_ values: inout [Double]) -> Int {
    var merged = values
    var swaps = 0
    var width = 1
    while width < values.count {
      for start in stride(from: 0, to: values.count, by: 2 * width) {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var left = start
        var right = middle
        for place in start..<end {
          if right == end || (left < middle && values[left] <= values[right]) {
            merged[place] = values[left]
            left += 1
          } else {
            merged[place] = values[right]
            right += 1
            swaps += middle - left
          }
        }
      }
      swap(&values, &merged)
      width *= 2
    }
    return swaps
  }

  /// Two passes, the second corrected by the sum of the deviations; each column is first brought to a magnitude of about
  /// one by a power of two, which is exact.
  private static func pearson(_ first: [Double], _ second: [Double]) -> Double? {
    guard let a = scaled(first), let b = scaled(second) else { return nil }
    let count = Double(a.count)
    let meanA = a.reduce(0, +) / count
    let meanB = b.reduce(0, +) / count
    var sums = (a: 0.0, b: 0.0, aa: 0.0, bb: 0.0, ab: 0.0)
    for index in a.indices {
      let fromA = a[index] - meanA
      let fromB = b[index] - meanB
      sums.a += fromA
      sums.b += fromB
      sums.aa += fromA * fromA
      sums.bb += fromB * fromB
      sums.ab += fromA * fromB
    }
    let varianceA = sums.aa - sums.a * sums.a / count
    let varianceB = sums.bb - sums.b * sums.b / count
    guard varianceA > 0, varianceB > 0 else { return nil }
    let covariance = sums.ab - sums.a * sums.b / count
    return min(1, max(-1, covariance / varianceA.squareRoot() / varianceB.squareRoot()))
  }

  /// nil for a constant or empty column and for one with an infinity.
  private static func scaled(_ values: [Double]) -> [Double]? {
    guard let lowest = values.min(), let highest = values.max(), lowest < highest else { return nil }
    let largest = max(abs(lowest), abs(highest))
    guard largest.isFinite else { return nil }
    return values.map { Double(sign: .plus, exponent: -largest.exponent, significand: $0) }
  }
}
