import Foundation
import Surrogates
import TestSupport
import Testing

@Suite struct LinearRegressionTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      let training: Int
      let inputs: [[Double]]
      let values: [Double]
      let bayes: [Double]
      let deviation: [Double]
      let noise: Double
      let ridge: [Double]
      let heldOut: [Double]
    }
    let cases: [Case]
  }

  private func cases() throws -> [(wanted: Golden.Case, training: TrainingSet, unseen: FeatureMatrix)] {
    try golden(Golden.self, "linear-regression.json").cases.map { wanted in
      let features = try FeatureMatrix("summary", rows: wanted.inputs)
      let training = try TrainingSet(
        features.rows(0..<wanted.training), Array(wanted.values.prefix(wanted.training)))
      return (wanted, training, features.rows(wanted.training..<features.count))
    }
  }

  @Test func theEvidenceIsThatOfTheOracle() throws {
    var method = BayesianLinearRegression()
    method.encodings = [.summary]
    for (wanted, training, unseen) in try cases() {
      let found = try method.fit(training, seed: 1).predict(unseen)
      for (index, prediction) in found.enumerated() {
        #expect(abs(prediction.mean - wanted.bayes[index]) < 1e-8)
        #expect(abs(prediction.standardDeviation - wanted.deviation[index]) < 1e-8)
        #expect(abs(prediction.aleatoric - wanted.noise) < 1e-8)
      }
    }
  }

  @Test func ridgeAndItsLeaveOneOutAreThoseOfTheOracle() throws {
    var method = RidgeRegression()
    method.penalties = [0.7]
    for (wanted, training, unseen) in try cases() {
      let fit = try method.fitHoldingOut(training, seed: 1)
      for (found, value) in zip(try fit.predictor.predict(unseen), wanted.ridge) {
        #expect(abs(found.mean - value) < 1e-9)
      }
      for (found, value) in zip(fit.heldOut, wanted.heldOut) { #expect(abs(found.mean - value) < 1e-9) }
    }
  }

  @Test func thePenaltyIsThatOfTheLeastLeaveOneOutError() throws {
    for (_, training, _) in try cases() {
      func error(_ method: RidgeRegression) throws -> Double {
        let heldOut = try method.fitHoldingOut(training, seed: 1).heldOut
        return zip(heldOut, training.values).reduce(0) { $0 + ($1.0.mean - $1.1) * ($1.0.mean - $1.1) }
      }
      let chosen = try error(RidgeRegression())
      for penalty in RidgeRegression().penalties {
        var fixed = RidgeRegression()
        fixed.penalties = [penalty]
        #expect(try error(fixed) >= chosen)
      }
    }
  }

  @Test func promisesAreKept() throws {
    let sample = try cellSample([.summary, .slots, .paths], count: 60)
    #expect(checkPredictor(RidgeRegression(), on: sample) == [])
    #expect(checkPredictor(RidgeRegression().learning(.quantile), on: sample, flips: 5) == [])
    #expect(checkPredictor(BayesianLinearRegression(), on: sample) == [])
    var both = RidgeRegression()
    both.encodings = [.summary, .paths, .slots]
    #expect(checkPredictor(both, on: sample, flips: 5) == [])
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let sample = try cellSample([.summary, .slots], count: 12)
    var ridge = RidgeRegression()
    ridge.penalties = [0]
    var bayes = BayesianLinearRegression()
    bayes.iterations = 0
    for method in [ridge, bayes] as [any PredictorMethod] {
      #expect { try method.fit(sample, seed: 1) } throws: { ($0 as? SurrogatesError)?.code == "surrogates.bad_setting" }
    }
  }
}
