import Evaluation
import Records
import Statistics
import Surrogates
import Testing

@Suite struct PredictorSuiteTests {
  /// Every look at it is a second later.
  private final class SteadyClock: Clock, @unchecked Sendable {
    struct Instant: InstantProtocol {
      var seconds: Int
      func advanced(by duration: Duration) -> Instant { Instant(seconds: seconds + Int(duration / .seconds(1))) }
      func duration(to other: Instant) -> Duration { .seconds(other.seconds - seconds) }
      static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }
    }
    private var seconds = 0
    var now: Instant {
      seconds += 1
      return Instant(seconds: seconds)
    }
    let minimumResolution = Duration.seconds(1)
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
  }

  private func methods() throws -> [PredictorCandidate] {
    try ["k-nearest-neighbors", "random-forest"].map { PredictorCandidate(try PredictorCatalogue.method($0)) }
  }

  @Test func methodsAreFittedToTheSameSplitsAndScored() throws {
    let sample = try CellSample.make(120)
    let suite = try PredictorSuite(sample, CellSample.rules())
    var heard: [PredictorSuite.Progress] = []
    let results = try suite.evaluate(methods(), clock: SteadyClock()) { heard.append($0) }
    #expect(results.rows.count == 12 && heard.map(\.done) == Array(1...12) && heard.last?.total == 12)
    #expect(results.summaries.count == 4 && results.summaries.map(\.trainSize) == [20, 20, 40, 40])
    for row in results.rows {
      #expect(row.values[.fitSeconds] == 1 && row.values[.querySeconds] == 1.0 / 30 && row.failure == nil)
    }
    #expect((results.summaries[3].figures[.kendall]?.mean ?? 0) > 0.3)
    #expect(try suite.evaluate(methods(), clock: SteadyClock()) == results)

    // One row by hand.
    let method = try PredictorCatalogue.method("random-forest")
    let split = suite.splits[3]
    let encoder = try ArchitectureEncoder(sample.space, method.encodings)
    let training = try TrainingSet(
      encoder.features(of: split.train.map { sample.architectures[$0] }), split.train.map { sample.values[$0] })
    let seed = SeededGenerator.derive(1_000, "fit, trial 1, train size 40")
    let predictions = try method.fit(training, seed: seed).predict(
      encoder.features(of: split.test.map { sample.architectures[$0] }))
    let truth = split.test.map { sample.values[$0] }
    let found = results.rows[9].values
    let expected = PredictionMetrics(truth: truth, predictions: predictions.map(\.mean))
    #expect(results.rows[9].trial == 1 && results.rows[9].trainSize == 40)
    #expect(found[.kendall] == expected.kendallTauB && found[.rmse] == expected.rootMeanSquaredError)
    #expect(found[.precision10] == expected.precision(at: 10) && found[.regret1] == expected.regret(ofBest: 1))
    #expect(found[.coverage80] == CalibrationMetrics(truth: truth, predictions: predictions).coverage(of: 0.8))
  }

  @Test func errorsOfFractionsAreInPercent() throws {
    let rules = CellSample.rules(1, [40])
    let percent = try PredictorSuite(CellSample.make(90), rules).evaluate(methods(), clock: SteadyClock())
    let fraction = try PredictorSuite(CellSample.make(90, unit: "fraction"), rules)
      .evaluate(methods(), clock: SteadyClock())
    #expect(percent.unit == "percent" && fraction.unit == "percent")
    for (first, second) in zip(percent.rows, fraction.rows) {
      for metric in [PredictorMetric.mae, .rmse, .kendall, .kendallOneDecimal] {
        #expect(abs((first.values[metric] ?? 0) - (second.values[metric] ?? 1)) < 1e-6, "\(metric)")
      }
    }
  }

  @Test func whatCannotLearnFromSoFewSaysSo() throws {
    let blend = BlendMethod("blend", members: [NearestNeighbors()])
    let suite = try PredictorSuite(CellSample.make(60), CellSample.rules(2, [4, 30], test: .count(20)))
    let results = try suite.evaluate([PredictorCandidate(blend)])
    #expect(results.rows.map { $0.failure != nil } == [true, false, true, false])
    #expect(results.rows[0].values.isEmpty && !results.rows[1].values.isEmpty)
    #expect(results.summaries[0].failure == "blend needs 5 or more training architectures; there are 4")
    #expect(results.summaries[0].figures.isEmpty && results.summaries[1].failure == nil)
  }

  @Test func theBestIsMarkedAndTheWorseTested() throws {
    // b beats a in every trial, c beats b now and then.
    var rows: [PredictorResults.Row] = []
    for trial in 0..<12 {
      let step = Double(trial)
      for (name, tau) in [("a", 0.5 + step / 100), ("b", 0.6 + step / 90), ("c", 0.55 + Double(trial * 7 % 12) / 50)] {
        let values: [PredictorMetric: Double] = [.kendall: tau, .mae: 1 - tau, .sharpness: 1]
        rows.append(
          PredictorResults.Row(
            predictor: name, encoding: "slots", transform: "identity", trainSize: 5, trial: trial, values: values))
      }
    }
    let results = PredictorResults(
      title: "made-up", architectures: 9, unit: "1", rules: CellSample.rules(12, [5]), rows: rows)
    let figures = results.summaries.compactMap { $0.figures[.kendall] }
    func column(_ name: String) -> [Double] {
      rows.filter { $0.predictor == name }.compactMap { $0.values[PredictorMetric.kendall] }
    }
    let (a, b, c) = (column("a"), column("b"), column("c"))
    #expect(figures.map(\.isBest) == [false, true, false])
    let chances = HolmCorrection.adjusted([PairedTest.wilcoxon(a, b).pValue, PairedTest.wilcoxon(c, b).pValue])
    #expect(figures.map(\.pValue) == [chances[0], nil, chances[1]])
    #expect(figures.map(\.isSignificantlyWorse) == [true, false, false])
    #expect(figures[0].count == 12)
    let mean = a.reduce(0, +) / 12
    let variance = a.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11
    #expect(abs((figures[0].standardDeviation ?? 0) - variance.squareRoot()) < 1e-15)
    #expect(results.summaries.allSatisfy { $0.figures[.sharpness]?.isBest == false })
    #expect(results.summaries[1].figures[.mae]?.isBest == true)
    #expect(results.metrics == [.mae, .kendall, .sharpness])
  }
}
