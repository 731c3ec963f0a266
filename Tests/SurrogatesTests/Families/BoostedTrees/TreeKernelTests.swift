import Nets
import Records
import Testing

@Suite struct TreeKernelTests {
  private static let flags = TreeKernels.machineFlags

  @Test(arguments: InstructionSet.allCases.filter { $0.missing(from: flags).isEmpty })
  func everyTableGivesTheSameBits(_ instructionSet: InstructionSet) {
    let plain = run(.table(for: nil))
    #expect(run(.table(for: instructionSet)) == plain)
    #expect(plain.contains { $0 != 0 })
  }

  @Test func sumsAreThoseOfAPlainLoop() {
    var generator = SeededGenerator(seed: 6)
    let width = 96
    let rows: [Int32] = (0..<31).map { Int32($0 * 29 % 37) }
    let gradients = (0..<37).map { _ in generator.uniform() - 0.3 }
    let weights = (0..<37).map { _ in 1 + generator.uniform() }
    let zeros = (0..<37 * 2).map { _ in generator.next() }
    for instructionSet in [nil] + InstructionSet.ofThisMachine.map(Optional.some) {
      var sums = [Double](repeating: 1, count: width)
      var totals = sums
      TreeKernels.table(for: instructionSet).histogram(rows, 31, zeros, width, gradients, weights, &sums, &totals)
      for column in 0..<width {
        let chosen = rows.map(Int.init).filter { zeros[2 * $0 + column / 64] >> UInt64(column % 64) & 1 == 0 }
        #expect(sums[column] == chosen.reduce(0) { $0 + gradients[$1] })
        #expect(totals[column] == chosen.reduce(0) { $0 + weights[$1] })
      }
    }
  }

  @Test(arguments: [8, 16, 100, 1003])
  func asManyAreDrawnAsWanted(_ count: Int) {
    var generator = SeededGenerator(seed: 7)
    let sizes = (0..<count).map { _ in 0.01 + generator.uniform() * generator.uniform() }
    let kernels = TreeKernels.fastest
    #expect(abs(kernels.squares(count, sizes) - sizes.reduce(0) { $0 + $1 * $1 }) < 1e-9 * Double(count))
    for fraction in [0.3, 0.8, 1] {
      let threshold = kernels.threshold(count, sizes, fraction * Double(count))
      let shares = sizes.map { min(1, $0 / threshold) }
      #expect(abs(shares.reduce(0, +) - fraction * Double(count)) < 1e-9 * Double(count))
      // Over many draws each row is drawn as often as its share says, and its weight makes up for that.
      var weights = [Double](repeating: -1, count: count)
      var drawn = weights.map { _ in 0.0 }
      let draws = 400
      for state in 0..<draws {
        kernels.draw(count, sizes, threshold, UInt64(state * count) &* 0x9e37_79b9_7f4a_7c15, &weights)
        for row in 0..<count where weights[row] != 0 {
          #expect(abs(weights[row] * shares[row] - 1) < 1e-12)
          drawn[row] += 1 / Double(draws)
        }
      }
      #expect(zip(drawn, shares).allSatisfy { abs($0 - $1) < 5 * ($1 * (1 - $1) / Double(draws)).squareRoot() + 1e-9 })
    }
  }

  @Test func partitionKeepsTheFirstAndReversesTheOthers() {
    let rows: [Int32] = [4, 0, 6, 2, 5, 1]
    let side: [UInt8] = [1, 0, 0, 9, 0, 1, 1]
    for instructionSet in [nil] + InstructionSet.ofThisMachine.map(Optional.some) {
      var copies = [Int32](repeating: -1, count: 6)
      #expect(TreeKernels.table(for: instructionSet).partition(6, rows, side, &copies) == 3)
      #expect(copies == [4, 2, 1, 5, 6, 0])
    }
  }

  /// Sums, scores and predictions of a table, one after the other.
  private func run(_ kernels: TreeKernels) -> [UInt64] {
    var generator = SeededGenerator(seed: 5)
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in generator.uniform() - 0.3 } }
    let width = 64
    let rows = (0..<37).map { Int32($0 * 29 % 37) }
    let zeros = (0..<37).map { _ in generator.next() }
    let gradients = numbers(37)
    let weights = numbers(37).map { $0 > 0.5 ? 1.5 : 1 }
    var sums = [Double](repeating: 0, count: width)
    var totals = sums
    kernels.histogram(rows, 31, zeros, width, gradients, weights, &sums, &totals)
    var top = numbers(width)
    var bottom = numbers(width)
    kernels.scores(width, sums, totals, 2.5, 40, 3, &top, &bottom)
    var rest = sums
    kernels.subtract(width, &rest, totals)
    let sizes = numbers(101).map { $0 + 0.4 }
    let threshold = kernels.threshold(101, sizes, 70)
    var drawn = numbers(101)
    kernels.draw(101, sizes, threshold, 17, &drawn)
    rest += drawn + [threshold, kernels.squares(101, sizes)]
    var predictions: [Double] = []
    for dimension in 1...2 {
      let answers = (0..<9 * 64).map { _ in UInt8(generator.integer(below: 2)) }
      let starts: [Int32] = [0, 3, 5, 6, 7, 9, 12]
      let leafStarts = starts.dropLast().indices.map { Int32(8 * dimension * $0) }
      var added = [Double](repeating: 0.25, count: 64 * dimension)
      kernels.apply(
        0..<6, answers, [3, 1, 8, 0, 2, 4, 4, 5, 6, 7, 8, 1], starts, leafStarts, numbers(48 * dimension), dimension,
        &added)
      predictions += added
    }
    return (sums + totals + top + bottom + rest + predictions).map(\.bitPattern)
  }
}
