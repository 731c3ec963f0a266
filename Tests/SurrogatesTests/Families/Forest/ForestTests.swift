import Foundation
import Records
import Statistics
import Surrogates
import TestSupport
import Testing

@Suite struct ForestTests {
  private struct Golden: Decodable {
    struct Tree: Decodable {
      var name: String
      var minLeaf: Int
      var minSplit: Int
      var maxDepth: Int?
      var features: [[Double?]]
      var values: [Double]
      var unseen: [[Double?]]
      var predictions: [Double]
    }
    struct Case: Decodable {
      var name: String
      var seeds: Int
      var r2: Double
      var tau: Double
    }
    var trees: [Tree]
    var features: [[Double]]
    var values: [Double]
    var unseen: [[Double]]
    var truth: [Double]
    var forests: [Case]
    var outOfBagR2: Double
  }

  private func matrix(_ rows: [[Double?]]) throws -> FeatureMatrix {
    try FeatureMatrix("slots", rows: rows.map { $0.map { $0 ?? .nan } })
  }

  private func determination(_ predictions: [Double], _ truth: [Double]) -> Double {
    let mean = truth.reduce(0, +) / Double(truth.count)
    let residual = zip(predictions, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return 1 - residual / truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  @Test func aTreeIsThatOfScikitLearn() throws {
    for tree in try golden(Golden.self, "forest.json").trees {
      let method = RandomForest(
        encodings: [.slots], trees: 1, minLeaf: tree.minLeaf, minSplit: tree.minSplit, maxDepth: tree.maxDepth,
        bootstrap: false)
      for seed in 1...3 as ClosedRange<UInt64> {
        let predictor = try method.fit(TrainingSet(matrix(tree.features), tree.values), seed: seed)
        let found = try predictor.predict(matrix(tree.unseen)).map(\.mean)
        let worst = zip(found, tree.predictions).map { abs($0 - $1) }.max() ?? .infinity
        #expect(found.count == tree.predictions.count && worst < 1e-12, "\(tree.name): \(worst)")
      }
    }
  }

  @Test func forestsAreAsGoodAsThoseOfScikitLearn() throws {
    let golden = try golden(Golden.self, "forest.json")
    let training = try TrainingSet(matrix(golden.features), golden.values)
    for expected in golden.forests {
      var method = try #require(PredictorCatalogue.method(expected.name) as? RandomForest)
      method.encodings = [.slots]
      var scores = [0.0, 0.0]
      for seed in 0..<expected.seeds {
        let found = try method.fit(training, seed: UInt64(seed)).predict(matrix(golden.unseen)).map(\.mean)
        scores[0] += determination(found, golden.truth) / Double(expected.seeds)
        scores[1] += try #require(PairedValues(found, golden.truth).kendallTauB()) / Double(expected.seeds)
      }
      #expect(abs(scores[0] - expected.r2) < 0.01, "\(expected.name): R² \(scores[0]) for \(expected.r2)")
      #expect(abs(scores[1] - expected.tau) < 0.01, "\(expected.name): τ \(scores[1]) for \(expected.tau)")
    }
  }

  @Test func rowsOutOfTheBagAreJudgedByTheOtherTrees() throws {
    let golden = try golden(Golden.self, "forest.json")
    let training = try TrainingSet(matrix(golden.features), golden.values)
    let bagged = try RandomForest(encodings: [.slots]).grow(training, seed: 3).outOfBag
    let found = try bagged.map { try #require($0).mean }
    #expect(abs(determination(found, golden.values) - golden.outOfBagR2) < 0.01)
    #expect(try RandomForest.naslib.grow(training, seed: 3).outOfBag.allSatisfy { $0 == nil })
  }

  @Test func methodsKeepTheirPromises() throws {
    let sample = try cellSample([.slots, .paths, .summary], count: 100)
    for var method in [RandomForest(), .extraTrees, .naslib, .smac] {
      method.trees = min(method.trees, 40)
      #expect(checkPredictor(method, on: sample) == [])
    }
  }

  /// By the law of total variance the two parts are the variance of a value from a leaf of a tree, both at random.
  @Test func theTwoVariancesAreThoseOfLeaves() throws {
    let features = try FeatureMatrix("slots", rows: [[0], [0], [0], [1], [1], [1]])
    let training = try TrainingSet(features, [1, 2, 3, 10, 10, 13])
    let method = RandomForest(encodings: [.slots], trees: 7, bootstrap: false)
    let found = try method.fit(training, seed: 1).predict(FeatureMatrix("slots", rows: [[0], [1]]))
    #expect(found.map(\.mean) == [2, 11])
    #expect(abs(found[0].aleatoric - (2.0 / 3).squareRoot()) < 1e-12)
    #expect(abs(found[1].aleatoric - 2.0.squareRoot()) < 1e-12)
    #expect(found.map(\.epistemic) == [1e-5, 1e-5])
    let single = try RandomForest(encodings: [.slots], trees: 50, maxDepth: 0).fit(training, seed: 2)
    let spread = try single.predict(FeatureMatrix("slots", rows: [[0]]))[0].epistemic
    #expect(spread > 1 && spread < 3, "stumps differ as means of six draws do: \(spread)")
  }

  @Test func leavesOfLogarithmsAverageCosts() throws {
    let features = try FeatureMatrix("slots", rows: [[0], [0], [1], [1]])
    let training = try TrainingSet(features, [log(1), log(3), log(10), log(10)])
    let method = RandomForest(encodings: [.slots], trees: 3, bootstrap: false, leaf: .logMeanExp)
    let found = try method.fit(training, seed: 1).predict(FeatureMatrix("slots", rows: [[0], [1]]))
    #expect(abs(found[0].mean - log(2)) < 1e-12 && abs(found[1].mean - log(10)) < 1e-12)
  }

  /// Whether a proxy is missing tells as much as its value: both kinds of trees find out.
  @Test(arguments: [RandomForest.Thresholds.best, .random]) func missingValuesAreLearnt(
    _ thresholds: RandomForest.Thresholds
  ) throws {
    let rows = (0..<60).map { [$0 % 3 == 0 ? Double.nan : 1.0, Double($0 % 7)] }
    let training = try TrainingSet(
      FeatureMatrix("slots", rows: rows), rows.map { ($0[0].isNaN ? 5 : 0) + 0.1 * $0[1] })
    let method = RandomForest(encodings: [.slots], trees: 20, bootstrap: false, thresholds: thresholds)
    let found = try method.fit(training, seed: 1).predict(
      FeatureMatrix("slots", rows: [[.nan, 2], [1, 2], [.nan, 5]]))
    for (prediction, expected) in zip(found, [5.2, 0.2, 5.5]) { #expect(abs(prediction.mean - expected) < 0.02) }
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let sample = try cellSample([.slots], count: 8)
    for change: (inout RandomForest) -> Void in [
      { $0.trees = 0 }, { $0.featureRatio = 0 }, { $0.featureRatio = .nan }, { $0.minLeaf = 0 }, { $0.minSplit = 1 },
      { $0.maxDepth = -1 }, { $0.varianceFloor = -1 }, { $0.encodings = [] },
    ] {
      var method = RandomForest.naslib
      change(&method)
      #expect { try method.fit(sample, seed: 1) } throws: {
        ($0 as? SurrogatesError)?.code == "surrogates.bad_setting"
      }
    }
  }
}
