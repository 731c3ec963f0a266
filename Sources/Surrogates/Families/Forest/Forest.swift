public import Records

/// Trees that answer together: the mean of their means.
///
/// The epistemic variance is that of the trees' means (SMAC), the aleatoric one the mean of the variances within their
/// leaves: together, by the law of total variance, that of a value drawn from a leaf of a tree drawn at random.
public struct Forest: Predictor {
  public static let kind = "forest"

  public let encodings: [EncodingChoice]
  private let blocks: [FeatureMatrix.Block]
  private let trees: RegressionTrees
  private let varianceFloor: Double

  init(
    encodings: [EncodingChoice], blocks: [FeatureMatrix.Block], trees: RegressionTrees, varianceFloor: Double
  ) {
    self.encodings = encodings
    self.blocks = blocks
    self.trees = trees
    self.varianceFloor = varianceFloor
  }

  public var treeCount: Int { trees.roots.count }
  public var leafCount: Int { trees.columns.count { $0 < 0 } }

  /// O(rows · trees · depth), on all processors.
  public func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let own = try features.selecting(encodings)
    guard own.blocks == blocks else {
      throw SurrogatesError.shape("the features have other widths than in training")
    }
    let stretch = 256
    let stretches = stride(from: 0, to: own.count, by: stretch).map { $0..<min($0 + stretch, own.count) }
    return try stretches.concurrentMap { rows in
      tallies(own, rows, trees: 0..<treeCount).map { $0.prediction(varianceFloor) }
    }.flatMap { $0 }
  }

  /// By row of `features`, what the trees say whose list of `unseen` rows has it; nil where none does.
  func outOfBag(_ features: FeatureMatrix, unseen: [[Int]]) -> [Prediction?] {
    var tallies = [Tally](repeating: Tally(), count: features.count)
    for (tree, rows) in unseen.enumerated() {
      let found = self.tallies(features.rows(rows), 0..<rows.count, trees: tree..<tree + 1)
      for (row, tally) in zip(rows, found) { tallies[row].add(tally.first, variance: tally.variances) }
    }
    return tallies.map { $0.count > 0 ? $0.prediction(varianceFloor) : nil }
  }

  private func tallies(_ features: FeatureMatrix, _ rows: Range<Int>, trees which: Range<Int>) -> [Tally] {
    var tallies = [Tally](repeating: Tally(), count: rows.count)
    tallies.withUnsafeMutableBufferPointer { tallies in
      features.values.withUnsafeBufferPointer { values in
        trees.forEachLeaf(of: values, width: features.width, trees: which, rows: rows) { _, row, leaf in
          tallies[row - rows.lowerBound].add(trees.means[leaf], variance: trees.variances[leaf])
        }
      }
    }
    return tallies
  }

  /// Sums over trees, in their order.
  private struct Tally {
    var count = 0
    /// The first tree's mean, from which others are counted: equal means have no variance.
    var first = 0.0
    var sum = 0.0
    var squares = 0.0
    var variances = 0.0

    @inline(__always) mutating func add(_ mean: Double, variance: Double) {
      if count == 0 { first = mean }
      let difference = mean - first
      count += 1
      sum += difference
      squares += difference * difference
      variances += variance
    }

    func prediction(_ varianceFloor: Double) -> Prediction {
      let mean = sum / Double(count)
      let across = max(squares / Double(count) - mean * mean, varianceFloor)
      return Prediction(
        mean: first + mean, aleatoric: (variances / Double(count)).squareRoot(), epistemic: across.squareRoot())
    }
  }

  // MARK: Model files

  private struct Settings: Codable {
    let encodings: [String]
    let blocks: [FeatureMatrix.Block]
    let varianceFloor: Double
  }

  public func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(encodings: encodings.map(\.description), blocks: blocks, varianceFloor: varianceFloor))
    trees.write(to: &archive)
  }

  public init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    encodings = settings.encodings.map { EncodingChoice($0) }
    blocks = settings.blocks
    varianceFloor = settings.varianceFloor
    guard blocks.map(\.name) == settings.encodings, !blocks.isEmpty,
      blocks.allSatisfy({ (0...1 << 20).contains($0.width) }), blocks.count <= 1 << 10,
      varianceFloor >= 0, varianceFloor.isFinite
    else { throw DamagedArchive("the settings of its forest are invalid") }
    trees = try RegressionTrees(from: archive, width: blocks.reduce(0) { $0 + $1.width })
  }
}
