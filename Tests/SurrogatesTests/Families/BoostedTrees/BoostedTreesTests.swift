import Foundation
import Records
import Spaces
import Statistics
import Surrogates
import TestSupport
import Testing

@Suite struct BoostedTreesTests {
  /// Cells of NAS-Bench-201, drawn by the seed, with a smooth value and a little noise.
  static func cells(_ count: Int, seed: UInt64 = 3) throws -> TrainingSet {
    let space = NASBench201Space().byText
    var generator = SeededGenerator(seed: seed)
    var noise = generator.stream("noise")
    let texts = try (0..<count).map { _ in
      try space.canonicalText(of: "nats:\(generator.integer(below: 15_625))")
    }
    let encoder = try ArchitectureEncoder(space, [.slots, .summary])
    let features = try encoder.features(of: texts)
    let values = (0..<count).map { row -> Double in
      let slots = features.row(row).prefix(30)
      let weighed = zip(slots, 0...).reduce(0.0) { $0 + $1.0 * sin(Double($1.1)) }
      return weighed + features.values[row * features.width + 3] * features.values[row * features.width + 13]
        + 0.1 * (noise.uniform() - 0.5)
    }
    return try TrainingSet(features, values)
  }

  private static func small(_ change: (inout BoostedTrees) -> Void) -> BoostedTrees {
    var trees = BoostedTrees()
    trees.iterations = 60
    trees.learningRate = 0.1
    change(&trees)
    return trees
  }

  @Test(arguments: [
    small { _ in }, BoostedTrees.seqNAS,
    small { $0.loss = .rmseWithUncertainty },
    small {
      $0.loss = .rmseWithUncertainty
      $0.posteriorSampling = true
      $0.virtualEnsembles = 4
    },
    small { $0.encodings = [.summary, .slots] },
    small {
      $0.sampling = .bernoulli(0.7)
      $0.score = .l2
      $0.heldOutFraction = 0.2
      $0.earlyStoppingRounds = 10
    },
    small {
      $0.depth = 10
      $0.iterations = 10
      $0.sampling = .none
      $0.diffusionTemperature = 1000
      $0.leafMethod = .gradient
    },
  ])
  func keepsThePromisesOfPredictors(_ method: BoostedTrees) throws {
    #expect(checkPredictor(method, on: try Self.cells(160)) == [])
  }

  @Test func learnsAndKnowsWhatItDoesNotKnow() throws {
    let set = try Self.cells(400)
    let training = try set.rows(Array(0..<300))
    let unseen = try set.rows(Array(300..<400))
    var method = BoostedTrees()
    method.iterations = 300
    let predictions = try method.fit(training, seed: 1).predict(unseen.features)
    let tau = PairedValues(predictions.map(\.mean), unseen.values).kendallTauB() ?? 0
    #expect(tau > 0.85)
    #expect(predictions.allSatisfy { $0.epistemic == 0 && $0.aleatoric == 0 })
    let posterior = try BoostedTrees.seqNAS.fit(training, seed: 1).predict(unseen.features)
    #expect(posterior.allSatisfy { $0.epistemic > 0 })
    method.loss = .rmseWithUncertainty
    let normal = try method.fit(training, seed: 1).predict(unseen.features)
    #expect(normal.allSatisfy { $0.aleatoric > 0 })
  }

  @Test func seedsMatterOnlyWhereSomethingIsRandom() throws {
    let set = try Self.cells(120)
    let random = Self.small { _ in }
    #expect(try random.fit(set, seed: 1).predict(set.features) != random.fit(set, seed: 2).predict(set.features))
    let fixed = Self.small {
      $0.sampling = .none
      $0.randomStrength = 0
    }
    #expect(try fixed.fit(set, seed: 1).predict(set.features) == fixed.fit(set, seed: 2).predict(set.features))
  }

  /// Sampling from a posterior on gradient leaves: noise in every leaf, so other seeds give other samples.
  @Test func langevinNoiseReachesGradientLeaves() throws {
    let set = try Self.cells(120)
    let method = Self.small {
      $0.leafMethod = .gradient
      $0.posteriorSampling = true
      $0.virtualEnsembles = 4
      $0.sampling = .none
      $0.randomStrength = 0
    }
    let first = try method.fit(set, seed: 1).predict(set.features)
    #expect(try first == method.fit(set, seed: 1).predict(set.features))
    #expect(try first != method.fit(set, seed: 2).predict(set.features))
    #expect(first.allSatisfy { $0.epistemic > 0 })
  }

