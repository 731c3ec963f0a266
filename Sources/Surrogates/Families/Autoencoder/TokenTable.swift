/// Architectures as sequences of T tokens.
struct TokenTable: Sendable {
  /// N.
  let count: Int
  /// T.
  let positions: Int
  /// N×T.
  private(set) var tokens: [Int32]

  static let mostTokens = 4_096
  static let mostPositions = 1_024

  /// The one block of `features`. Throws ``SurrogatesError/shape(_:)`` for numbers that are no tokens.
  init(_ features: FeatureMatrix) throws {
    guard (1...Self.mostPositions).contains(features.width) else {
      throw SurrogatesError.shape(
        "sequences have 1 to \(Self.mostPositions) tokens, not \(features.width)")
    }
    let allowed = 0..<Double(Self.mostTokens)
    if let odd = features.values.first(where: { !allowed.contains($0) || $0 != $0.rounded() }) {
      throw SurrogatesError.shape("\(odd) is not a token; allowed: whole numbers from 0 to \(Self.mostTokens - 1)")
    }
    count = features.count
    positions = features.width
    tokens = features.values.map { Int32($0) }
  }

  /// One more than the largest token.
  var vocabulary: Int { Int(tokens.max() ?? 0) + 1 }

  /// The same with 0 for every token from `vocabulary` on: a model has learnt nothing of those.
  func known(to vocabulary: Int) -> TokenTable {
    var known = self
    for place in tokens.indices where Int(tokens[place]) >= vocabulary { known.tokens[place] = 0 }
    return known
  }

  /// The rows of `self`, then the first `extra` of `other`.
  func appending(_ other: TokenTable, first extra: Int) -> TokenTable {
    TokenTable(
      count: count + extra, positions: positions, tokens: tokens + other.tokens.prefix(extra * positions))
  }

  private init(count: Int, positions: Int, tokens: [Int32]) {
    self.count = count
    self.positions = positions
    self.tokens = tokens
  }

  subscript(row: Int, position: Int) -> Int32 { tokens[row * positions + position] }
}
