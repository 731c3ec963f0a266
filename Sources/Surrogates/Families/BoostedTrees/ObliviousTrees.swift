import Records

/// T trees whose levels each ask one question of all rows, and what they start from.
struct ObliviousTrees {
  /// Asks whether a feature is greater than a border.
  struct Split: Hashable {
    let feature: Int32
    let border: Float
    let standin: FeatureBorders.Standin
  }

  /// D: numbers that a leaf holds.
  let dimension: Int
  /// D numbers that all rows start from.
  var bias: [Double]
  /// The questions of all trees, each once.
  private(set) var questions: [Split] = []
  /// The question of each level, tree after tree; the first of a tree gives the lowest bit of the leaf's number.
  private(set) var levels: [Int32] = []
  /// T+1: where the levels of a tree begin.
  private(set) var levelStarts: [Int32] = [0]
  /// T+1: where the values of a tree begin.
  private(set) var leafStarts: [Int32] = [0]
  /// D numbers a leaf.
  var leaves: [Double] = []
  /// How many training rows each leaf has.
  private(set) var leafCounts: [Double] = []
  private var places: [Split: Int32] = [:]

  /// Deeper trees are not grown and not read.
  static let deepest = 16

  init(dimension: Int, bias: [Double]) {
    self.dimension = dimension
    self.bias = bias
  }

  /// T.
  var count: Int { levelStarts.count - 1 }

  /// The questions of a tree, by place in ``questions``.
  func levels(of tree: Int) -> ArraySlice<Int32> { levels[Int(levelStarts[tree])..<Int(levelStarts[tree + 1])] }

  /// Leaves×D.
  func leaves(of tree: Int) -> ArraySlice<Double> { leaves[Int(leafStarts[tree])..<Int(leafStarts[tree + 1])] }

  func leafCounts(of tree: Int) -> ArraySlice<Double> {
    leafCounts[Int(leafStarts[tree]) / dimension..<Int(leafStarts[tree + 1]) / dimension]
  }

  mutating func append(_ splits: [Split], _ values: [Double], _ counts: [Double]) {
    for split in splits {
      if let place = places[split] {
        levels.append(place)
      } else {
        places[split] = Int32(questions.count)
        levels.append(Int32(questions.count))
        questions.append(split)
      }
    }
    levelStarts.append(Int32(levels.count))
    leaves += values
    leafStarts.append(Int32(leaves.count))
    leafCounts += counts
  }

  /// Keeps the first `count` trees.
  mutating func removeTrees(after count: Int) {
    levels.removeLast(levels.count - Int(levelStarts[count]))
    leaves.removeLast(leaves.count - Int(leafStarts[count]))
    leafCounts.removeLast(leafCounts.count - leaves.count / dimension)
    levelStarts.removeLast(self.count - count)
    leafStarts.removeLast(leafStarts.count - 1 - count)
  }

  // MARK: Model file

  func write(to archive: inout ArrayArchive) {
    archive.set("bias", bias)
    archive.set("question-features", questions.map(\.feature))
    archive.set("question-borders", questions.map(\.border))
    archive.set("question-standins", questions.map(\.standin.rawValue))
    archive.set("levels", levels)
    archive.set("level-starts", levelStarts)
    archive.set("leaves", leaves)
    archive.set("leaf-counts", leafCounts)
  }

  /// Trees over `width` features. Throws ``DamagedArchive`` for arrays that are no trees.
  init(from archive: ArrayArchive, dimension: Int, width: Int) throws {
    func damaged(_ what: String) -> DamagedArchive { DamagedArchive("\(what) of its trees do not fit") }
    self.init(dimension: dimension, bias: try archive.doubles("bias", count: dimension))
    let features = try archive.integers("question-features")
    let borders = try archive.floats("question-borders", count: features.count)
    let standins = try archive.bytes("question-standins", count: features.count)
    for place in features.indices {
      guard let standin = FeatureBorders.Standin(rawValue: standins[place]), features[place] >= 0,
        features[place] < width, !borders[place].isNaN
      else { throw damaged("the questions") }
      questions.append(Split(feature: features[place], border: borders[place], standin: standin))
    }
    levels = try archive.integers("levels")
    levelStarts = try archive.integers("level-starts")
    guard levels.allSatisfy({ $0 >= 0 && $0 < questions.count }), levelStarts.first == 0,
      Int(levelStarts.last ?? -1) == levels.count
    else { throw damaged("the levels") }
    var numbers = 0
    for (start, end) in zip(levelStarts, levelStarts.dropFirst()) {
      guard end >= start, Int(end) - Int(start) <= Self.deepest else { throw damaged("the levels") }
      numbers += (1 << (Int(end) - Int(start))) * dimension
      guard numbers <= Int(Int32.max) else { throw damaged("the leaves") }
      leafStarts.append(Int32(numbers))
    }
    leaves = try archive.doubles("leaves", count: numbers)
    leafCounts = try archive.doubles("leaf-counts", count: numbers / dimension)
  }
}
