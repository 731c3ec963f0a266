import Foundation
import Surrogates
import Testing

/// What `tools/golden/boosted_trees.py` had CatBoost compute.
struct BoostedTreesGolden: Decodable {
  struct Table: Decodable {
    let train: Int
    let y: [Double]
    let rows: [[Double]]

    private enum CodingKeys: String, CodingKey { case train, y, x }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      train = try container.decode(Int.self, forKey: .train)
      y = try container.decode([Double].self, forKey: .y)
      if let digits = try? container.decode([String].self, forKey: .x) {
        rows = digits.map { $0.map { $0 == "1" ? 1 : 0 } }
      } else {
        rows = try container.decode([[Double?]].self, forKey: .x).map { $0.map { $0 ?? .nan } }
      }
    }
  }

  struct Settings: Decodable {
    let iterations: Int
    let depth: Int
    let loss: TreeLoss
    let learningRate: Double?
    let l2: Double?
    let score: SplitScore?
    let leafMethod: LeafMethod?
    let modelShrinkRate: Double?
    let missing: String?
    let posteriorSampling: Bool?
    let earlyStoppingRounds: Int?
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let table: String
    let settings: Settings
    let trees: Int
    /// Rows that were learnt from; the rest of the training rows are the evaluation set.
    let learnt: Int
    let featureWeights: [String: Double]?
    let mean: [Double]
    let variance: [Double]?
    let importances: [Double]?
    let shap: [Double]?
    let learningRate: Double?
    let virtualEnsembles: Int?
    let total: [Double]?
    let borders: [[Double]]?

    var testDescription: String { name }

    /// The method with the case's settings and nothing random.
    var method: BoostedTrees {
      var method = BoostedTrees()
      method.iterations = settings.iterations
      method.depth = settings.depth
      method.loss = settings.loss
      method.learningRate = settings.learningRate
      if let l2 = settings.l2 { method.l2LeafRegularisation = l2 }
      if let score = settings.score { method.score = score }
      method.leafMethod = settings.leafMethod
      if let rate = settings.modelShrinkRate { method.modelShrinkRate = rate }
      method.missingValues = settings.missing == "Max" ? .greatest : .least
      method.posteriorSampling = settings.posteriorSampling ?? false
      method.earlyStoppingRounds = settings.earlyStoppingRounds
      for (column, weight) in featureWeights ?? [:] { method.featureWeights[Int(column) ?? -1] = weight }
      method.sampling = .none
      method.randomStrength = 0
      return method
    }
  }

  let tables: [String: Table]
  let cases: [Case]

  static let all: BoostedTreesGolden? = try? golden(BoostedTreesGolden.self, "boosted-trees.json")

  /// Rows that are learnt from, those of the evaluation set, and those that are predicted.
  func rows(of golden: Case) throws -> (training: TrainingSet, evaluation: TrainingSet?, unseen: FeatureMatrix)? {
    guard let table = tables[golden.table] else { return nil }
    let training = try TrainingSet(FeatureMatrix("slots", rows: Array(table.rows.prefix(table.train))), table.y)
    let unseen = try FeatureMatrix("slots", rows: Array(table.rows.dropFirst(table.train)))
    guard golden.learnt < table.train else { return (training, nil, unseen) }
    return (
      try training.rows(Array(0..<golden.learnt)), try training.rows(Array(golden.learnt..<table.train)), unseen
    )
  }
}
