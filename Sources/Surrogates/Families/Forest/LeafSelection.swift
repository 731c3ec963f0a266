/// A forest whose leaf size is the one that predicts best: each is tried by cross-validation, with fewer trees.
public struct LeafSelection: HoldingOutMethod {
  /// What is fitted in the end, but for the size of its leaves.
  public var forest: RandomForest
  /// Rows that each leaf may have at least.
  public var minLeaves: [Int]
  public var folds: Int
  /// A fold's forest has 1/``foldShare`` of the trees, ``fewestFoldTrees`` at least.
  public var foldShare: Int
  public var fewestFoldTrees: Int

  public init(
    _ forest: RandomForest, minLeaves: [Int] = [2, 5], folds: Int = 5, foldShare: Int = 5, fewestFoldTrees: Int = 20
  ) {
    self.forest = forest
    self.minLeaves = minLeaves
    self.folds = folds
    self.foldShare = foldShare
    self.fewestFoldTrees = fewestFoldTrees
  }

  public var name: String { forest.name }
  public var encodings: [EncodingChoice] { forest.encodings }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try fitHoldingOut(training, seed: seed).predictor
  }

  public func fitHoldingOut(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit {
    guard !minLeaves.isEmpty, foldShare >= 1 else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "minLeaves", found: "\(minLeaves)", allowed: "one size or more")
    }
    guard training.count >= 2 else { throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2) }
    var best: (error: Double, minLeaf: Int, heldOut: [Prediction])?
    for minLeaf in minLeaves {
      var trial = forest
      trial.minLeaf = minLeaf
      trial.trees = min(forest.trees, max(fewestFoldTrees, forest.trees / foldShare))
      let heldOut = try CrossValidation(
        of: trial, on: training, folds: min(folds, training.count), seed: seed
      ).predictions
      let error = zip(heldOut, training.values).reduce(0) { $0 + ($1.0.mean - $1.1) * ($1.0.mean - $1.1) }
      if best.map({ error < $0.error }) ?? true { best = (error, minLeaf, heldOut) }
    }
    var chosen = forest
    chosen.minLeaf = best?.minLeaf ?? minLeaves[0]
    return HeldOutFit(predictor: try chosen.fit(training, seed: seed), heldOut: best?.heldOut ?? [])
  }
}
