/// What each column adds to one prediction (Lundberg and Lee, 2017).
public struct Contributions: Hashable, Sendable {
  /// The prediction that is expected before any column is known.
  public let expected: Double
  /// One a column over all blocks; with `expected` they add up to the prediction.
  public let values: [Double]
}

extension BoostedTreesPredictor {
  /// Exact Shapley values of the mean, of trees as they stand: all of them, not the members of a virtual ensemble.
  ///
  /// As CatBoost's `ShapValues` and TreeSHAP (Lundberg et al., 2020): where a column is not known, both answers count by
  /// their shares of the training rows, and branches that no training row took count nothing, so that rows in leaves
  /// without training rows may not add up. Of a normal distribution, the values of its mean.
  /// Throws ``SurrogatesError`` where a block is missing or has another width.
  public func contributions(_ features: FeatureMatrix) throws -> [Contributions] {
    let features = try checked(features)
    var expected = trees.bias[0]
    var values = [[Double]](
      repeating: [Double](repeating: 0, count: features.width), count: features.count)
    for tree in 0..<trees.count {
      let game = TreeGame(trees, tree)
      expected += game.expected
      var known: [Int: [(feature: Int, value: Double)]] = [:]
      for row in 0..<features.count {
        let leaf = game.leaf(of: features, row)
        let parts = known[leaf] ?? game.contributions(of: leaf)
        known[leaf] = parts
        for part in parts { values[row][part.feature] += part.value }
      }
    }
    return values.map { Contributions(expected: expected, values: $0) }
  }
}

/// One tree as a game whose players are its features.
private struct TreeGame {
  private let questions: [ObliviousTrees.Split]
  private let values: [Double]
  /// Level by level from the root, whose question is the last one chosen: training rows below each node.
  private let rows: [[Double]]
  /// The distinct features, and which of them each level asks for.
  private let players: [Int]
  private let playerOf: [Int]
  let expected: Double

  init(_ trees: ObliviousTrees, _ tree: Int) {
    questions = trees.levels(of: tree).map { trees.questions[Int($0)] }
    let leaves = Array(trees.leaves(of: tree))
    values = stride(from: 0, to: leaves.count, by: trees.dimension).map { leaves[$0] }
    var rows = [Array(trees.leafCounts(of: tree))]
    for _ in questions {
      let below = rows[0]
      rows.insert(stride(from: 0, to: below.count, by: 2).map { below[$0] + below[$0 + 1] }, at: 0)
    }
    self.rows = rows
    var players: [Int] = []
    playerOf = questions.map { question in
      if let known = players.firstIndex(of: Int(question.feature)) { return known }
      players.append(Int(question.feature))
      return players.count - 1
    }
    self.players = players
    var total = 0.0
    for leaf in values.indices { total += values[leaf] * rows[rows.count - 1][leaf] }
    expected = rows[0][0] > 0 ? total / rows[0][0] : 0
  }

  func leaf(of features: FeatureMatrix, _ row: Int) -> Int {
    var leaf = 0
    for (bit, question) in questions.enumerated() {
      let value = question.standin.value(Float(features.values[row * features.width + Int(question.feature)]))
      if value > question.border { leaf |= 1 << bit }
    }
    return leaf
  }

  /// For a row in `own`: over all leaves with training rows, the leaf's value times each
  /// player's Shapley value in the game in which a coalition reaches the leaf with the product of its members' ones and
  /// the others' shares.
  func contributions(of own: Int) -> [(feature: Int, value: Double)] {
    let count = players.count
    var totals = [Double](repeating: 0, count: count)
    let depth = questions.count
    for leaf in values.indices where rows[depth][leaf] > 0 {
      var shares = [Double](repeating: 1, count: count)
      var ones = [Double](repeating: 1, count: count)
      for level in 0..<depth {
        let bit = depth - 1 - level
        let node = leaf >> (bit + 1)
        let child = leaf >> bit
        let player = playerOf[bit]
        shares[player] *= rows[level + 1][child] / rows[level][node]
        if (leaf ^ own) >> bit & 1 == 1 { ones[player] = 0 }
      }
      for player in 0..<count {
        totals[player] += values[leaf] * (ones[player] - shares[player]) * Self.weight(of: player, shares, ones)
      }
    }
    return zip(players, totals).map { ($0, $1) }
  }

  /// Σ over coalitions S of the other players of |S|!(n−|S|−1)!/n! · Π_S ones · Π_rest shares, by the coefficients of
  /// Π (share + one·t).
  private static func weight(of player: Int, _ shares: [Double], _ ones: [Double]) -> Double {
    let count = shares.count
    var coefficients = [Double](repeating: 0, count: count)
    coefficients[0] = 1
    var degree = 0
    for other in 0..<count where other != player {
      degree += 1
      for power in stride(from: degree, through: 1, by: -1) {
        coefficients[power] = coefficients[power] * shares[other] + coefficients[power - 1] * ones[other]
      }
      coefficients[0] *= shares[other]
    }
    var total = 0.0
    // |S|!(n−|S|−1)!/n!, from |S| = 0 on.
    var weight = 1 / Double(count)
    for size in 0..<count {
      total += weight * coefficients[size]
      if size + 1 < count { weight *= Double(size + 1) / Double(count - size - 1) }
    }
    return total
  }
}
