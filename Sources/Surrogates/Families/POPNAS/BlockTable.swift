/// Cells of blocks as POPNAS writes them in numbers: for each of B blocks an input, an operation, an input and an
/// operation, from 1 on; 0 is a block that is not there.
package struct BlockTable {
  /// B.
  let blocks: Int
  /// N × B·4.
  let tokens: [Int32]
  let count: Int

  /// Throws ``SurrogatesError/shape(_:)`` for widths that are no whole blocks and for numbers that are no tokens, such as
  /// the NaN of a cell that cannot be said in blocks.
  package init(_ features: FeatureMatrix, inputTokens: Int, operationTokens: Int) throws {
    guard features.width > 0, features.width % 4 == 0 else {
      throw SurrogatesError.shape("\(features.width) numbers are not blocks of four")
    }
    let width = features.width
    blocks = width / 4
    count = features.count
    tokens = try features.values.enumerated().map { place, value in
      let bound = place % 2 == 0 ? inputTokens : operationTokens
      guard value >= 0, value < Double(bound), value == value.rounded() else {
        throw SurrogatesError.shape(
          "row \(place / width) has \(value) where blocks have whole numbers below \(bound); not every cell can be "
            + "said in blocks")
      }
      return Int32(value)
    }
  }

  /// The blocks of a row.
  func row(_ index: Int) -> [[Int32]] {
    (0..<blocks).map { block in
      let start = (index * blocks + block) * 4
      return Array(tokens[start..<start + 4])
    }
  }

  /// The cells that differ from row `index` by the order of blocks whose output no block reads, itself first.
  ///
  /// Inputs up to `lookbacks` are cells before; the next is the first block. An order in which a block reads a later one
  /// is no cell.
  package func equivalents(of index: Int, lookbacks: Int) -> [[Int32]] {
    let cell = row(index)
    let present = cell.prefix { $0.contains { $0 != 0 } }.count
    func source(_ token: Int32) -> Int { Int(token) - lookbacks - 1 }
    let read = Set(cell.flatMap { [source($0[0]), source($0[2])] })
    let free = (0..<present).filter { !read.contains($0) }
    var found: [[[Int32]]] = []
    for order in Self.permutations(of: free) {
      var other = cell
      for (place, block) in zip(free, order) { other[place] = cell[block] }
      let isCell = other.enumerated().allSatisfy { place, block in
        source(block[0]) < place && source(block[2]) < place
      }
      if isCell, !found.contains(other) { found.append(other) }
    }
    return found.map { $0.flatMap { $0 } }
  }

  private static func permutations(of items: [Int]) -> [[Int]] {
    guard !items.isEmpty else { return [[]] }
    return items.indices.flatMap { index -> [[Int]] in
      var rest = items
      let first = rest.remove(at: index)
      return permutations(of: rest).map { [first] + $0 }
    }
  }
}
