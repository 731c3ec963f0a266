/// A Gaussian process with the gap-weighted subsequence kernel on tokens (Lodhi et al., 2002; BOSS: Moss, Beck, González,
/// Leslie and Rayson, NeurIPS 2020).
///
/// Decays and the greatest length are the most likely ones of a grid, variance and noise the most likely ones.
public struct StringProcess: HoldingOutMethod {
  public let name = "gp-string"
  /// Greatest lengths of subsequences to choose from.
  public var longest = [2, 3, 4, 5]
  /// What a token counts, to choose from.
  public var matchDecays = [0.3, 0.6, 0.9]
  /// What a token between two others leaves of a match, to choose from.
  public var gapDecays = [0.1, 0.3, 0.6, 0.9]
  /// Of the noise's variance, relative to the kernel's.
  public var noiseBounds = 1e-5...2.0
  /// All these are chosen by so many rows at most, drawn by the seed.
  public var hyperparameterRows = 200
  /// So many rows are learnt from at most, drawn by the seed.
  public var largestTrainingSet = 5000

  public init() {}

  public var encodings: [EncodingChoice] { [.sequence] }

  public func limits(for count: Int) -> [LearningLimit] {
    LearningLimit.of(name, count: count, largest: largestTrainingSet)
  }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try fitHoldingOut(training, seed: seed).predictor
  }

  public func fitHoldingOut(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit {
    let kernels = gapDecays.flatMap { gap in
      matchDecays.flatMap { match in
        longest.map { SubsequenceKernel(longest: $0, matchDecay: match, gapDecay: gap) }
      }
    }
    let process = StructureProcess(
      name: name, encoding: .sequence, kernels: kernels, noiseBounds: noiseBounds, variance: nil,
      hyperparameterRows: hyperparameterRows, largestTrainingSet: largestTrainingSet)
    try process.check(
      !kernels.isEmpty && kernels.allSatisfy(\.isValid), "longest, matchDecays, gapDecays",
      "\(longest), \(matchDecays), \(gapDecays)", "lengths of 1...16, decays of more than 0 to 1")
    try process.checkBounds()
    return try process.fit(training, seed: seed)
  }
}
