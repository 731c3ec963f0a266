/// The training-time predictor of POPNAS: time features, with weights of operations from the training set, and boosted
/// trees. Reads cells of blocks in numbers, by default those of the bridge to NAS-Bench-201.
public struct PopnasTime: ColumnMethod {
  public var name = "popnas-time"
  /// The blocks first, as ``TwoBlockCell/tokens`` has them; more may follow, and stand as they are beside the time features.
  public var encodings: [EncodingChoice] = [.named("popnas-blocks")]
  /// Operations of the search space.
  public var operations = 4
  /// Cells that a cell may look back to.
  public var lookbacks = 1
  /// Of networks that use each cell before.
  public var stackedCells = 17
  /// By operation; nil for weights from the training set's times.
  public var weights: [Double]?
  /// What learns from the features: 2,500 trees; the features `cells`, `operation-score` and `concatenated` weigh more.
  public var trees: BoostedTrees = .popnasTime
  /// How settings of ``trees`` are found, as published; nil to keep those that they have, and to stop 50 trees after the
  /// best on a fifth of the rows.
  public var search: TreesSearch? = TreesSearch()

  public init() {}

  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)``, ``SurrogatesError/shape(_:)`` for cells
  /// that are not said in blocks, and ``SurrogatesError/tooFew(predictor:count:needed:)``.
  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    if let weights, weights.count != operations || !weights.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "weights", found: "\(weights)", allowed: "\(operations) numbers of 0 and more")
    }
    for (setting, value) in [
      ("operations", operations), ("lookbacks", lookbacks), ("stacked cells", stackedCells),
      ("encodings", encodings.count),
    ] where !(1...1000).contains(value) {
      throw SurrogatesError.badSetting(predictor: name, setting: setting, found: "\(value)", allowed: "1 to 1000")
    }
    let own = try training.selecting(encodings)
    guard own.count > 0 else { throw SurrogatesError.tooFew(predictor: name, count: 0, needed: 1) }
    let reader = CellBlockReader(operations: operations, lookbacks: lookbacks)
    let cells = try reader.cells(of: own.features)
    let features = TimeFeatures(
      weights: weights ?? OperationWeights.measured(cells, seconds: own.values, operations: operations),
      stackedCells: stackedCells)
    var trees = trees
    trees.encodings = PopnasTimePredictor.innerEncodings(encodings)
    let table = try TrainingSet(PopnasTimePredictor.inner(own.features, cells, features), own.values)
    if let search { trees = try search.best(of: trees, on: table, seed: seed) }
    let inner = try trees.fit(table, seed: seed)
    return PopnasTimePredictor(encodings: encodings, reader: reader, features: features, inner: inner)
  }
}

extension BoostedTrees {
  /// The boosting of POPNAS: 2,500 trees of the squared error, stopped 50 after the best on a fifth of the rows, and its
  /// weights of features.
  public static var popnasTime: BoostedTrees {
    var trees = BoostedTrees(name: "popnas-trees")
    trees.iterations = 2500
    trees.earlyStoppingRounds = 50
    trees.heldOutFraction = 0.2
    trees.featureWeights = [1: 1.5, 2: 1.5, 7: 1.2]
    return trees
  }

  /// Costs of spaces without blocks: the same boosting on the numbers of parameters and of floating-point operations.
  public static var costs: BoostedTrees {
    var trees = popnasTime
    trees.name = "cost-trees"
    trees.encodings = [.measurement("parameters"), .measurement("flops")]
    trees.featureWeights = [:]
    return trees
  }
}
