/// A Gaussian process with the Weisfeiler–Lehman kernel: the surrogate of NASBOWL (Ru, Wan, Dong and Osborne, ICLR 2021).
///
/// Kernel matrices are normalised, so variances are 1. Levels and noise are the most likely ones. NASBOWL learns log
/// errors: ``nasbowl``.
public struct GraphProcess: HoldingOutMethod {
  /// How counts of equal subtrees are compared.
  public enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
    /// The smaller one, the kernel of best assignments.
    case assignment
    case product
  }

  public let name = "nasbowl"
  /// Rounds of relabelling to choose from.
  public var levels = [0, 1, 2, 3]
  public var comparison = Comparison.assignment
  /// Of the noise's variance; the values' variance is 1.
  public var noiseBounds = 1e-7...0.1
  /// Levels and noise are chosen by so many rows at most, drawn by the seed.
  public var hyperparameterRows = 600
  /// So many rows are learnt from at most, drawn by the seed.
  public var largestTrainingSet = 5000

  public init() {}

  /// With the target of NASBOWL.
  public static var nasbowl: any PredictorMethod { GraphProcess().learning(.logError) }

  public var encodings: [EncodingChoice] { [.graph] }

  public func limits(for count: Int) -> [LearningLimit] {
    LearningLimit.of(name, count: count, largest: largestTrainingSet)
  }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try fitHoldingOut(training, seed: seed).predictor
  }

  public func fitHoldingOut(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit {
    let kernels = levels.map {
      WeisfeilerLehmanKernel(levels: $0, comparison: comparison == .product ? .product : .assignment)
    }
    let process = StructureProcess(
      name: name, encoding: .graph, kernels: kernels, noiseBounds: noiseBounds, variance: 1,
      hyperparameterRows: hyperparameterRows, largestTrainingSet: largestTrainingSet)
    try process.check(!levels.isEmpty && kernels.allSatisfy(\.isValid), "levels", levels, "one or more of 0...8")
    try process.checkBounds()
    return try process.fit(training, seed: seed)
  }
}
