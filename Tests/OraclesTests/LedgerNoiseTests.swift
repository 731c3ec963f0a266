import Oracles
import Records
import Testing

@Suite struct LedgerNoiseTests {
  private typealias Ledger = BudgetLedger<RunNumber>

  private func architecture(_ number: Int) -> ArchitectureID {
    ArchitectureID(space: "test", canonicalText: "\(number)")
  }

  /// The draws for `asked` (architecture, context) in this order.
  private func draws(seed: UInt64, _ asked: [(Int, UInt64)], count: Int = 1_000) -> [Int] {
    var ledger = Ledger(seed: seed)
    return asked.map { ledger.noisySeedIndex(architecture: architecture($0.0), context: $0.1, count: count) }
  }

  @Test func theSameHistoryGivesTheSameDraws() {
    let asked: [(Int, UInt64)] = (0..<200).map { ($0 % 7, UInt64($0 % 3)) }
    #expect(draws(seed: 4, asked) == draws(seed: 4, asked))
    #expect(draws(seed: 4, asked) != draws(seed: 5, asked))
  }

  /// What is asked in between changes nothing: only how often this pair was asked counts.
  @Test func pairsDrawIndependently() {
    let alone = draws(seed: 4, Array(repeating: (1, 9), count: 20))
    let mixed = draws(seed: 4, (0..<20).flatMap { _ in [(2, 9), (1, 9), (1, 8)] as [(Int, UInt64)] })
    #expect(alone == stride(from: 1, to: 60, by: 3).map { mixed[$0] })
    #expect(alone != stride(from: 0, to: 60, by: 3).map { mixed[$0] })
    #expect(alone != stride(from: 2, to: 60, by: 3).map { mixed[$0] })
  }

  @Test func lookingDoesNotDraw() {
    var ledger = Ledger(seed: 1)
    for _ in 0..<20 {
      let next = ledger.nextNoisySeedIndex(architecture: architecture(1), context: 1, count: 1_000)
      #expect(next == ledger.nextNoisySeedIndex(architecture: architecture(1), context: 1, count: 1_000))
      #expect(next == ledger.noisySeedIndex(architecture: architecture(1), context: 1, count: 1_000))
    }
  }

  @Test func oneSeedLeavesNoChoice() {
    #expect(draws(seed: 1, [(1, 1), (1, 1), (2, 0)], count: 1) == [0, 0, 0])
  }

  /// The draws are part of what a stored experiment means, so they stay as they are from version to version.
  @Test func theDrawsAreFixed() {
    #expect(draws(seed: 42, Array(repeating: (1, 7), count: 8), count: 3) == [1, 0, 0, 2, 2, 2, 2, 0])
  }

  /// χ² of 30,000 draws: along one pair, over architectures, over contexts and over seeds of the ledger. The bounds are
  /// the 99.9 % quantiles of 2 and 9 degrees of freedom.
  @Test(arguments: [(3, 13.816), (10, 27.877)])
  func drawsAreUniform(count: Int, bound: Double) {
    let number = 30_000
    let samples: [String: [Int]] = [
      "repetitions": draws(seed: 1, Array(repeating: (1, 1), count: number), count: count),
      "architectures": draws(seed: 2, (0..<number).map { ($0, 1) }, count: count),
      "contexts": draws(seed: 3, (0..<number).map { (1, UInt64($0)) }, count: count),
      "seeds": (0..<number).flatMap { draws(seed: UInt64($0), [(1, 1)], count: count) },
    ]
    for (name, sample) in samples {
      #expect(Self.chiSquare(sample, count) < bound, "\(name)")
      // Two draws that follow each other: the pairs are uniform too.
      let pairs = stride(from: 0, to: number, by: 2).map { sample[$0] * count + sample[$0 + 1] }
      let freedom = Double(count * count - 1)
      #expect(Self.chiSquare(pairs, count * count) < freedom + 4.5 * (2 * freedom).squareRoot(), "\(name), pairs")
    }
  }

  private static func chiSquare(_ sample: [Int], _ bins: Int) -> Double {
    var counts = [Int](repeating: 0, count: bins)
    for value in sample { counts[value] += 1 }
    let expected = Double(sample.count) / Double(bins)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }
}
