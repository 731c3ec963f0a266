import Foundation
import Records
import Statistics
import Testing

@Suite struct PairedValuesTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      var name: String
      var first: [Double?]
      var second: [Double?]
      var pairs: Int
      var kendall: Double?
      var spearman: Double?
      var pearson: Double?
    }
    var cases: [Case]
  }

  private func isClose(_ found: Double?, _ expected: Double?) -> Bool {
    guard let found, let expected else { return found == nil && expected == nil }
    return abs(found - expected) <= 1e-9 * abs(expected)
  }

  @Test func allAgreeWithSciPy() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    let data = try Data(contentsOf: folder.appendingPathComponent("rank-correlation.json"))
    let cases = try JSONDecoder().decode(Golden.self, from: data).cases
    #expect(cases.count >= 25)
    for golden in cases {
      let values = PairedValues(golden.first, golden.second)
      #expect(values.count == golden.pairs)
      #expect(values.dropped == golden.first.count - golden.pairs)
      #expect(isClose(values.kendallTauB(), golden.kendall), "Kendall, \(golden.name)")
      #expect(isClose(values.spearman(), golden.spearman), "Spearman, \(golden.name)")
      #expect(isClose(values.pearson(), golden.pearson), "Pearson, \(golden.name)")
    }
  }

  @Test func nanIsAbsentAndInfinityIsARank() {
    let values = PairedValues([1, .nan, 3, .infinity, 2], [1, 5, 3, 9, .nan])
    #expect(values.count == 3)
    #expect(values.dropped == 2)
    #expect(values.kendallTauB() == 1)
    #expect(isClose(values.spearman(), 1))
    #expect(values.pearson() == nil)
  }

  @Test func tiedNumbersShareTheMeanOfTheirRanks() {
    #expect(PairedValues.averageRanks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4])
    #expect(PairedValues.averageRanks([5, 5]) == [1.5, 1.5])
    #expect(PairedValues.averageRanks([]) == [])
  }

  /// Against all pairs, with many and with few ties.
  @Test func kendallAgreesWithItsNaiveTwin() {
    var generator = SeededGenerator(seed: 11)
    var defined = 0
    for _ in 0..<600 {
      let count = generator.integer(below: 40)
      let levels = 1 + generator.integer(below: 30)
      let first = (0..<count).map { _ in Double(generator.integer(below: levels)) }
      let second = (0..<count).map { _ in Double(generator.integer(below: levels)) }
      let expected = Self.naiveTau(first, second)
      #expect(isClose(PairedValues(first, second).kendallTauB(), expected), "\(first) \(second)")
      defined += expected == nil ? 0 : 1
    }
    #expect(defined > 400)
  }

  private static func naiveTau(_ first: [Double], _ second: [Double]) -> Double? {
    func sign(_ difference: Double) -> Int { difference > 0 ? 1 : difference < 0 ? -1 : 0 }
    var sums = (both: 0, first: 0, second: 0)
    for i in first.indices {
      for j in 0..<i {
        let a = sign(first[i] - first[j])
        let b = sign(second[i] - second[j])
        sums.both += a * b
        sums.first += a * a
        sums.second += b * b
      }
    }
    guard sums.first > 0, sums.second > 0 else { return nil }
    return Double(sums.both) / (Double(sums.first) * Double(sums.second)).squareRoot()
  }

  @Test func aHundredThousandPairsTakeNoQuadraticTime() throws {
    var generator = SeededGenerator(seed: 12)
    let first = (0..<100_000).map { _ in generator.uniform() }
    let second = first.map { $0 + 0.2 * generator.uniform() }
    let start = ContinuousClock.now
    let tau = try #require(PairedValues(first, second).kendallTauB())
    #expect(tau > 0.8 && tau < 1)
    // All pairs would be 5 · 10⁹ comparisons.
    #expect(ContinuousClock.now - start < .seconds(2))
  }
}
