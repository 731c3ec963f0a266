import Evaluation
import Records
import Spaces
import Statistics
import Surrogates
import Testing

/// Predictors of learning curves in the same comparison as all others.
@Suite struct CurveEvaluationTests {
  /// Cells whose curves rise (or losses that fall) towards their value, each at a speed of its own, over 12 epochs.
  private func sample(
    _ count: Int = 90, largerIsBetter: Bool = true, others: [SampleCurves.OtherRuns] = []
  ) throws -> PredictorSample {
    let cells = try CellSample.make(count)
    let values = cells.values.map { largerIsBetter ? $0 : 100 - $0 }
    let rising = curves(towards: cells.values)
    return try PredictorSample(
      cells.architectures, values: values, unit: "percent", largerIsBetter: largerIsBetter, title: "made-up curves",
      space: cells.space,
      curves: SampleCurves(
        dataset: "here", curves: largerIsBetter ? rising : rising.map { $0.map { 100 - $0 } },
        direction: largerIsBetter ? .largerIsBetter : .smallerIsBetter, targetEpoch: 12, others: others))
  }

  private func curves(towards values: [Double]) -> [[Double]] {
    var generator = SeededGenerator(seed: 8).stream("curves")
    return values.map { value in
      let gap = 10 + 20 * generator.uniform()
      return (1...12).map { epoch in value - gap * (1 / Double(epoch) - 1.0 / 12) + generator.uniform() }
    }
  }

  private func rules(_ fidelities: [Int] = [3, 9], sizes: [Int] = [20, 40]) -> PredictorProtocol {
    var rules = CellSample.rules(2, sizes)
    rules.fidelities = fidelities
    return rules
  }

  private func candidates(_ names: [String], besides: [String] = []) throws -> [PredictorCandidate] {
    try names.map { PredictorCandidate(try CurvePredictorCatalogue.method($0)) }
      + besides.map { PredictorCandidate(try PredictorCatalogue.method($0)) }
  }

