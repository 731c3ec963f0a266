import Benchmarks
import Records
import Testing

@Suite struct ParetoTests {
  @Test func accuracyAgainstSize() {
    let values: [Double] = [90, 3, 91, 5, 91, 4, 89, 4, 92, 9, 90, 3]
    #expect(paretoFront(of: values, directions: [.maximise, .minimise]) == [0, 2, 4, 5])
    #expect(paretoFront(of: values, directions: [.minimise, .maximise]) == [1, 3, 4])
  }

  @Test func oneObjectiveKeepsAllThatAreBest() {
    #expect(paretoFront(of: [3, 1, 2, 1], directions: [.minimise]) == [1, 3])
    #expect(paretoFront(of: [3, 1, 2, .nan, 3], directions: [.maximise]) == [0, 4])
  }

  @Test func emptyEqualNaNAndInfiniteRows() {
    #expect(paretoFront(of: [], directions: [.minimise, .minimise]) == [])
    #expect(paretoFront(of: [1, 1, 1, 1], directions: [.minimise, .maximise]) == [0, 1])
    #expect(paretoFront(of: [0, .nan, .nan, 0, 1, 1], directions: [.minimise, .minimise]) == [2])
    #expect(paretoFront(of: [0, .nan], directions: [.minimise, .minimise]) == [])
    let infinite: [Double] = [-.infinity, 5, 3, .infinity, 2, 4, 1, .infinity]
    #expect(paretoFront(of: infinite, directions: [.minimise, .minimise]) == [0, 2])
    #expect(paretoFront(of: [0.0, 1, -0.0, 1, 0.0, 2], directions: [.minimise, .minimise]) == [0, 1])
  }

  /// Small grids make many ties; up to five objectives in every mixture of directions.
  @Test(arguments: 1...5)
  func theFrontAgreesWithItsNaiveTwin(objectives: Int) {
    var generator = SeededGenerator(seed: UInt64(objectives))
    for _ in 0..<300 {
      let count = generator.integer(below: 60)
      let levels = 2 + generator.integer(below: 12)
      let directions = (0..<objectives).map { _ in generator.pick(ObjectiveDirection.allCases) }
      let values = (0..<count * objectives).map { _ in
        generator.chance(0.02) ? Double.nan : Double(generator.integer(below: levels))
      }
      #expect(paretoFront(of: values, directions: directions) == Self.naive(values, directions))
    }
  }

  @Test(arguments: [2, 3, 4])
  func continuousValuesToo(objectives: Int) {
    var generator = SeededGenerator(seed: 77)
    let values = (0..<1_500 * objectives).map { _ in generator.uniform() }
    let directions = (0..<objectives).map { $0 == 1 ? ObjectiveDirection.maximise : .minimise }
    #expect(paretoFront(of: values, directions: directions) == Self.naive(values, directions))
  }

  private static func naive(_ values: [Double], _ directions: [ObjectiveDirection]) -> [Int] {
    let width = directions.count
    let rows = (0..<values.count / width).map { Array(values[$0 * width..<($0 + 1) * width]) }
    func dominates(_ left: [Double], _ right: [Double]) -> Bool {
      guard !left.contains(where: \.isNaN) else { return false }
      let gains = directions.indices.map { directions[$0] == .minimise ? right[$0] - left[$0] : left[$0] - right[$0] }
      return gains.allSatisfy { $0 >= 0 } && gains.contains { $0 > 0 }
    }
    return rows.indices.filter { row in
      !rows[row].contains(where: \.isNaN) && !rows.contains { dominates($0, rows[row]) }
    }
  }

  /// Three objectives of which every row is in the front would be the worst case; here the front is small.
  @Test func aLargeTableIsQuick() {
    var generator = SeededGenerator(seed: 5)
    let values = (0..<300_000).map { _ in generator.uniform() }
    let start = ContinuousClock.now
    #expect(!paretoFront(of: values, directions: [.minimise, .minimise]).isEmpty)
    #expect(!paretoFront(of: values, directions: [.minimise, .maximise, .minimise]).isEmpty)
    #expect(ContinuousClock.now - start < .seconds(3))
  }
}
