import Datasets
import Records
import Testing

@Suite struct TensorBuilderTests {
  private func example() -> LabelledEvents {
    var table = EventTable(categoricalCount: 1, numericCount: 1)
    table.beginSequence("long")
    for (time, kind) in [(0.0, "z"), (10, "b"), (20, "a"), (30, "")] {
      table.append(time: time, categories: [kind], numbers: [time == 20 ? nil : time + 1])
    }
    table.beginSequence("unseen")
    table.append(time: 60, categories: ["new"], numbers: [7])
    table.append(time: 65, categories: ["a"], numbers: [8])
    table.beginSequence("train too")
    table.append(time: 40, categories: ["b"], numbers: [5])
    return LabelledEvents(table: table, labels: [1, 0, 0])
  }

  @Test func cutsPadsCodesAndScales() throws {
    let made = try TensorBuilder.build(
      example(), assignment: [.train, .validation, .train], sequenceLength: 3, dataset: "example")
    let train = made[.train]
    #expect(made.cardinalities == [3])
    #expect(train.count == 2 && train.lengths == [3, 1] && train.labels == [1, 0])
    #expect(train.times == [0, Float(1.0 / 3), Float(2.0 / 3), 1, 1, 1])
    #expect(train.categorical == [2, 1, 0, 2, 0, 0])
    #expect(train.numeric == [11, 0, 31, 5, 0, 0])
    let validation = made[.validation]
    #expect(validation.times == [1, 1, 1])
    #expect(validation.categorical == [0, 1, 0])
    #expect(validation.numeric == [7, 8, 0])
    #expect(made[.test].count == 0)
  }

  @Test func codesFollowTheTextNotTheOrderOfTheFile() throws {
    var table = EventTable(categoricalCount: 1, numericCount: 0)
    for (index, kind) in ["c", "a", "b"].enumerated() {
      table.beginSequence("\(index)")
      table.append(time: 1, categories: [kind], numbers: [])
    }
    let made = try TensorBuilder.build(
      LabelledEvents(table: table, labels: [0, 0, 0]), assignment: [.train, .train, .train], sequenceLength: 1,
      dataset: "example")
    #expect(made[.train].categorical == [3, 1, 2])
    #expect(made[.train].times == [0, 0, 0])
  }

  @Test func splitsAreStratifiedExactAndRepeatable() {
    let labels = (0..<1_003).map { $0 % 10 < 7 ? 0 : 1 }
    let first = StratifiedSplit.assign(labels: labels, classCount: 2, generator: SeededGenerator(seed: 1))
    let again = StratifiedSplit.assign(labels: labels, classCount: 2, generator: SeededGenerator(seed: 1))
    let other = StratifiedSplit.assign(labels: labels, classCount: 2, generator: SeededGenerator(seed: 2))
    #expect(first == again)
    #expect(first != other)
    for label in 0...1 {
      let rows = labels.indices.filter { labels[$0] == label }
      let held = Int((Double(rows.count) * 0.2).rounded())
      #expect(rows.count { first[$0] == .test } == held)
      #expect(rows.count { first[$0] == .validation } == held)
      #expect(rows.count { first[$0] == .train } == rows.count - 2 * held)
    }
  }
}