  @Test func rowsArePredictorByTrainSizeByFidelity() throws {
    let sample = try sample()
    let suite = try PredictorSuite(sample, rules())
    var totals: Set<Int> = []
    let results = try suite.evaluate(candidates(["sotl", "lcsvr"], besides: ["k-nearest-neighbors"])) {
      totals.insert($0.total)
    }
    // Two sizes and two trials: eight rows for what sees curves, four for what sees none.
    #expect(results.rows.count == 20 && totals == [20])
    #expect(results.rows.filter { $0.predictor == "lcsvr" }.compactMap(\.epochsSeen) == [3, 3, 3, 3, 9, 9, 9, 9])
    #expect(results.rows.filter { $0.predictor == "k-nearest-neighbors" }.allSatisfy { $0.epochsSeen == nil })
    #expect(results.summaries.map(\.trainSize) == [20, 20, 20, 20, 20, 20, 40, 40, 40, 40, 40, 40])
    #expect(results.summaries.map(\.fidelity) == [3, 3, 3, 9, 9, 9, 3, 3, 3, 9, 9, 9])
    #expect(results.summaries.prefix(3).map(\.seesCurves) == [true, true, false])
    let means = [2, 5].map { results.summaries[$0].figures.mapValues(\.mean) }
    #expect(means[0] == means[1] && !means[0].isEmpty)
    #expect(results.rows.first { $0.predictor == "lcsvr" }?.encoding == "curve")

    // One row by hand: trial 1, train size 40, nine epochs.
    let row = try #require(
      results.rows.first { $0.predictor == "lcsvr" && $0.trial == 1 && $0.trainSize == 40 && $0.epochsSeen == 9 })
    let split = suite.splits[3]
    let curves = try #require(sample.curves).curves
    let training = try CurveTrainingSet(
      CurveSet(split.train.map { curves[$0] }), split.train.map { sample.values[$0] }, observedEpochs: 9,
      targetEpoch: 12)
    let seed = SeededGenerator.derive(1_000, "fit, trial 1, train size 40, 9 epochs seen")
    let predictions = try CurveSVR().fit(training, seed: seed)
      .predict(CurveSet(split.test.map { Array(curves[$0].prefix(9)) }))
    let expected = PredictionMetrics(
      truth: split.test.map { sample.values[$0] }, predictions: predictions.map(\.mean))
    #expect(row.values[.kendall] == expected.kendallTauB && row.values[.rmse] == expected.rootMeanSquaredError)
    #expect(row.values[.mape] == expected.meanAbsolutePercentageError)
    #expect((results.summaries[9].figures[.kendall]?.mean ?? 0) > 0.6)
  }

  @Test(arguments: [true, false])
  func scoresStandInTheOrderOfValuesAndHaveNoErrors(largerIsBetter: Bool) throws {
    let suite = try PredictorSuite(sample(largerIsBetter: largerIsBetter), rules([9], sizes: [20]))
    let results = try suite.evaluate(candidates(["sotl-e", "last-value", "median-rule"]))
    for row in results.rows {
      #expect((row.values[.kendall] ?? 0) > 0.5 && row.values[.precision10] != nil, "\(row)")
      #expect((row.values[.mae] == nil) == (row.predictor != "last-value"))
      #expect((row.values[.kendallOneDecimal] == nil) == (row.predictor != "last-value"))
    }
    // The last value seen is both the prediction and the score.
    let taus = ["sotl-e", "last-value"].map { name in
      results.rows.filter { $0.predictor == name }.map { $0.values[PredictorMetric.kendall] }
    }
    #expect(taus[0] == taus[1])
  }

  @Test func otherDataSetsAreLearntFromByWhatTellsThemApart() throws {
    let plain = try sample()
    let others = ["there", "yonder"].map { name in
      SampleCurves.OtherRuns(
        dataset: name, architectures: plain.architectures, curves: curves(towards: plain.values),
        values: plain.values)
    }
    var rules = rules([6], sizes: [20])
    rules.otherDatasets = ["there", "yonder"]
    var quick = LCRankNet()
    quick.epochs = 5
    let learners = try [PredictorCandidate(quick)] + candidates(["lcsvr"])
    let elsewhere = try PredictorSuite(sample(others: others), rules).evaluate(learners)
    let here = try PredictorSuite(sample(others: others), self.rules([6], sizes: [20])).evaluate(learners)
    func taus(_ results: PredictorResults, _ name: String) -> [Double?] {
      results.rows.filter { $0.predictor == name }.map { $0.values[.kendall] }
    }
    #expect(taus(elsewhere, "lcsvr") == taus(here, "lcsvr"))
    #expect(taus(elsewhere, "lcranknet") != taus(here, "lcranknet"))
    #expect(taus(elsewhere, "lcranknet").allSatisfy { $0 != nil })

    rules.otherDatasets = ["nowhere"]
    #expect(throws: EvaluationError.setting(name: "another data set", found: "nowhere", allowed: "there, yonder")) {
      try PredictorSuite(sample(others: others), rules)
    }
    // Tested architectures are not learnt from on any data set.
    rules = self.rules([6], sizes: [61])
    rules.test = .count(29)
    rules.otherDatasets = ["there"]
    let few = SampleCurves.OtherRuns(
      dataset: "there", architectures: Array(plain.architectures.prefix(61)),
      curves: Array(others[0].curves.prefix(61)), values: Array(plain.values.prefix(61)))
    let short = try PredictorSuite(sample(others: [few]), rules)
    #expect(throws: EvaluationError.self) { try short.evaluate([PredictorCandidate(quick)]) }
  }

  @Test func whatCannotBeSeenIsTold() throws {
    let unasked = try PredictorSuite(sample(), CellSample.rules())
    #expect(throws: EvaluationError.noFidelity(predictor: "sotl")) { try unasked.evaluate(candidates(["sotl"])) }
    #expect(throws: EvaluationError.setting(name: "a number of epochs seen", found: "13", allowed: "1 to 12")) {
      try PredictorSuite(sample(), rules([4, 13]))
    }
    for fidelities in [[0], [3, 3]] {
      #expect(throws: EvaluationError.self) { try PredictorSuite(sample(), rules(fidelities)) }
    }
  }

  @Test func cellsThatAPredictorCannotReadAreLeftOut() throws {
    let sample = try CellSample.make(400)
    let blocks = PredictorCandidate(try PredictorCatalogue.method("popnas-time"))
    let trees = PredictorCandidate(try PredictorCatalogue.method("random-forest"))
    let space = NASBench201Space()
    let bridge = try sample.architectures.filter { TwoBlockCell(try space.parse($0)) != nil }
    #expect(!bridge.isEmpty && bridge.count < 60)
    #expect(try sample.seen(by: [trees]).architectures == sample.architectures && sample.obstacle(to: trees) == nil)
    #expect(try sample.seen(by: [trees, blocks]).architectures == bridge)
    let obstacle = "popnas-blocks cannot predict \(400 - bridge.count) of 400 architectures"
    #expect(sample.obstacle(to: blocks) == obstacle)
    let costs = PredictorCandidate(try BoostedTrees.costs.seeing([.named("nothing")]))
    #expect(sample.obstacle(to: costs)?.hasPrefix("unknown encoding nothing") == true)
  }
}
