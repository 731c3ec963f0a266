import Surrogates
import Testing

@Suite struct BoostedTreesGoldenTests {
  @Test(arguments: BoostedTreesGolden.all?.cases ?? [])
  func agreesWithCatBoost(_ golden: BoostedTreesGolden.Case) throws {
    let (training, evaluation, unseen) = try #require(try BoostedTreesGolden.all?.rows(of: golden))
    let model = try golden.method.fitted(to: training, evaluation: evaluation, seed: 1)
    #expect(model.treeCount == golden.trees)
    let predictions = try model.predict(unseen)
    // A shrunk model's mean is that of all trees as they stand only without a virtual ensemble.
    #expect(farthest(predictions.map(\.mean), golden.mean) < 1e-6)
    if let variance = golden.variance {
      #expect(farthest(predictions.map { $0.aleatoric * $0.aleatoric }, variance) < 1e-6)
    }
    if let rate = golden.learningRate { #expect(abs(model.learningRate - rate) < 1e-6) }
    if let importances = golden.importances { #expect(farthest(model.importances(), importances) < 1e-5) }
    if let shap = golden.shap {
      let found = try model.contributions(unseen.rows(Array(0..<12))).flatMap { $0.values + [$0.expected] }
      #expect(farthest(found, shap) < 1e-6)
    }
    if let total = golden.total, let members = golden.virtualEnsembles {
      var method = golden.method
      method.virtualEnsembles = members
      let found = try method.fitted(to: training, seed: 1).predict(unseen).flatMap { prediction -> [Double] in
        let knowledge = prediction.epistemic * prediction.epistemic
        return golden.settings.loss == .rmseWithUncertainty
          ? [prediction.mean, knowledge, prediction.aleatoric * prediction.aleatoric] : [prediction.mean, knowledge]
      }
      #expect(farthest(found, total) < 1e-6)
    }
  }

  @Test(arguments: BoostedTreesGolden.all?.cases.filter { $0.borders != nil } ?? [])
  func bordersAreCatBoosts(_ golden: BoostedTreesGolden.Case) throws {
    let (training, _, _) = try #require(try BoostedTreesGolden.all?.rows(of: golden))
    for (column, expected) in try #require(golden.borders).enumerated() {
      let values = (0..<training.count).map { Float(training.features.values[$0 * training.features.width + column]) }
      let found = FeatureBorders(of: values, atMost: 254, missing: golden.method.missingValues).borders
      #expect(found.count == expected.count)
      #expect(farthest(found.filter { abs($0) < 1e30 }.map(Double.init), expected.filter { abs($0) < 1e30 }) < 1e-6)
    }
  }

  @Test func thereAreGoldenNumbers() throws {
    #expect(try #require(BoostedTreesGolden.all).cases.count == 20)
  }

  /// The largest distance of two columns; infinite for columns of different lengths.
  private func farthest(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).map { abs($0 - $1) }.max() ?? 0
  }
}
