import Records
import Statistics
import Testing

@Suite struct PredictionMetricsTests {
  private struct Golden: Decodable {
    struct Best: Decodable {
      let places: Int
      let precision: Double?
      let regret: Double?
    }
    struct Calibration: Decodable {
      let deviations: [Double]
      let coverage: [Double]
      let width: [Double]
      let sharpness: Double
      let nll: Double
      let constantNLL: Double
    }
    struct Case: Decodable {
      let name: String
      let truth: [Double]
      let predictions: [Double]
      let largerIsBetter: Bool
      let mae, rmse, mape, r2, pearson, spearman, kendall, kendallTwoDecimals, kendallOneDecimal: Double?
      let best: [Best]
      let calibration: Calibration?
    }
    let cases: [Case]
  }

  private func cases() throws -> [Golden.Case] {
    let cases = try GoldenFile.read("prediction-metrics.json", as: Golden.self).cases
    #expect(cases.count >= 18)
    return cases
  }

  @Test func allAgreeWithScikitLearnAndSciPy() throws {
    for golden in try cases() {
      let found = PredictionMetrics(
        truth: golden.truth, predictions: golden.predictions, largerIsBetter: golden.largerIsBetter)
      for (name, value, expected) in [
        ("MAE", found.meanAbsoluteError, golden.mae), ("RMSE", found.rootMeanSquaredError, golden.rmse),
        ("MAPE", found.meanAbsolutePercentageError, golden.mape),
        ("R²", found.r2, golden.r2), ("Pearson", found.pearson, golden.pearson),
        ("Spearman", found.spearman, golden.spearman), ("Kendall", found.kendallTauB, golden.kendall),
        ("two decimals", found.kendallTauB(roundingTo: 2), golden.kendallTwoDecimals),
        ("one decimal", found.kendallTauB(roundingTo: 1), golden.kendallOneDecimal),
      ] {
        #expect(GoldenFile.isClose(value, expected), "\(name) of \(golden.name)")
      }
      for best in golden.best {
        #expect(GoldenFile.isClose(found.precision(at: best.places), best.precision), "\(best) of \(golden.name)")
        #expect(GoldenFile.isClose(found.regret(ofBest: best.places), best.regret), "\(best) of \(golden.name)")
      }
    }
  }

  @Test func calibrationAgreesWithSciPy() throws {
    let cases = try cases().filter { $0.calibration != nil }
    #expect(cases.count >= 5)
    for case let (golden, expected?) in cases.map({ ($0, $0.calibration) }) {
      let found = CalibrationMetrics(
        truth: golden.truth, means: golden.predictions, deviations: expected.deviations)
      #expect(found.isProbabilistic && found.count == golden.truth.count)
      for (place, level) in [0.5, 0.8, 0.95].enumerated() {
        #expect(GoldenFile.isClose(found.coverage(of: level), expected.coverage[place]), "\(golden.name)")
        #expect(GoldenFile.isClose(found.meanWidth(of: level), expected.width[place]), "\(golden.name)")
      }
      #expect(GoldenFile.isClose(found.meanDeviation, expected.sharpness), "\(golden.name)")
      #expect(GoldenFile.isClose(found.negativeLogLikelihood, expected.nll), "\(golden.name)")
      #expect(
        GoldenFile.isClose(found.constantWidthNegativeLogLikelihood, expected.constantNLL), "\(golden.name)")
    }
  }

  @Test func whatIsNotDefinedIsNil() {
    let none = PredictionMetrics(truth: [], predictions: [])
    #expect(none.meanAbsoluteError == nil && none.rootMeanSquaredError == nil && none.r2 == nil)
    #expect(none.precision(at: 1) == nil && none.regret(ofBest: 1) == nil)
    let holes = PredictionMetrics(truth: [1, .nan, 3], predictions: [1, 2, .nan])
    #expect(holes.count == 1 && holes.dropped == 2 && holes.meanAbsoluteError == 0 && holes.precision(at: 0) == nil)
    let certain = CalibrationMetrics(truth: [1, 2], means: [1, 2], deviations: [0, 1])
    #expect(!certain.isProbabilistic && certain.negativeLogLikelihood == nil)
    #expect(certain.constantWidthNegativeLogLikelihood == nil && certain.coverage(of: 0.5) == 1)
    let empty = CalibrationMetrics(truth: [.nan], means: [1], deviations: [1])
    #expect(empty.count == 0 && empty.coverage(of: 0.5) == nil && empty.meanDeviation == nil)
  }

  @Test func theOrderOfPairsChangesNothing() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      let truth = (0..<30).map { _ in Double(generator.integer(below: 9)) }
      let predictions = (0..<30).map { _ in Double(generator.integer(below: 5)) }
      var order = Array(0..<30)
      generator.shuffle(&order)
      let first = PredictionMetrics(truth: truth, predictions: predictions)
      let second = PredictionMetrics(truth: order.map { truth[$0] }, predictions: order.map { predictions[$0] })
      for places in [1, 7, 20, 30] {
        #expect(GoldenFile.isClose(first.precision(at: places), second.precision(at: places)))
        #expect(GoldenFile.isClose(first.regret(ofBest: places), second.regret(ofBest: places)))
      }
      #expect(GoldenFile.isClose(first.precision(at: 30), 1))
      #expect(GoldenFile.isClose(first.regret(ofBest: 30), 0))
    }
  }
}
