/// A cell of one or two POPNAS blocks that NAS-Bench-201 has measured: the bridge of the POPNAS authors' code.
///
/// A block sums two operations. Each reads the cell before (-1); the second operation of the second block may read the
/// first block (0) instead. Edges 0→1…2→3 become skip | op2 of block 1 | op1 of block 1 | op1, then op2 of block 2, the
/// latter on 1→3 where it reads -1 and on 2→3 where it reads 0. A cell of one block has only a skip behind it, and one
/// whose second block reads -1 twice leaves its first block unread.
public struct TwoBlockCell: Hashable, Sendable {
  /// What a block can do, in POPNAS's words identity, 1x1 conv, 3x3 conv and 3x3 avgpool.
  public static let operations: [NASBench201Operation] = [.skip, .convolution1, .convolution3, .averagePool]

  public struct FirstBlock: Hashable, Sendable {
    public let first: NASBench201Operation
    public let second: NASBench201Operation
  }

  public struct SecondBlock: Hashable, Sendable {
    public let first: NASBench201Operation
    public let second: NASBench201Operation
    /// True where the second operation reads the first block, false where it reads the cell before.
    public let readsFirstBlock: Bool
  }

  /// Nil for the empty cell.
  public let firstBlock: FirstBlock?
  /// Nil for a cell of at most one block.
  public let secondBlock: SecondBlock?

  private init(_ firstBlock: FirstBlock?, _ secondBlock: SecondBlock?) {
    self.firstBlock = firstBlock
    self.secondBlock = secondBlock
  }

  /// The blocks that `cell` stands for; nil for a cell that is on no bridge.
  public init?(_ cell: NASBench201Space.Architecture) {
    let edges = cell.operations
    guard edges[0] == .skip else { return nil }
    if edges == Self.emptyEdges {
      self.init(nil, nil)
      return
    }
    let first = FirstBlock(first: edges[2], second: edges[1])
    guard first.first != .none, first.second != .none else { return nil }
    switch (edges[3], edges[4], edges[5]) {
    case (.none, .none, .skip): self.init(first, nil)
    case (.none, _, _), (_, .none, .none): return nil
    case (let one, let two, .none):
      self.init(first, SecondBlock(first: one, second: two, readsFirstBlock: false))
    case (let one, .none, let two):
      self.init(first, SecondBlock(first: one, second: two, readsFirstBlock: true))
    default: return nil
    }
  }

  /// The cell that NAS-Bench-201 has measured.
  public var cell: NASBench201Space.Architecture {
    var edges = Self.emptyEdges
    if let firstBlock {
      edges = [.skip, firstBlock.second, firstBlock.first, .none, .none, .skip]
      if let secondBlock {
        edges[3] = secondBlock.first
        edges[4] = secondBlock.readsFirstBlock ? .none : secondBlock.second
        edges[5] = secondBlock.readsFirstBlock ? secondBlock.second : .none
      }
    }
    return NASBench201Space.Architecture(digits: edges.map { Int($0.rawValue) })
  }

  /// 0, 1 or 2.
  public var blockCount: Int { secondBlock != nil ? 2 : firstBlock != nil ? 1 : 0 }

  /// Two blocks of (input, operation, input, operation): inputs -1 and 0 as 1 and 2, operations as 1...4 by
  /// ``operations``, 0 for what is not there. POPNAS's categorical encoding of a cell.
  public var tokens: [Int] {
    func number(_ operation: NASBench201Operation) -> Int { (Self.operations.firstIndex(of: operation) ?? -1) + 1 }
    var tokens = [Int](repeating: 0, count: 8)
    if let firstBlock {
      tokens.replaceSubrange(0..<4, with: [1, number(firstBlock.first), 1, number(firstBlock.second)])
    }
    if let secondBlock {
      let input = secondBlock.readsFirstBlock ? 2 : 1
      tokens.replaceSubrange(4..<8, with: [1, number(secondBlock.first), input, number(secondBlock.second)])
    }
    return tokens
  }

  /// The 271 cells that POPNAS's search meets: the empty one, 10 of one block and 260 of two.
  ///
  /// Where both operations of a block read the same, the first comes no later in ``operations`` than the second.
  public static let allCells: [TwoBlockCell] = {
    let ordered = operations.indices.flatMap { one in
      operations.indices[one...].map { (operations[one], operations[$0]) }
    }
    let any = operations.flatMap { one in operations.map { (one, $0) } }
    let firsts = ordered.map { FirstBlock(first: $0.0, second: $0.1) }
    let seconds =
      ordered.map { SecondBlock(first: $0.0, second: $0.1, readsFirstBlock: false) }
      + any.map { SecondBlock(first: $0.0, second: $0.1, readsFirstBlock: true) }
    return [TwoBlockCell(nil, nil)] + firsts.map { TwoBlockCell($0, nil) }
      + firsts.flatMap { first in seconds.map { TwoBlockCell(first, $0) } }
  }()

  /// What the authors take for the empty cell: nothing but skips from input to output.
  private static let emptyEdges: [NASBench201Operation] = [.skip, .none, .none, .none, .skip, .none]
}

extension NASBench201Space {
  /// ``TwoBlockCell/tokens``; eight NaN for a cell that POPNAS's blocks cannot say.
  public func popnasBlockEncoding(of architecture: Architecture) -> [Double] {
    TwoBlockCell(architecture)?.tokens.map(Double.init) ?? [Double](repeating: .nan, count: 8)
  }
}
