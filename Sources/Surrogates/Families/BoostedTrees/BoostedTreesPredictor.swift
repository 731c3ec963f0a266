import Foundation
public import Records

/// Boosted oblivious trees that have learnt.
public struct BoostedTreesPredictor: Predictor {
  public static let kind = "boosted-trees"

  struct Shape: Codable {
    let loss: TreeLoss
    let blocks: [FeatureMatrix.Block]
    let virtualEnsembles: Int
    /// What all trees before were multiplied by at each tree.
    let shrinkage: Double
    let learningRate: Double
  }

  let trees: ObliviousTrees
  let shape: Shape

  init(trees: ObliviousTrees, shape: Shape) {
    self.trees = trees
    self.shape = shape
  }

  public var encodings: [EncodingChoice] { shape.blocks.map { EncodingChoice($0.name) } }
  /// How many trees there are: fewer than asked for where training was stopped early.
  public var treeCount: Int { trees.count }
  /// The rate that was learnt with, given or automatic.
  public var learningRate: Double { shape.learningRate }

  /// Mean; the deviation that trees of ``TreeLoss/rmseWithUncertainty`` give, as aleatoric; the deviation of the means
  /// of the virtual ensemble's members, as epistemic.
  public func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let features = try checked(features)
    let cuts = VirtualEnsembles(trees: trees.count, members: shape.virtualEnsembles, shrinkage: shape.shrinkage)
    let members = cuts.ends.count
    // N×members.
    var means = [Double](repeating: 0, count: features.count * members)
    var variances = [Double](repeating: 0, count: features.count)
    trees.apply(to: features, cuts: cuts.ends) { row, cut, sums in
      means[row * members + cut] = sums[0] * cuts.factors[cut]
      if shape.loss == .rmseWithUncertainty { variances[row] += exp(2 * sums[1] * cuts.factors[cut]) }
    }
    return (0..<features.count).map { row in
      let own = means[row * members..<(row + 1) * members]
      let mean = own.reduce(0, +) / Double(members)
      let spread = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(members)
      return Prediction(
        mean: mean, aleatoric: (variances[row] / Double(members)).squareRoot(),
        epistemic: spread.squareRoot())
    }
  }

  /// The blocks that. Throws ``SurrogatesError`` where one is missing or has another width.
  func checked(_ features: FeatureMatrix) throws -> FeatureMatrix {
    let features = try features.selecting(encodings)
    for (found, learnt) in zip(features.blocks, shape.blocks) where found.width != learnt.width {
      throw SurrogatesError.shape("\(found.name) has \(found.width) numbers; in training it had \(learnt.width)")
    }
    return features
  }

  // MARK: Model file

  public func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(shape)
    trees.write(to: &archive)
  }

  public init(from archive: ArrayArchive) throws {
    let shape = try archive.settings(Shape.self)
    guard !shape.blocks.isEmpty, shape.blocks.allSatisfy({ (0...1_000_000).contains($0.width) }),
      shape.virtualEnsembles >= 0, shape.shrinkage > 0, shape.shrinkage <= 1
    else { throw DamagedArchive("the settings of its trees are out of range") }
    let width = shape.blocks.reduce(0) { $0 + $1.width }
    self.init(
      trees: try ObliviousTrees(from: archive, dimension: shape.loss.dimension, width: width), shape: shape)
  }
}
