import Foundation
import Records

/// Exact Gaussian process regression (Rasmussen and Williams, 2006) with any ``KernelExpression``.
///
/// Learns values of mean 0 and variance 1. Hyperparameters are the most probable ones or samples of all that are probable.
/// O(N³) for N rows.
public struct GaussianProcess: HoldingOutMethod {
  /// What becomes of the hyperparameters.
  public enum Inference: Hashable, Sendable {
    /// The most probable ones, the best of some searches.
    case maximum(searches: Int)
    /// Slice sampling from there; predictions are mixtures (Snoek, Larochelle and Adams, 2012).
    case samples(Int, burnIn: Int, thinning: Int)
  }

  public var name = "gp"
  public var kernel = KernelExpression.scaled(.stationary(.matern52, over: [KernelDistance(.summary)]))
  public var inference = Inference.maximum(searches: 1)
  /// Of length scales, in units of √d of their kernel of d columns.
  public var lengthScalePrior = Hyperprior.logNormal(median: 1, spread: 1)
  public var lengthScaleBounds = 1e-2...1e3
  /// Of kernel variances; the values' variance is 1.
  public var variancePrior = Hyperprior.logNormal(median: 1, spread: 1.5)
  public var varianceBounds = 0.02...150.0
  /// Of the noise's variance.
  public var noisePrior = Hyperprior.logNormal(median: 0.1, spread: 1.5)
  public var noiseBounds = 1e-4...2.0
  /// Steps of L-BFGS, each search.
  public var iterations = 60
  /// Hyperparameters are learnt from so many rows at most, drawn by the seed; what is predicted follows from all rows.
  public var hyperparameterRows = 600
  /// So many rows are learnt from at most, drawn by the seed: N² numbers are kept.
  public var largestTrainingSet = 5000

  public init() {}

  public var encodings: [EncodingChoice] { kernel.encodings }

  public func limits(for count: Int) -> [LearningLimit] {
    LearningLimit.of(name, count: count, largest: largestTrainingSet)
  }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try learn(training, seed: seed).predictor
  }

  /// Held out is a row's value; the hyperparameters have seen it. O(N³), as ``fit(_:seed:)``.
  public func fitHoldingOut(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit {
    let (predictor, rows) = try learn(training, seed: seed)
    return try HeldOutFit(predictor: predictor, knowing: predictor.leaveOneOut(), of: rows, in: training)
  }

  private func learn(
    _ training: TrainingSet, seed: UInt64
  ) throws -> (predictor: GaussianProcessPredictor, rows: [Int]) {
    try checkSettings()
    guard training.count >= 2 else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2)
    }
    let generator = SeededGenerator(seed: seed)
    let rows = Self.draw(largestTrainingSet, of: Array(0..<training.count), generator.stream("rows"))
    let features = try training.features.selecting(encodings).rows(rows)
    let values = StandardisedValues(rows.map { training.values[$0] })
    let program = try KernelProgram(kernel, features)
    let few = Self.draw(hyperparameterRows, of: Array(0..<rows.count), generator.stream("hyperparameters"))
    let likelihood = MarginalLikelihood(
      ProgramCovariance(program, features.rows(few)), few.map { values.standardised[$0] })
    let members = try hyperparameters(likelihood, program, seed: seed)
    let predictor = try GaussianProcessPredictor(
      program: program, features: features, values: values, hyperparameters: members)
    return (predictor, rows)
  }

  private func hyperparameters(
    _ likelihood: MarginalLikelihood<ProgramCovariance>, _ program: KernelProgram, seed: UInt64
  ) throws -> [[Double]] {
    let scales = [HyperparameterSearch.Belief](
      repeating: .init(lengthScalePrior, within: lengthScaleBounds), count: program.lengthScaleCount)
    let variances = [HyperparameterSearch.Belief](
      repeating: .init(variancePrior, within: varianceBounds), count: program.parameterCount - scales.count)
    var search = HyperparameterSearch(beliefs: scales + variances + [.init(noisePrior, within: noiseBounds)])
    search.iterations = iterations
    switch inference {
    case .maximum(let searches):
      search.starts = searches
      return [try search.maximum(of: likelihood, seed: seed).point]
    case .samples(let count, let burnIn, let thinning):
      var sampler = SliceSampler()
      sampler.burnIn = burnIn
      sampler.thinning = thinning
      let start = try search.maximum(of: likelihood, seed: seed).point
      return search.samples(count, from: start, of: likelihood, sampler: sampler, seed: seed)
    }
  }

  /// `limit` of `rows` at most, ascending.
  static func draw(_ limit: Int, of rows: [Int], _ generator: SeededGenerator) -> [Int] {
    guard rows.count > limit else { return rows }
    var generator = generator
    var shuffled = rows
    generator.shuffle(&shuffled)
    return shuffled.prefix(limit).sorted()
  }

  private func checkSettings() throws {
    func require(_ condition: Bool, _ setting: String, _ found: Any, _ allowed: String) throws {
      guard !condition else { return }
      throw SurrogatesError.badSetting(predictor: name, setting: setting, found: "\(found)", allowed: allowed)
    }
    try require(kernel.isWellFormed, "kernel", kernel, "64 nodes at most, no sum or product of nothing")
    for (setting, prior) in [
      ("lengthScalePrior", lengthScalePrior), ("variancePrior", variancePrior), ("noisePrior", noisePrior),
    ] { try require(prior.isValid, setting, prior, "positive numbers") }
    for (setting, bounds) in [
      ("lengthScaleBounds", lengthScaleBounds), ("varianceBounds", varianceBounds), ("noiseBounds", noiseBounds),
    ] { try require(bounds.lowerBound > 0 && bounds.upperBound.isFinite, setting, bounds, "positive finite numbers") }
    try require(iterations >= 1, "iterations", iterations, "1 and more")
    try require(hyperparameterRows >= 2, "hyperparameterRows", hyperparameterRows, "2 and more")
    try require((2...46_000).contains(largestTrainingSet), "largestTrainingSet", largestTrainingSet, "2...46000")
    switch inference {
    case .maximum(let searches): try require(searches >= 1, "searches", searches, "1 and more")
    case .samples(let count, let burnIn, let thinning):
      try require(count >= 1 && burnIn >= 0 && thinning >= 1, "samples", inference, "1 and more, burn-in 0 and more")
    }
  }
}
