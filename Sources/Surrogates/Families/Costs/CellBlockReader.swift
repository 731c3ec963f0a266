import Spaces

/// Reads cells of blocks from numbers: of each block an input, an operation, an input and an operation, counted from 1 (the
/// furthest cell before first, blocks behind the nearest); 0 where there is no block.
struct CellBlockReader: Hashable, Sendable, Codable {
  let operations: Int
  let lookbacks: Int

  /// The cells that the first block of `features` says. Throws ``SurrogatesError/shape(_:)`` where it says none.
  func cells(of features: FeatureMatrix) throws -> [[CellBlock]] {
    let width = features.blocks.first?.width ?? 0
    guard width > 0, width % 4 == 0 else { throw SurrogatesError.shape("\(width) numbers are not blocks of four") }
    return try (0..<features.count).map { index in
      guard let cell = cell(features.row(index).prefix(width)) else {
        throw SurrogatesError.shape("row \(index) cannot be written as blocks; not every cell can")
      }
      return cell
    }
  }

  private func cell(_ numbers: ArraySlice<Double>) -> [CellBlock]? {
    let tokens = numbers.map { Int(exactly: $0) ?? -1 }
    var cell: [CellBlock] = []
    for start in stride(from: 0, to: tokens.count, by: 4) {
      let own = tokens[start..<start + 4]
      if own.allSatisfy({ $0 == 0 }) { continue }
      let block = CellBlock(
        tokens[start] - 1 - lookbacks, tokens[start + 1] - 1, tokens[start + 2] - 1 - lookbacks, tokens[start + 3] - 1)
      guard cell.count == start / 4, block.inputs.allSatisfy({ (-lookbacks..<cell.count).contains($0) }),
        block.operations.allSatisfy({ (0..<operations).contains($0) })
      else { return nil }
      cell.append(block)
    }
    return cell
  }
}
