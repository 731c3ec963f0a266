import Foundation
import Records

/// A random forest (Breiman, 2001) or, with thresholds at random, extremely randomized trees (Geurts et al., 2006).
///
/// Splits, thresholds and the drawing of features are those of scikit-learn; the variance across trees is that of SMAC.
/// NaN is learnt: at each split it goes to the side that it fits better.
public struct RandomForest: ColumnMethod {
  /// Which thresholds of a feature are looked at.
  public enum Thresholds: String, Hashable, Sendable, Codable, CaseIterable {
    /// All; the best counts.
    case best
    /// One, uniform between the feature's extremes in the node.
    case random
  }

  /// What a leaf answers.
  public enum Leaf: String, Hashable, Sendable, Codable, CaseIterable {
    case mean
    /// ln of the mean of exp: for values that are logarithms of costs (the hyperparameter facade of SMAC).
    case logMeanExp = "log-mean-exp"
  }

  public var name: String
  public var encodings: [EncodingChoice]
  public var trees: Int
  /// Features that a split looks at, as a fraction of all; rounded down, and one at least.
  public var featureRatio: Double
  /// Rows that each leaf has at least, and each node that is split.
  public var minLeaf: Int
  public var minSplit: Int
  /// Splits above a leaf, at most; nil for any number.
  public var maxDepth: Int?
  /// Whether each tree sees as many rows drawn with replacement; else all trees see all.
  public var bootstrap: Bool
  public var thresholds: Thresholds
  public var leaf: Leaf
  /// The variance across trees, at least (SMAC: 1e-10).
  public var varianceFloor: Double

  /// The settings of scikit-learn, with 500 trees.
  public init(
    _ name: String = "random-forest", encodings: [EncodingChoice] = [.slots, .paths, .summary], trees: Int = 500,
    featureRatio: Double = 1, minLeaf: Int = 1, minSplit: Int = 2, maxDepth: Int? = nil, bootstrap: Bool = true,
    thresholds: Thresholds = .best, leaf: Leaf = .mean, varianceFloor: Double = 1e-10
  ) {
    self.name = name
    self.encodings = encodings
    self.trees = trees
    self.featureRatio = featureRatio
    self.minLeaf = minLeaf
    self.minSplit = minSplit
    self.maxDepth = maxDepth
    self.bootstrap = bootstrap
    self.thresholds = thresholds
    self.leaf = leaf
    self.varianceFloor = varianceFloor
  }

  /// Extremely randomized trees with the settings of scikit-learn and 500 trees.
  public static let extraTrees = RandomForest("extra-trees", bootstrap: false, thresholds: .random)

  /// The forest of NASLib (White et al., NeurIPS 2021).
  public static let naslib = RandomForest(
    "random-forest-naslib", encodings: [.slots], trees: 116, featureRatio: 0.17, minLeaf: 2, minSplit: 2,
    bootstrap: false)

  /// The forest of SMAC3 (Lindauer et al., JMLR 2022).
  public static let smac = RandomForest(
    "random-forest-smac", encodings: [.slots], trees: 10, featureRatio: 5.0 / 6, minLeaf: 3, minSplit: 3, maxDepth: 20)

  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)`` and, for an empty set,
  /// ``SurrogatesError/tooFew(predictor:count:needed:)``. O(trees · features · N log N).
  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try grow(training, seed: seed).forest
  }

  /// The forest and, for each row, the prediction of the trees that did not see it: nil where all did, as without
  /// bootstrap. Throws as ``fit(_:seed:)``.
  public func grow(_ training: TrainingSet, seed: UInt64) throws -> (forest: Forest, outOfBag: [Prediction?]) {
    try validate()
    let training = try training.selecting(encodings)
    let count = training.count
    guard count > 0 else { throw SurrogatesError.tooFew(predictor: name, count: 0, needed: 1) }
    let mean = training.values.reduce(0, +) / Double(count)
    let centred = training.values.map { $0 - mean }
    let columns = ForestColumns(training.features)
    let grown = try (0..<trees).map { $0 }.concurrentMap { tree in
      var generator = SeededGenerator(seed: seed).stream("tree \(tree)")
      var weights = [Int32](repeating: bootstrap ? 0 : 1, count: count)
      if bootstrap { for _ in 0..<count { weights[generator.integer(below: count)] += 1 } }
      let grower = RegressionTreeGrower(columns, centred, weights: weights, method: self, generator: generator)
      return (tree: grower.grow(), unseen: bootstrap ? weights.indices.filter { weights[$0] == 0 } : [])
    }
    var all = RegressionTrees()
    for tree in grown { all.append(tree.tree) }
    all.means = all.means.map { $0 + mean }
    let forest = Forest(
      encodings: encodings, blocks: training.features.blocks, trees: all, varianceFloor: varianceFloor)
    return (
      forest,
      bootstrap ? forest.outOfBag(training.features, unseen: grown.map(\.unseen)) : .init(repeating: nil, count: count)
    )
  }

  private func validate() throws {
    func check(_ isSound: Bool, _ setting: String, _ found: Any, _ allowed: String) throws {
      guard !isSound else { return }
      throw SurrogatesError.badSetting(predictor: name, setting: setting, found: "\(found)", allowed: allowed)
    }
    try check((1...100_000).contains(trees), "trees", trees, "1 to 100000")
    try check(featureRatio > 0 && featureRatio <= 1, "feature ratio", featureRatio, "above 0 and up to 1")
    try check(minLeaf >= 1, "rows of a leaf", minLeaf, "1 and more")
    try check(minSplit >= 2, "rows of a split", minSplit, "2 and more")
    try check(maxDepth.map { $0 >= 0 } ?? true, "depth", maxDepth ?? 0, "0 and more")
    try check(varianceFloor >= 0 && varianceFloor.isFinite, "variance floor", varianceFloor, "0 and more")
    try check(!encodings.isEmpty, "encodings", "empty", "one or more")
  }
}
