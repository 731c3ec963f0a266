import Records
import Testing

@Suite struct SeededGeneratorTests {
  @Test func sameSeedSameNumbers() {
    var first = SeededGenerator(seed: 7)
    var second = SeededGenerator(seed: 7)
    for _ in 0..<1_000 { #expect(first.next() == second.next()) }
  }

  @Test func streamsDoNotDependOnPosition() {
    var moved = SeededGenerator(seed: 7)
    for _ in 0..<10 { _ = moved.next() }
    var fromMoved = moved.stream("dropout")
    var fromFresh = SeededGenerator(seed: 7).stream("dropout")
    var other = SeededGenerator(seed: 7).stream("shuffle")
    let value = fromFresh.next()
    #expect(fromMoved.next() == value)
    #expect(other.next() != value)
  }

  @Test func integersAreUniform() {
    var generator = SeededGenerator(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[generator.integer(below: 7)] += 1 }
    // Chi-square with 6 degrees of freedom; 22.5 is its 0.999 quantile.
    let chiSquare = counts.map { Double(($0 - 10_000) * ($0 - 10_000)) / 10_000 }.reduce(0, +)
    #expect(chiSquare < 22.5)
  }

  @Test func shuffleIsAPermutation() {
    var generator = SeededGenerator(seed: 3)
    var values = Array(0..<100)
    generator.shuffle(&values)
    #expect(values != Array(0..<100))
    #expect(values.sorted() == Array(0..<100))
  }
}
