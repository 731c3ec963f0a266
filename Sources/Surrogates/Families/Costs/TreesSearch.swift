import Records

/// A random search of boosted trees' settings, with the ranges of POPNAS's training-time predictor (Lomurno et al., 2022)
/// and the rules of CatBoost's `randomized_search` that it calls.
///
/// Every draw learns from the same part of the rows, stops and is compared by its squared error on the others; the best
/// settings then learn from all rows, and nothing stops or cuts those trees. The authors draw a bagging temperature too:
/// CatBoost 1.2.8 leaves it out, because its sampling of rows stays that of minimal variance.
public struct TreesSearch: Hashable, Sendable {
  public var draws = 40
  /// The part of the rows that draws are compared on.
  public var heldOutFraction = 0.2
  public var learningRates = 0.02...0.22
  public var depths = 3...6
  public var l2LeafRegularisations = 0.1...5.1
  public var randomStrengths = 0.3...3.3

  public init() {}

  /// `trees` with the best settings that were drawn, to be fitted to all rows. With so few rows that none would be held
  /// out, `trees` as they are.
  ///
  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)``.
  package func best(of trees: BoostedTrees, on training: TrainingSet, seed: UInt64) throws -> BoostedTrees {
    try validate(for: trees.name)
    let generator = SeededGenerator(seed: seed)
    var order = Array(0..<training.count)
    var shuffling = generator.stream("search rows")
    shuffling.shuffle(&order)
    let heldOut = Int((heldOutFraction * Double(training.count)).rounded())
    guard heldOut > 0, heldOut < training.count else { return trees }
    let judged = try training.rows(order.prefix(heldOut).sorted())
    let learnt = try training.rows(order.dropFirst(heldOut).sorted())
    var drawing = generator.stream("search settings")
    let candidates = (0..<draws).map { _ in drawn(trees, &drawing) }
    let errors = try candidates.concurrentMap { candidate in
      let means = try candidate.fitted(to: learnt, evaluation: judged, seed: seed).predict(judged.features).map(\.mean)
      return zip(means, judged.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let lowest = errors.indices.min { errors[$0] < errors[$1] } ?? 0
    var best = candidates[lowest]
    best.heldOutFraction = 0
    best.earlyStoppingRounds = nil
    return best
  }

  private func drawn(_ trees: BoostedTrees, _ generator: inout SeededGenerator) -> BoostedTrees {
    func number(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
    }
    var trees = trees
    trees.learningRate = number(learningRates)
    trees.depth = depths.lowerBound + generator.integer(below: depths.count)
    trees.l2LeafRegularisation = number(l2LeafRegularisations)
    trees.randomStrength = number(randomStrengths)
    return trees
  }

  private func validate(for predictor: String) throws {
    guard (1...10_000).contains(draws) else {
      throw SurrogatesError.badSetting(
        predictor: predictor, setting: "search draws", found: "\(draws)", allowed: "1 to 10000")
    }
    guard heldOutFraction > 0, heldOutFraction < 1 else {
      throw SurrogatesError.badSetting(
        predictor: predictor, setting: "search heldOutFraction", found: "\(heldOutFraction)",
        allowed: "above 0, below 1")
    }
  }
}
