import Records

/// Gradient boosting of oblivious trees as CatBoost does it, with CatBoost's defaults (version 1.2, CPU).
///
/// With nothing random (no sampling of rows, random strength 0) predictions agree with the `catboost` package; random
/// numbers are our own, distributed as CatBoost's.
public struct BoostedTrees: ColumnMethod {
  public var name: String
  public var encodings: [EncodingChoice]
  /// Trees, 1…100,000.
  public var iterations = 1000
  /// Levels of a tree, 1…16.
  public var depth = 6
  /// Above 0; nil for the rate that CatBoost would choose: for the squared error by numbers of rows and trees, else 0.03.
  public var learningRate: Double?
  /// What is added to the number of rows of a leaf, 0 or more.
  public var l2LeafRegularisation = 3.0
  public var loss = TreeLoss.rmse
  public var score = SplitScore.cosine
  /// nil for the loss's own: exact for the absolute error, else Newton's.
  public var leafMethod: LeafMethod?
  public var sampling = RowSampling.minimalVariance(0.8)
  /// The noise of split scores, in multiples of the derivatives' deviation, 0 or more.
  public var randomStrength = 1.0
  /// Borders of a feature, 1…254.
  public var borderCount = 254
  public var missingValues = MissingValues.least
  /// Factors on what splits add to the score, by column over all blocks; 1 for columns that are not there.
  public var featureWeights: [Int: Double] = [:]
  /// Langevin boosting at the temperature N with a shrinkage of 1/2N, which samples from a posterior.
  public var posteriorSampling = false
  /// Langevin boosting at this temperature; nil for none.
  public var diffusionTemperature: Double?
  /// What all that was learnt shrinks by before each tree, in multiples of the learning rate: 0…<1.
  public var modelShrinkRate = 0.0
  /// Members of the virtual ensemble whose spread is the epistemic uncertainty; 0 for none.
  public var virtualEnsembles = 0
  /// Stops when the loss on held-out rows has not fallen for so many trees; nil for never.
  public var earlyStoppingRounds: Int?
  /// Keeps the trees up to the smallest loss on held-out rows, if there are any.
  public var usesBestModel = true
  /// The part of the training rows that is held out, drawn by the seed; 0…<1.
  public var heldOutFraction = 0.0

  public init(name: String = "boosted-trees", encodings: [EncodingChoice] = [.slots]) {
    self.name = name
    self.encodings = encodings
  }

  /// The predictor of SeqNAS: 100 trees of the absolute error by posterior sampling, five virtual members.
  public static var seqNAS: BoostedTrees {
    var trees = BoostedTrees(name: "seqnas-trees")
    trees.iterations = 100
    trees.loss = .mae
    trees.missingValues = .greatest
    trees.posteriorSampling = true
    trees.virtualEnsembles = 5
    return trees
  }

  /// In the place of NASLib's gradient boosting: 500 rounds, depth 6, learning rate 0.3.
  public static var nasLib: BoostedTrees {
    var trees = BoostedTrees(name: "naslib-trees")
    trees.iterations = 500
    trees.learningRate = 0.3
    return trees
  }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try fitted(to: training, seed: seed)
  }

  /// Fits to `training`. Of an `evaluation` set, the loss is followed and trees are stopped and cut by it; without one,
  /// ``heldOutFraction`` of the training rows are such a set.
  ///
  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)`` and
  /// ``SurrogatesError/tooFew(predictor:count:needed:)``.
  public func fitted(
    to training: TrainingSet, evaluation: TrainingSet? = nil, seed: UInt64
  ) throws -> BoostedTreesPredictor {
    try validate()
    var training = try training.selecting(encodings)
    var evaluation = try evaluation?.selecting(encodings)
    if let evaluation, evaluation.features.blocks != training.features.blocks {
      throw SurrogatesError.shape("the evaluation set has other encodings than the training set")
    }
    let generator = SeededGenerator(seed: seed)
    if evaluation == nil, heldOutFraction > 0 {
      var order = Array(0..<training.count)
      var shuffling = generator.stream("held out")
      shuffling.shuffle(&order)
      let heldOut = Int((heldOutFraction * Double(training.count)).rounded())
      if heldOut > 0, heldOut < training.count {
        evaluation = try training.rows(order.prefix(heldOut).sorted())
        training = try training.rows(order.dropFirst(heldOut).sorted())
      }
    }
    guard training.count > 0 else { throw SurrogatesError.tooFew(predictor: name, count: 0, needed: 1) }
    if evaluation?.count == 0 { evaluation = nil }
    return try Boosting(self, training, evaluation).run(NormalDraws(generator.stream("trees")))
  }

  /// Throws for the first setting that is out of range.
  func validate() throws {
    func check(_ holds: Bool, _ setting: String, _ found: some Any, _ allowed: String) throws {
      guard holds else {
        throw SurrogatesError.badSetting(predictor: name, setting: setting, found: "\(found)", allowed: allowed)
      }
    }
    try check(!encodings.isEmpty, "encodings", "none", "one or more")
    try check((1...100_000).contains(iterations), "iterations", iterations, "1 to 100000")
    try check((1...ObliviousTrees.deepest).contains(depth), "depth", depth, "1 to \(ObliviousTrees.deepest)")
    if let learningRate {
      try check(learningRate > 0 && learningRate.isFinite, "learningRate", learningRate, "above 0")
    }
    try check(
      l2LeafRegularisation >= 0 && l2LeafRegularisation.isFinite, "l2LeafRegularisation", l2LeafRegularisation,
      "0 or more")
    let method = leafMethod ?? loss.leafMethod
    let methods: [LeafMethod] = loss == .mae ? [.exact, .gradient] : [.newton, .gradient]
    try check(
      methods.contains(method), "leafMethod", method.rawValue, methods.map(\.rawValue).joined(separator: ", "))
    switch sampling {
    case .none: break
    case .minimalVariance(let fraction), .bernoulli(let fraction):
      try check(fraction > 0 && fraction <= 1, "sampling", fraction, "above 0, up to 1")
    }
    try check(randomStrength >= 0 && randomStrength.isFinite, "randomStrength", randomStrength, "0 or more")
    try check((1...254).contains(borderCount), "borderCount", borderCount, "1 to 254")
    for (column, weight) in featureWeights.sorted(by: { $0.key < $1.key }) {
      try check(column >= 0 && weight >= 0 && weight.isFinite, "featureWeights", "\(column):\(weight)", "0 or more")
    }
    if let diffusionTemperature {
      try check(
        diffusionTemperature > 0 && diffusionTemperature.isFinite, "diffusionTemperature", diffusionTemperature,
        "above 0")
    }
    try check((0..<1).contains(modelShrinkRate), "modelShrinkRate", modelShrinkRate, "0 to below 1")
    try check(
      virtualEnsembles >= 0 && 2 * virtualEnsembles <= iterations, "virtualEnsembles", virtualEnsembles,
      "0 to \(iterations / 2), half the iterations")
    if let earlyStoppingRounds {
      try check(earlyStoppingRounds > 0, "earlyStoppingRounds", earlyStoppingRounds, "1 or more")
    }
    try check((0..<1).contains(heldOutFraction), "heldOutFraction", heldOutFraction, "0 to below 1")
  }
}
