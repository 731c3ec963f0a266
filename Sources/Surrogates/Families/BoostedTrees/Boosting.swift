/// One fit of boosted trees: what is fixed while trees are added, and the loop that adds them.
struct Boosting {
  private let settings: BoostedTrees
  private let training: TrainingSet
  private let evaluation: TrainingSet?
  private let dimension: Int
  private let learningRate: Double
  /// What all sums are multiplied by before each tree but the first.
  private let shrinkage: Double
  private let langevin: LangevinNoise?
  private let estimation: LeafEstimation

  init(_ settings: BoostedTrees, _ training: TrainingSet, _ evaluation: TrainingSet?) {
    self.settings = settings
    self.training = training
    self.evaluation = evaluation
    dimension = settings.loss.dimension
    let method = settings.leafMethod ?? settings.loss.leafMethod
    // CatBoost keeps the rate in 32 bits.
    let rate = settings.learningRate ?? Self.automaticRate(settings, training.count, evaluation != nil)
    learningRate = Double(Float(rate))
    let rows = Double(training.count)
    shrinkage = 1 - learningRate * (settings.posteriorSampling ? 1 / (2 * rows) : settings.modelShrinkRate)
    let temperature = settings.posteriorSampling ? rows : settings.diffusionTemperature
    langevin = temperature.map { [learningRate] in LangevinNoise(learningRate: learningRate, temperature: $0) }
    estimation = LeafEstimation(
      method: method, l2: settings.l2LeafRegularisation, countsAreHessians: settings.loss == .rmse)
  }

  /// CatBoost leaves its automatic rate alone as soon as the leaves are not estimated by its defaults.
  private static func automaticRate(_ settings: BoostedTrees, _ rows: Int, _ evaluates: Bool) -> Double {
    guard settings.loss == .rmse, settings.leafMethod == nil, settings.l2LeafRegularisation == 3 else {
      return AutomaticLearningRate.fallback
    }
    return AutomaticLearningRate.rate(
      rows: rows, trees: settings.iterations, usesBestModel: evaluates && settings.usesBestModel, startsFromMean: true)
  }

  func run(_ draws: NormalDraws) throws -> BoostedTreesPredictor {
    var normal = draws
    let count = training.count
    let features = QuantisedFeatures(
      training.features, borderCount: settings.borderCount, missing: settings.missingValues)
    let width = training.features.width
    let weights =
      settings.featureWeights.isEmpty ? [] : (0..<width).map { settings.featureWeights[$0] ?? 1 }
    let grower = TreeGrower(
      features, dimension: dimension, depth: settings.depth, l2: settings.l2LeafRegularisation,
      score: settings.score, featureWeights: weights)
    let targets = training.values.map { Double(Float($0)) }
    guard targets.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("a value does not fit into 32 bits; transform the values")
    }
    let state = BoostingState(rows: count, dimension: dimension, start: settings.loss.start(targets))
    var trees = ObliviousTrees(dimension: dimension, bias: settings.loss.start(targets))
    var follower = evaluation.map { EvaluationFollower($0, settings, trees.bias) }
    for tree in 0..<settings.iterations {
      if tree > 0, shrinkage < 1 {
        state.scale(by: shrinkage)
        follower?.scale(by: shrinkage)
      }
      settings.loss.derivatives(state.sums, targets, count, state.first, state.second)
      settings.sampling.weights(
        state.first, count: count, dimension: dimension, lastLeaves: tree == 0 ? [] : trees.leaves(of: tree - 1),
        &normal, into: state.weights)
      state.weighDerivatives()
      let noise = ScoreNoise.deviation(
        strength: settings.randomStrength, state.first, count: count, dimension: dimension, langevin: langevin,
        tree: tree, learningRate: learningRate, &normal)
      let splits = grower.grow(state.weighted, state.weights, noise: noise, &normal)
      var (values, counts) = estimation.values(
        grower.leafOf, rows: count, leaves: 1 << splits.count, dimension: dimension, state.first, state.second,
        residual: { targets[$0] - state.sums[$0] }, langevin: langevin, &normal)
      for place in values.indices { values[place] *= learningRate }
      state.add(values, grower.leafOf)
      trees.append(
        splits.map {
          let borders = features.borders[$0.feature]
          return ObliviousTrees.Split(
            feature: Int32($0.feature), border: borders.borders[$0.border], standin: borders.standin)
        }, values, counts)
      if follower?.add(trees) == true { break }
    }
    unshrink(&trees)
    if let follower, settings.usesBestModel { trees.removeTrees(after: follower.bestCount) }
    guard trees.bias.allSatisfy(\.isFinite), trees.leaves.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("boosting has diverged; a smaller learning rate may help")
    }
    return BoostedTreesPredictor(
      trees: trees,
      shape: BoostedTreesPredictor.Shape(
        loss: settings.loss, blocks: training.features.blocks, virtualEnsembles: settings.virtualEnsembles,
        shrinkage: shrinkage, learningRate: learningRate))
  }

  /// Multiplies the bias and every tree by the shrinkage of all trees after it.
  private func unshrink(_ trees: inout ObliviousTrees) {
    guard shrinkage < 1 else { return }
    var factor = 1.0
    for tree in (0..<trees.count).reversed() {
      for place in Int(trees.leafStarts[tree])..<Int(trees.leafStarts[tree + 1]) { trees.leaves[place] *= factor }
      if tree > 0 { factor *= shrinkage }
    }
    for part in trees.bias.indices { trees.bias[part] *= factor }
  }
}

