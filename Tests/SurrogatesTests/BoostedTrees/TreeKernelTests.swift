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

  /// Sums, scores and predictions of a table, one after the other.
  private func run(_ kernels: TreeKernels) -> [UInt64] {
    var generator = SeededGenerator(seed: 5)
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in generator.uniform() - 0.3 } }
    let width = 48
    let rows = (0..<37).map { Int32($0 * 29 % 37) }
    let ones = numbers(37 * width).map { $0 > 0.2 ? 1.0 : 0 }
    let gradients = numbers(37)
    let weights = numbers(37).map { $0 > 0.5 ? 1.5 : 1 }
    var sums = [Double](repeating: 0, count: width)
    var totals = sums
    kernels.histogram(rows, 31, ones, width, gradients, weights, &sums, &totals)
    var top = numbers(width)
    var bottom = numbers(width)
    kernels.scores(width, sums, totals, 2.5, 40, 3, &top, &bottom)
    var rest = sums
    kernels.subtract(width, &rest, totals)
    var predictions: [Double] = []
    for dimension in 1...2 {
      let answers = (0..<9 * 64).map { _ in UInt8(generator.integer(below: 2)) }
      var added = [Double](repeating: 0.25, count: 64 * dimension)
      kernels.apply(
        0..<2, answers, [3, 1, 8, 0, 2], [0, 3, 5], [0, Int32(8 * dimension)], numbers(12 * dimension), dimension,
        &added)
      predictions += added
    }
    return (sums + totals + top + bottom + rest + predictions).map(\.bitPattern)
  }
}
