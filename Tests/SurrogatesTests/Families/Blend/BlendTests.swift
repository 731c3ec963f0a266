import Foundation
import Records
import Statistics
import Surrogates
import TestSupport
import Testing

@Suite struct BlendTests {
  private func sample(_ count: Int, seed: UInt64 = 3) throws -> TrainingSet {
    try cellSample([.summary, .paths, .slots], count: count, seed: seed)
  }

  @Test func theDefaultKeepsItsPromises() throws {
    #expect(checkPredictor(BlendMethod.standard, on: try sample(80)) == [])
  }

  @Test func theDefaultIsInTheCatalogueAndEveryNameIsThereOnce() throws {
    #expect(try PredictorCatalogue.method("default").encodings == [.summary, .paths, .slots])
    let names = PredictorCatalogue.methods.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func aBlendIsNearlyAsGoodAsItsBestMember() throws {
    let all = try sample(260)
    let training = try all.rows(Array(0..<120))
    let rest = all.features.rows(120..<260)
    let truth = Array(all.values[120...])
    func error(_ method: any PredictorMethod) throws -> Double {
      let found = try method.fit(training, seed: 1).predict(rest)
      return PredictionMetrics(truth: truth, predictions: found.map(\.mean)).rootMeanSquaredError ?? .nan
    }
    let best = try BlendMethod.standard.members.map { try error($0.learning(.quantile)) }.min() ?? .nan
    #expect(try error(BlendMethod.standard) < 1.15 * best)
  }

  @Test func intervalsHoldWhatTheySay() throws {
    let all = try sample(520)
    let training = try all.rows(Array(0..<120))
    let predictor = try BlendMethod.standard.fit(training, seed: 1)
    let found = try predictor.predict(all.features.rows(120..<520))
    let metrics = CalibrationMetrics(truth: Array(all.values[120...]), predictions: found)
    let share = try #require(metrics.coverage(of: 0.8))
    #expect((0.68...0.92).contains(share), "\(share)")
  }

  @Test func processesLearnFromAPartOfManyRowsAndTheRestIsHeldOut() throws {
    let all = try sample(260)
    var process = GaussianProcess()
    process.largestTrainingSet = 100
    #expect(process.limits(for: 100).isEmpty)
    #expect(process.limits(for: 101).map(\.architectures) == [100])
    let training = try all.rows(Array(0..<200))
    let fit = try process.fitHoldingOut(training, seed: 1)
    let truth = training.values
    // What it has not seen is predicted as it is afterwards; what it learnt from, worse than afterwards.
    let afterwards = try fit.predictor.predict(training.features)
    #expect(zip(fit.heldOut, afterwards).count { $0 == $1 } == 100)
    func error(_ found: [Prediction]) -> Double {
      PredictionMetrics(truth: truth, predictions: found.map(\.mean)).rootMeanSquaredError ?? .nan
    }
    #expect(error(fit.heldOut) > error(afterwards))

    let blend = BlendMethod("small", members: [process, RidgeRegression()])
    #expect(blend.limits(for: 200).map(\.method) == ["gp"])
    #expect(CalibratedMethod(blend).limits(for: 200) == blend.limits(for: 200))
    #expect(BlendMethod.standard.limits(for: 2000).isEmpty)
    #expect(BlendMethod.standard.limits(for: 15_625).map(\.architectures) == [2000, 2000])
    let found = try blend.fit(training, seed: 1).predict(all.features.rows(200..<260))
    let metrics = PredictionMetrics(truth: Array(all.values[200...]), predictions: found.map(\.mean))
    #expect(metrics.kendallTauB ?? 0 > 0.6)
    #expect(checkPredictor(blend, on: training) == [])
  }

  @Test func settingsThatCannotBeAreRefused() throws {
    let training = try sample(30)
    #expect(throws: SurrogatesError.self) { try BlendMethod("none", members: []).fit(training, seed: 1) }
    #expect(throws: SurrogatesError.self) {
      try BlendMethod("odd", members: [RidgeRegression()], power: -1).fit(training, seed: 1)
    }
    #expect(throws: SurrogatesError.tooFew(predictor: "default", count: 4, needed: 5)) {
      try BlendMethod.standard.fit(training.rows([0, 1, 2, 3]), seed: 1)
    }
  }

  @Test func leafSizesAreChosenByWhatIsHeldOut() throws {
    let training = try sample(100)
    var forest = RandomForest.extraTrees
    forest.trees = 40
    // With one row a leaf a forest follows smooth values, with 50 it can hardly tell any apart.
    let selection = LeafSelection(forest, minLeaves: [50, 1])
    let chosen = try selection.fitHoldingOut(training, seed: 1)
    var fine = forest
    fine.minLeaf = 1
    #expect(try chosen.predictor.predict(training.features) == fine.fit(training, seed: 1).predict(training.features))
    #expect(chosen.heldOut.count == 100)
    #expect(checkPredictor(selection, on: training) == [])
  }
}