/// The numbers of the training rows that every tree changes, all D×N or N.
final class BoostingState {
  private let rows: Int
  private let dimension: Int
  let sums: UnsafeMutablePointer<Double>
  let first: UnsafeMutablePointer<Double>
  let second: UnsafeMutablePointer<Double>
  let weighted: UnsafeMutablePointer<Double>
  let weights: UnsafeMutablePointer<Double>

  init(rows: Int, dimension: Int, start: [Double]) {
    self.rows = rows
    self.dimension = dimension
    func numbers(_ count: Int) -> UnsafeMutablePointer<Double> {
      let pointer = UnsafeMutablePointer<Double>.allocate(capacity: max(1, count))
      pointer.initialize(repeating: 0, count: max(1, count))
      return pointer
    }
    sums = numbers(rows * dimension)
    first = numbers(rows * dimension)
    second = numbers(rows * dimension)
    weighted = numbers(rows * dimension)
    weights = numbers(rows)
    for part in 0..<dimension { (sums + part * rows).update(repeating: start[part], count: rows) }
  }

  deinit {
    for pointer in [sums, first, second, weighted, weights] { pointer.deallocate() }
  }

  func scale(by factor: Double) {
    for place in 0..<rows * dimension { sums[place] *= factor }
  }

  func weighDerivatives() {
    for part in 0..<dimension {
      let first = first + part * rows
      let weighted = weighted + part * rows
      for row in 0..<rows { weighted[row] = first[row] * weights[row] }
    }
  }

  /// Adds a tree. values: leaves×D.
  func add(_ values: [Double], _ leafOf: UnsafePointer<UInt32>) {
    for part in 0..<dimension {
      let sums = sums + part * rows
      values.withUnsafeBufferPointer { values in
        for row in 0..<rows { sums[row] += values[Int(leafOf[row]) &* dimension &+ part] }
      }
    }
  }
}

/// The loss on rows that are not learnt from, tree after tree.
struct EvaluationFollower {
  private let features: FeatureMatrix
  private let targets: [Double]
  private let loss: TreeLoss
  private let patience: Int?
  /// D×M.
  private var sums: [Double]
  private var lowest = Double.infinity
  private var added = 0
  /// How many trees had the smallest loss.
  private(set) var bestCount = 0

  init(_ evaluation: TrainingSet, _ settings: BoostedTrees, _ start: [Double]) {
    features = evaluation.features
    targets = evaluation.values.map { Double(Float($0)) }
    loss = settings.loss
    patience = settings.earlyStoppingRounds
    sums = start.flatMap { [Double](repeating: $0, count: evaluation.count) }
  }

  mutating func scale(by factor: Double) {
    for place in sums.indices { sums[place] *= factor }
  }

  /// Adds the last of `trees`; true when it is time to stop.
  mutating func add(_ trees: ObliviousTrees) -> Bool {
    let tree = trees.count - 1
    let questions = trees.levels(of: tree).map { trees.questions[Int($0)] }
    let leaves = Array(trees.leaves(of: tree))
    for row in 0..<targets.count {
      var leaf = 0
      for (bit, question) in questions.enumerated() {
        let value = Float(features.values[row * features.width + Int(question.feature)])
        if question.standin.value(value) > question.border { leaf |= 1 << bit }
      }
      for part in 0..<loss.dimension { sums[part * targets.count + row] += leaves[leaf * loss.dimension + part] }
    }
    added += 1
    let value = loss.value(sums, targets)
    if value < lowest {
      lowest = value
      bestCount = added
    }
    guard let patience else { return false }
    return added - bestCount >= patience
  }
}
