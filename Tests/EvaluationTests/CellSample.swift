import Evaluation
import Records
import Spaces

/// Cells of NAS-Bench-201 with a smooth made-up value: 60 plus points for operations, and a little seeded noise.
enum CellSample {
  static func make(_ count: Int, unit: String = "percent", largerIsBetter: Bool = true) throws -> PredictorSample {
    let space = NASBench201Space().byText
    var generator = SeededGenerator(seed: 5).stream("cells")
    var texts: [String] = []
    var seen: Set<String> = []
    while texts.count < count {
      let text = try space.sample(using: &generator)
      if seen.insert(text).inserted { texts.append(text) }
    }
    let values = try texts.map { text in
      let slots = try space.encode(text, as: "adjacency")
      let points = slots.enumerated().reduce(0.0) { $0 + $1.element * Double($1.offset * 37 % 11) }
      return (60 + points / 2 + generator.uniform()) / (unit == "fraction" ? 100 : 1)
    }
    return try PredictorSample(
      texts, values: values, unit: unit, largerIsBetter: largerIsBetter, title: "made-up cells", space: space)
  }

  static func rules(_ trials: Int = 3, _ sizes: [Int] = [20, 40], test: PredictorProtocol.TestSet = .count(30))
    -> PredictorProtocol
  {
    var rules = PredictorProtocol()
    rules.trials = trials
    rules.trainSizes = sizes
    rules.test = test
    return rules
  }
}