  @Test func contributionsAddUpToThePrediction() throws {
    let set = try Self.cells(150)
    // Rows that were learnt from: every leaf that they reach has training rows.
    for method in [Self.small { $0.encodings = [.slots, .summary] }, Self.small { $0.loss = .rmseWithUncertainty }] {
      let model = try method.fitted(to: set, seed: 1)
      let predictions = try model.predict(set.features)
      for (prediction, parts) in zip(predictions, try model.contributions(set.features)) {
        #expect(abs(parts.values.reduce(parts.expected, +) - prediction.mean) < 1e-9)
      }
      #expect(abs(model.importances().reduce(0, +) - 100) < 1e-9)
    }
  }

  @Test func earlyStoppingKeepsTheBestTrees() throws {
    let set = try Self.cells(200)
    let training = try set.rows(Array(0..<120))
    let evaluation = try set.rows(Array(120..<200))
    var method = Self.small {
      $0.iterations = 400
      $0.learningRate = 0.5
      $0.earlyStoppingRounds = 12
    }
    let best = try method.fitted(to: training, evaluation: evaluation, seed: 1)
    method.usesBestModel = false
    let stopped = try method.fitted(to: training, evaluation: evaluation, seed: 1)
    #expect(stopped.treeCount == best.treeCount + 12)
    #expect(stopped.treeCount < 400)
    #expect(throws: SurrogatesError.self) {
      try method.fitted(to: training, evaluation: TrainingSet(FeatureMatrix("slots", rows: [[1]]), [1]), seed: 1)
    }
  }

  @Test func featureWeightsForbidSplits() throws {
    let set = try Self.cells(150)
    let method = Self.small {
      for column in 0..<10 { $0.featureWeights[column] = 0 }
      $0.randomStrength = 0
    }
    let importances = try method.fitted(to: set, seed: 1).importances()
    #expect(importances.prefix(10).allSatisfy { $0 == 0 })
    #expect(importances.dropFirst(10).contains { $0 > 0 })
  }

  @Test(arguments: [
    ("iterations", small { $0.iterations = 0 }), ("depth", small { $0.depth = 17 }),
    ("learningRate", small { $0.learningRate = -1 }), ("learningRate", small { $0.learningRate = .nan }),
    ("l2LeafRegularisation", small { $0.l2LeafRegularisation = -0.1 }),
    ("leafMethod", small { $0.leafMethod = .exact }),
    ("leafMethod", small { ($0.loss, $0.leafMethod) = (.mae, .newton) }),
    ("sampling", small { $0.sampling = .bernoulli(0) }), ("sampling", small { $0.sampling = .minimalVariance(1.5) }),
    ("randomStrength", small { $0.randomStrength = -1 }), ("borderCount", small { $0.borderCount = 255 }),
    ("featureWeights", small { $0.featureWeights = [3: -1] }),
    ("diffusionTemperature", small { $0.diffusionTemperature = 0 }),
    ("modelShrinkRate", small { $0.modelShrinkRate = 1 }), ("virtualEnsembles", small { $0.virtualEnsembles = 31 }),
    ("earlyStoppingRounds", small { $0.earlyStoppingRounds = 0 }),
    ("heldOutFraction", small { $0.heldOutFraction = 1 }), ("encodings", small { $0.encodings = [] }),
  ])
  func badSettingsAreRefused(_ setting: String, _ method: BoostedTrees) throws {
    let set = try Self.cells(20)
    do {
      _ = try method.fit(set, seed: 1)
      Issue.record("\(setting) is not checked")
    } catch let SurrogatesError.badSetting(_, found, _, _) {
      #expect(found == setting)
    }
  }

  @Test func whatDoesNotFitIntoThirtyTwoBitsIsRefused() throws {
    let set = try Self.cells(20)
    #expect(throws: SurrogatesError.self) {
      try BoostedTrees().fit(set.replacing(set.values.map { $0 * 1e300 }), seed: 1)
    }
  }
}
