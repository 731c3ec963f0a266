import Foundation

/// Where NaN stands among the values of a feature, if it was seen while learning.
public enum MissingValues: String, Sendable, Codable, CaseIterable {
  /// Below all numbers; CatBoost's `Min`.
  case least
  /// Above all numbers; CatBoost's `Max`.
  case greatest
}

/// Where the values of one feature are cut: a split asks whether a value is greater than a border.
///
/// Values and borders are 32-bit numbers, as in CatBoost.
package struct FeatureBorders {
  /// What a value is compared as when it is NaN.
  package enum Standin: UInt8, CaseIterable {
    /// Nothing: no border is below it. For features whose training values had no NaN.
    case itself
    case leastOfAll
    case greatestOfAll

    func value(_ value: Float) -> Float {
      guard value.isNaN else { return value }
      return switch self {
      case .itself: value
      case .leastOfAll: -.infinity
      case .greatestOfAll: .infinity
      }
    }
  }

  /// Ascending.
  package let borders: [Float]
  package let standin: Standin

  /// At most `count` borders between `values`, by CatBoost's greedy search for the largest sum of the logarithms of the
  /// bins' sizes (GreedyLogSum): the bin that gains most is cut beside its median until there are enough, or no bin
  /// holds two values.
  package init(of values: [Float], atMost count: Int, missing: MissingValues) {
    let sorted = values.filter { !$0.isNaN }.sorted()
    let hasMissing = sorted.count < values.count
    var found = Self.cuts(of: sorted, atMost: hasMissing ? count - 1 : count)
    switch (hasMissing, missing) {
    case (false, _): standin = .itself
    case (true, .least):
      standin = .leastOfAll
      if !sorted.isEmpty { found.insert(-Float.greatestFiniteMagnitude, at: 0) }
    case (true, .greatest):
      standin = .greatestOfAll
      if !sorted.isEmpty { found.append(Float.greatestFiniteMagnitude) }
    }
    borders = found
  }

  /// How many borders `value` is above. O(log borders).
  func bin(_ value: Float) -> Int {
    let value = standin.value(value)
    var low = 0
    var high = borders.count
    while low < high {
      let middle = (low + high) / 2
      if value > borders[middle] { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Neighbors in the sorted values, and where it is best cut in two.
  private struct Bin {
    let range: Range<Int>
    let cut: Int
    let gain: Double

    init(_ range: Range<Int>, of sorted: [Float]) {
      self.range = range
      let median = sorted[range.lowerBound + range.count / 2]
      var first = range.lowerBound
      while sorted[first] < median { first += 1 }
      var last = range.upperBound
      while sorted[last - 1] > median { last -= 1 }
      let gains = [first, last].map { Self.gain($0, range) }
      cut = gains[0] >= gains[1] ? first : last
      gain = max(gains[0], gains[1])
    }

    private static func gain(_ cut: Int, _ range: Range<Int>) -> Double {
      guard cut > range.lowerBound, cut < range.upperBound else { return -.infinity }
      func value(_ size: Int) -> Double { log(Double(size) + 1e-8) }
      return value(cut - range.lowerBound) + value(range.upperBound - cut) - value(range.count)
    }

    var canBeCut: Bool { cut > range.lowerBound && cut < range.upperBound }
  }

  /// A binary heap, the largest gain first. Equal gains are frequent, and which of them comes first decides which borders
  /// there are: this heap orders them as that of the C++ library does, which CatBoost uses.
  private struct BinQueue {
    private(set) var bins: [Bin] = []

    mutating func push(_ bin: Bin) {
      bins.append(bin)
      rise(from: bins.count - 1)
    }

    mutating func pop() -> Bin {
      let first = bins[0]
      let moved = bins.removeLast()
      guard !bins.isEmpty else { return first }
      // The hole goes down to a leaf along the larger children, then the moved bin rises from there.
      var hole = 0
      while 2 * hole + 1 < bins.count {
        let left = 2 * hole + 1
        let right = left + 1
        let child = right < bins.count && bins[left].gain < bins[right].gain ? right : left
        bins[hole] = bins[child]
        hole = child
      }
      bins[hole] = moved
      rise(from: hole)
      return first
    }

    private mutating func rise(from start: Int) {
      var place = start
      let bin = bins[place]
      while place > 0, bins[(place - 1) / 2].gain < bin.gain {
        bins[place] = bins[(place - 1) / 2]
        place = (place - 1) / 2
      }
      bins[place] = bin
    }
  }

  private static func cuts(of sorted: [Float], atMost count: Int) -> [Float] {
    guard let first = sorted.first, let last = sorted.last, first < last else { return [] }
    var queue = BinQueue()
    queue.push(Bin(0..<sorted.count, of: sorted))
    while queue.bins.count <= count, queue.bins[0].canBeCut {
      let bin = queue.pop()
      queue.push(Bin(bin.range.lowerBound..<bin.cut, of: sorted))
      queue.push(Bin(bin.cut..<bin.range.upperBound, of: sorted))
    }
    var borders: [Float] = []
    for place in queue.bins.map(\.range.lowerBound).sorted() where place > 0 {
      let below: Float = sorted[place - 1]
      // Adding zero makes -0 a 0.
      let border: Float = 0.5 * below + 0.5 * sorted[place] + 0
      if let last = borders.last, !(border > last) { continue }
      borders.append(border)
    }
    return borders
  }
}
