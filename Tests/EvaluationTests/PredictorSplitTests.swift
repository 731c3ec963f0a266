import Evaluation
import Spaces
import Testing

@Suite struct PredictorSplitTests {
  @Test func theDefaultsAreThoseOfTheLiterature() {
    let rules = PredictorProtocol()
    #expect(rules.trials == 20 && rules.seed == 1_000 && rules.test == .count(100))
    #expect(rules.trainSizes == [5, 8, 14, 24, 42, 71, 121, 205])
  }

  @Test func trialsShareTheirTestSetAndTrainSetsGrow() throws {
    let sample = try CellSample.make(200)
    let splits = try PredictorSplit.all(of: sample, CellSample.rules(4, [10, 40, 5]))
    #expect(splits.count == 12 && splits.map(\.trainSize) == [10, 40, 5, 10, 40, 5, 10, 40, 5, 10, 40, 5])
    for trial in 0..<4 {
      let own = splits.filter { $0.trial == trial }
      #expect(own.allSatisfy { $0.test == own[0].test && $0.test.count == 30 && $0.train.count == $0.trainSize })
      #expect(own[0].train == Array(own[1].train.prefix(10)) && own[2].train == Array(own[1].train.prefix(5)))
      for split in own {
        #expect(Set(split.train).isDisjoint(with: split.test) && Set(split.train).count == split.trainSize)
      }
    }
    #expect(Set(splits.map(\.test)).count == 4)
    #expect(try PredictorSplit.all(of: sample, CellSample.rules(4, [10, 40, 5])) == splits)
    // More trials and other sizes change nothing that was there.
    #expect(try PredictorSplit.all(of: sample, CellSample.rules(5, [10, 40, 5])).prefix(12) == splits[...])
    var other = CellSample.rules(4, [10, 40, 5])
    other.seed = 7
    #expect(try PredictorSplit.all(of: sample, other)[0] != splits[0])
  }

  @Test func theRestIsAllThatIsNotLearntFrom() throws {
    let splits = try PredictorSplit.all(of: CellSample.make(60), CellSample.rules(2, [20, 58], test: .rest))
    for split in splits {
      #expect(Set(split.train + split.test) == Set(0..<60) && split.test.count == 60 - split.trainSize)
    }
  }

  @Test func isomorphsAreNotTested() throws {
    let space = NASBench201Space().byText
    // All cells in the order of their operations: many describe one network.
    var generator = NumbersFromZero()
    let texts = try (0..<400).map { _ in try space.canonicalText(of: "nats:\(generator.next())") }
    let sample = try PredictorSample(
      texts, values: texts.indices.map(Double.init), unit: "1", largerIsBetter: true, title: "cells", space: space)
    for test in [PredictorProtocol.TestSet.count(50), .rest] {
      var rules = CellSample.rules(3, [100], test: test)
      let overlapping = try PredictorSplit.all(of: sample, rules)
      #expect(try overlapping.contains { try shared($0, sample) > 0 })
      rules.excludesIsomorphs = true
      for split in try PredictorSplit.all(of: sample, rules) { #expect(try shared(split, sample) == 0) }
    }
  }

  private struct NumbersFromZero {
    var number = -1
    mutating func next() -> Int {
      number += 1
      return number
    }
  }

  private func shared(_ split: PredictorSplit, _ sample: PredictorSample) throws -> Int {
    let train = Set(try split.train.map { try sample.space.isomorphismClass(of: sample.architectures[$0]) })
    return try split.test.count { train.contains(try sample.space.isomorphismClass(of: sample.architectures[$0])) }
  }

  @Test func mutantsAreBetterThanTheirSpace() throws {
    let sample = try CellSample.make(6_000)
    var rules = CellSample.rules(3, [20], test: .count(60))
    rules.mutated = true
    let splits = try PredictorSplit.all(of: sample, rules)
    let mean = sample.values.reduce(0, +) / Double(sample.values.count)
    for split in splits {
      #expect(Set(split.test).count == 60 && Set(split.train).isDisjoint(with: split.test))
      #expect(split.test.map { sample.values[$0] }.reduce(0, +) / 60 > mean + 1)
    }
  }

  @Test func protocolsThatCannotBeAreRefused() throws {
    let sample = try CellSample.make(50)
    var mutated = CellSample.rules(1, [5], test: .rest)
    mutated.mutated = true
    for (rules, code) in [
      (CellSample.rules(0), "evaluation.bad_setting"), (CellSample.rules(1, []), "evaluation.bad_setting"),
      (CellSample.rules(1, [5, 5]), "evaluation.bad_setting"), (CellSample.rules(1, [0]), "evaluation.bad_setting"),
      (CellSample.rules(1, [5], test: .count(1)), "evaluation.bad_setting"), (mutated, "evaluation.bad_setting"),
      (CellSample.rules(1, [40]), "evaluation.too_few"),
      (CellSample.rules(1, [49], test: .rest), "evaluation.too_few"),
    ] {
      let error = #expect(throws: EvaluationError.self) { try PredictorSplit.all(of: sample, rules) }
      #expect(error?.code == code && error?.remedy != nil, "\(rules)")
    }
  }

  @Test func samplesThatCannotBeAreRefused() throws {
    let space = NASBench201Space().byText
    let text = try space.canonicalText(of: "nats:1")
    for (texts, values) in [([text], [1, 2]), ([text, text], [1, 2]), ([text], [.nan])] as [([String], [Double])] {
      let error = #expect(throws: EvaluationError.self) {
        try PredictorSample(texts, values: values, unit: "1", largerIsBetter: true, title: "", space: space)
      }
      #expect(error?.code == "evaluation.sample")
    }
  }
}
