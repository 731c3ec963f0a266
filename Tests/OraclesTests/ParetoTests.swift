import Glibc
import Oracles
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
      let better = directions.indices.map { objective in
        directions[objective] == .minimise
          ? left[objective] < right[objective] : left[objective] > right[objective]
      }
      let isAsGood = directions.indices.allSatisfy { better[$0] || left[$0] == right[$0] }
      return isAsGood && better.contains(true)
    }
    return rows.indices.filter { row in
      !rows[row].contains(where: \.isNaN) && !rows.contains { dominates($0, rows[row]) }
    }
  }

  /// The fronts are what remains, front by front.
  @Test(arguments: 1...5)
  func theFrontsArePeeledOneByOne(objectives: Int) {
    var generator = SeededGenerator(seed: 40 + UInt64(objectives))
    for round in 0..<120 {
      let count = generator.integer(below: 120)
      let levels = round.isMultiple(of: 4) ? 1_000_000 : 2 + generator.integer(below: 12)
      let directions = (0..<objectives).map { _ in generator.pick(ObjectiveDirection.allCases) }
      let values = (0..<count * objectives).map { _ in
        generator.chance(0.02)
          ? generator.pick([.nan, .infinity, -.infinity]) : Double(generator.integer(below: levels))
      }
      let fronts = paretoFronts(of: values, directions: directions)
      #expect(fronts == Self.peeled(values, directions))
      #expect(fronts.first ?? [] == paretoFront(of: values, directions: directions))
      var ranks = [Int?](repeating: nil, count: count)
      for (rank, front) in fronts.enumerated() { for row in front { ranks[row] = rank } }
      #expect(paretoRanks(of: values, directions: directions) == ranks)
    }
  }

  @Test func frontsOfNothingOfChainsAndOfEqualRows() {
    #expect(paretoFronts(of: [], directions: [.minimise, .minimise, .minimise]) == [])
    #expect(paretoFronts(of: [.nan, 1, 1], directions: [.minimise, .minimise, .minimise]) == [])
    #expect(paretoFronts(of: [3, 1, 2, 1, .nan], directions: [.minimise]) == [[1, 3], [2], [0]])
    for objectives in 1...5 {
      let directions = [ObjectiveDirection](repeating: .maximise, count: objectives)
      let chain = (0..<100).flatMap { row in (0..<objectives).map { _ in Double(row) } }
      #expect(paretoRanks(of: chain, directions: directions) == (0..<100).reversed())
      let equal = [Double](repeating: .infinity, count: 40 * objectives)
      #expect(paretoFronts(of: equal, directions: directions) == [Array(0..<40)])
    }
  }

  /// One front after the other, by the naive twin of the first.
  private static func peeled(_ values: [Double], _ directions: [ObjectiveDirection]) -> [[Int]] {
    let width = directions.count
    var (remaining, fronts) = (values, [[Int]]())
    while true {
      let front = naive(remaining, directions)
      if front.isEmpty { return fronts }
      fronts.append(front)
      for row in front { remaining[row * width] = .nan }
    }
  }

  @Test func aLargeTableIsQuick() {
    var generator = SeededGenerator(seed: 5)
    let values = (0..<300_000).map { _ in generator.uniform() }
    let start = ContinuousClock.now
    #expect(!paretoFront(of: values, directions: [.minimise, .minimise]).isEmpty)
    #expect(!paretoFront(of: values, directions: [.minimise, .maximise, .minimise]).isEmpty)
    #expect(ContinuousClock.now - start < .seconds(3))
  }

  /// The size of a published table of costs and accuracies. Independent objectives, objectives with few different
  /// numbers, and a table of which every row is in the front.
  @Test(arguments: ["independent", "tied", "all optimal"])
  func threeObjectivesOf62208RowsTakeLessThan50Milliseconds(kind: String) {
    var generator = SeededGenerator(seed: 6)
    let values = (0..<62_208).flatMap { _ -> [Double] in
      let row = (0..<3).map { _ in generator.uniform() }
      switch kind {
      case "tied": return row.map { ($0 * 100).rounded() }
      case "all optimal": return [row[0], row[1], -row[0] - row[1]]
      default: return row
      }
    }
    let directions: [ObjectiveDirection] = [.minimise, .minimise, .minimise]
    let (front, seconds) = Self.leastProcessorSeconds { paretoFront(of: values, directions: directions) }
    let (fronts, allSeconds) = Self.leastProcessorSeconds { paretoFronts(of: values, directions: directions) }
    print("62,208 rows, \(kind): \(front.count) optimal in \(seconds) s; \(fronts.count) fronts in \(allSeconds) s")
    #expect(fronts.first == front)
    #expect(kind != "all optimal" || front.count > 62_000)
    #if !DEBUG
      #expect(seconds < 0.05)
      #expect(allSeconds < 1)
    #endif
  }

  /// The least of five times of this thread's processor.
  private static func leastProcessorSeconds<Found>(_ work: () -> Found) -> (Found, Double) {
    var least = Double.infinity
    var found = work()
    for _ in 0..<5 {
      let start = processorSeconds
      found = work()
      least = min(least, processorSeconds - start)
    }
    return (found, least)
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
