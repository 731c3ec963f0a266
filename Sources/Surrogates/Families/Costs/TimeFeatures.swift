public import Spaces

/// The features that POPNAS predicts training times from (Lomurno et al., 2022), after the authors' code.
public struct TimeFeatures: Hashable, Sendable, Codable {
  /// What the numbers of ``values(of:)`` are, in their order.
  public enum Feature: String, CaseIterable, Hashable, Sendable {
    case blocks
    /// Cells of the network.
    case cells
    /// Σ of the weights of all operations.
    case operationScore = "operation-score"
    /// 1 where the cell looks back to several earlier cells.
    case multipleLookbacks = "multiple-lookbacks"
    /// The share of the score whose input is an earlier cell.
    case firstLevelShare = "first-level-share"
    /// Inputs that are blocks of the cell.
    case blockDependencies = "block-dependencies"
    /// Blocks on the longest chain.
    case depth
    /// Blocks whose outputs are concatenated: those that no block uses; 0 where there is one.
    case concatenated
    /// The share of the score that stands before one operand of an output block, itself included, at most.
    case heaviestPathShare = "heaviest-path-share"
  }

  /// By operation.
  public let weights: [Double]
  /// Cells of a network that uses each cell before; those that look further back have fewer.
  public let stackedCells: Int

  /// `weights` must not be negative.
  public init(weights: [Double], stackedCells: Int = 17) {
    self.weights = weights
    self.stackedCells = stackedCells
  }

  /// Weights by the authors' dynamic reindex: |tₒ − t₀| / maxₒ|tₒ − t₀|, where tₒ is the training time of the cell of one
  /// block (−1, o, −1, o) and t₀ that of the empty cell. All 0 where they all take as long.
  public static func dynamicReindex(operationSeconds: [Double], emptySeconds: Double) -> [Double] {
    let differences = operationSeconds.map { abs($0 - emptySeconds) }
    let largest = differences.max() ?? 0
    return differences.map { largest > 0 ? $0 / largest : 0 }
  }

  /// Nine numbers. A cell without blocks, or whose operations weigh nothing, has shares of 1.
  public func values(of blocks: [CellBlock]) -> [Double] {
    guard !blocks.isEmpty else { return [0, 0, 0, 0, 1, 0, 0, 0, 1] }
    let lookbacks = Set(blocks.flatMap(\.inputs).filter { $0 < 0 })
    let score = blocks.flatMap(\.operations).reduce(0) { $0 + weights[$1] }
    let firstLevel = blocks.reduce(0) { sum, block in
      zip(block.inputs, block.operations).reduce(sum) { $1.0 < 0 ? $0 + weights[$1.1] : $0 }
    }
    let used = Set(blocks.flatMap(\.inputs).filter { $0 >= 0 })
    let outputs = blocks.indices.filter { !used.contains($0) }
    var depths: [Int] = []
    for block in blocks { depths.append(1 + (block.inputs.filter { $0 >= 0 }.map { depths[$0] }.max() ?? 0)) }
    let depth = depths.max() ?? 0
    let heaviest =
      depth == 1
      ? blocks.flatMap(\.operations).map { weights[$0] }.max() ?? 0
      : outputs.flatMap { branches(of: $0, in: blocks) }.max() ?? 0
    let nearest = lookbacks.max().map { -$0 } ?? 1
    return [
      Double(blocks.count), Double((stackedCells + nearest - 1) / nearest), score, lookbacks.count > 1 ? 1 : 0,
      score > 0 ? firstLevel / score : 1, Double(blocks.flatMap(\.inputs).count { $0 >= 0 }), Double(depth),
      outputs.count > 1 ? Double(outputs.count) : 0, score > 0 ? heaviest / score : 1,
    ]
  }

  /// For both operations of `block`, their weight and that of all operations that come before them.
  private func branches(of block: Int, in blocks: [CellBlock]) -> [Double] {
    zip(blocks[block].inputs, blocks[block].operations).map { input, operation in
      var before: Set<Int> = []
      var open = input >= 0 ? [input] : []
      while let next = open.popLast() {
        if before.insert(next).inserted { open += blocks[next].inputs.filter { $0 >= 0 } }
      }
      return before.sorted().reduce(weights[operation]) { sum, earlier in
        blocks[earlier].operations.reduce(sum) { $0 + weights[$1] }
      }
    }
  }
}
