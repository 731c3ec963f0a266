import Foundation

/// The gap-weighted subsequence kernel (Lodhi et al., 2002; with two decays as BOSS has it, Moss et al., 2020).
///
/// Σ over all sequences u of 1 to `longest` tokens of φᵤ(s)·φᵤ(t); every occurrence of u with g tokens between its own
/// adds (match decay)^|u|·(gap decay)^g to φᵤ.
package struct SubsequenceKernel: StructureKernel, Hashable {
  package static let kind = "subsequence-process"
  static let longestAllowed = 16

  package let longest: Int
  package let matchDecay: Double
  package let gapDecay: Double

  package init(longest: Int, matchDecay: Double, gapDecay: Double) {
    self.longest = longest
    self.matchDecay = matchDecay
    self.gapDecay = gapDecay
  }

  package var isValid: Bool {
    (1...Self.longestAllowed).contains(longest) && matchDecay > 0 && matchDecay <= 1 && gapDecay > 0 && gapDecay <= 1
  }

  /// The tokens themselves; what is not known stands for one token.
  package static func structure(_ row: ArraySlice<Double>) -> [Double] { row.map { $0.isNaN ? -1 : $0 } }

  package func similarity(_ first: [Double], _ second: [Double]) -> Double {
    weigh(Self.occurrences(first, second, gapDecay: gapDecay, longest: longest))
  }

  package static func similarities(_ kernels: [Self], _ first: [Double], _ second: [Double]) -> [Double] {
    var byDecay: [Double: [Double]] = [:]
    let longest = kernels.map(\.longest).max() ?? 1
    return kernels.map { kernel in
      let found = byDecay[kernel.gapDecay] ?? occurrences(first, second, gapDecay: kernel.gapDecay, longest: longest)
      byDecay[kernel.gapDecay] = found
      return kernel.weigh(found)
    }
  }

  private func weigh(_ occurrences: [Double]) -> Double {
    var sum = 1e-12
    var weight = 1.0
    for length in 0..<longest {
      weight *= matchDecay * matchDecay
      sum += weight * occurrences[length]
    }
    return sum
  }

  /// For each length p from 1 the pairs of occurrences of equal subsequences of p tokens, weighed by their gaps.
  ///
  /// M(i, j), the weight of pairs that end at i and j, is for the next length the sum over all earlier ends, decayed by
  /// the tokens between; that sum is carried along row by row and within a row. O(longest·|s|·|t|).
  static func occurrences(_ s: [Double], _ t: [Double], gapDecay: Double, longest: Int) -> [Double] {
    let width = t.count
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, s.count * width + width)) { numbers in
      guard let ending = numbers.baseAddress, width > 0 else { return [Double](repeating: 0, count: longest) }
      let above = ending + s.count * width
      var totals: [Double] = []
      for length in 0..<longest {
        var total = 0.0
        above.initialize(repeating: 0, count: width)
        for row in s.indices {
          let token = s[row]
          let line = ending + row * width
          // Of the rows above: the decayed sum up to the column before.
          var before = 0.0
          for column in 0..<width {
            let ends = length == 0 ? 1 : before
            let own = length == 0 ? 0 : line[column]
            before = above[column] + gapDecay * before
            above[column] = gapDecay * above[column] + own
            let value = token == t[column] ? ends : 0
            line[column] = value
            total += value
          }
        }
        totals.append(total)
      }
      return totals
    }
  }
}
